// Tests of `renown serve` as a process: ready, stopping, ports, addresses, keys.
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, endOf, runCli, startCli, temporaryFolder, waitFor } from './test-cli.ts'

afterEach(cleanUp)

async function startServer(args: readonly string[] = [], env: Record<string, string> = {}) {
  const cwd = await temporaryFolder()
  const child = startCli(['serve', '--port', '0', ...args], { cwd, env })
  const end = endOf(child)
  const [, address = ''] = await waitFor(child.stdout, /Renown is ready at (http:\S+)\n/)
  return { child, end, address, cwd }
}

async function predict(address: string): Promise<Response> {
  return await fetch(`${address}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ text: 'great' }),
  })
}

describe('renown serve', () => {
  test('says where it is when it can answer, and stops with 0 on SIGTERM', async () => {
    const { child, end, address } = await startServer()
    const response = await predict(address)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ label: expect.any(String), windows: 1 })
    child.kill('SIGTERM')
    expect(await end).toMatchObject({ code: 0, signal: null })
  })

  test('answers what it has accepted before it stops', async () => {
    const { child, end, address } = await startServer()
    await predict(address)
    const answers = Array.from({ length: 20 }, () => predict(address))
    await answers[0]
    child.kill('SIGINT')
    const settled = await Promise.allSettled(answers)
    const answered = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value.status] : []))
    expect(answered.length).toBeGreaterThan(0)
    expect(answered.filter((status) => status !== 200 && status !== 503)).toEqual([])
    expect(await end).toMatchObject({ code: 0 })
  })

  test('ends on a second Ctrl-C at once, by the signal', async () => {
    const { child, end, address } = await startServer([], { RENOWN_STOP_DEADLINE: '60000' })
    // A request whose body never comes keeps the server from stopping.
    const { port, hostname } = new URL(address)
    const { connect } = await import('node:net')
    const socket = connect(Number(port), hostname)
    socket.on('error', () => {})
    socket.write(
      'POST /predict HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"te',
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
    child.kill('SIGINT')
    await waitFor(child.stderr, /Stopping/)
    child.kill('SIGINT')
    expect(await end).toMatchObject({ signal: 'SIGINT' })
    socket.destroy()
  })

  test('says when the port is in use, and ends with 1', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    try {
      const { code, stdout, stderr } = await runCli(['serve', '--port', String(port)], { cwd: await temporaryFolder() })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(new RegExp(`^renown: Port ${port} on 127\\.0\\.0\\.1 is in use.*\\(PORT_IN_USE\\)\n$`))
    } finally {
      other.close()
    }
  })

  test('refuses an address that others can reach while there is no key, and opens it with one', async () => {
    const cwd = await temporaryFolder()
    const refused = await runCli(['serve', '--host', '0.0.0.0', '--port', '0'], { cwd })
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/\(CREDENTIALS_REQUIRED\)\n$/) })
    expect((await runCli(['keys', 'create', '--name', 'test'], { cwd })).code).toBe(0)
    const child = startCli(['serve', '--host', '0.0.0.0', '--port', '0'], { cwd })
    const end = endOf(child)
    await waitFor(child.stdout, /Renown is ready at/)
    child.kill('SIGTERM')
    expect((await end).code).toBe(0)
  })
})

describe('variables of OpenTelemetry', () => {
  test('that ask for another protocol keep the server from starting, and no other command', async () => {
    const cwd = await temporaryFolder()
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
    const { code, stderr } = await runCli(['serve', '--port', '0'], { cwd, env })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^renown: OTEL_EXPORTER_OTLP_PROTOCOL: expected http\/json.*"grpc".*\(SETTING_INVALID\)\n$/)
    expect((await runCli(['keys', 'list'], { cwd, env })).code).toBe(0)
    expect((await runCli(['predict', 'great'], { cwd, env })).code).toBe(0)
  })

  test('send traces, and doctor shows which of them says what', async () => {
    const received: string[] = []
    const collector = createHttpServer((request, response) => {
      received.push(`${request.method} ${request.url} ${request.headers['x-tenant']}`)
      request.resume().on('end', () => response.end('{}'))
    })
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    const { port } = collector.address() as AddressInfo
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/base`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=hidden',
      OTEL_TRACES_SAMPLER: 'always_on',
    }
    try {
      const { child, end, address } = await startServer([], env)
      await predict(address)
      child.kill('SIGTERM')
      expect((await end).code).toBe(0)
      expect(received).toEqual(['POST /base/v1/traces hidden'])
      const { stdout } = await runCli(['doctor', '--port', '0'], { cwd: await temporaryFolder(), env })
      expect(stdout).toMatch(/tracesEndpoint +http\S+\/base\/v1\/traces +environment +OTEL_EXPORTER_OTLP_ENDPOINT/)
      expect(stdout).toMatch(/tracesHeaders +x-tenant +environment +OTEL_EXPORTER_OTLP_HEADERS/)
      expect(stdout).toMatch(/tracesSampler +always_on +environment +OTEL_TRACES_SAMPLER/)
      expect(stdout).not.toContain('hidden')
    } finally {
      collector.close()
    }
  })
})

describe('renown keys', () => {
  test('prints a key once, lists it without its secret, and revokes it', async () => {
    const cwd = await temporaryFolder()
    const home = join(cwd, 'data')
    const created = await runCli(['keys', 'create', '--name', 'team', '--scopes', 'read,write', '--home', home])
    const key = created.stdout.trim()
    expect(created.code).toBe(0)
    expect(key).toMatch(/^\S{30,}$/)
    const listed = await runCli(['keys', 'list', '--home', home])
    expect(listed.stdout).toMatch(/team +read, write/)
    expect(listed.stdout).not.toContain(key)
    expect(await runCli(['keys', 'revoke', 'team', '--home', home])).toMatchObject({ code: 0 })
    const [record] = JSON.parse((await runCli(['keys', 'list', '--json', '--home', home])).stdout) as Record<
      string,
      unknown
    >[]
    expect(record).toMatchObject({ name: 'team', revoked: expect.any(String) })
    expect(record).not.toHaveProperty('hash')
    expect(await runCli(['keys', 'revoke', 'nobody', '--home', home])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(KEY_NOT_FOUND)'),
    })
  })

  test('says when there are none', async () => {
    const { code, stderr } = await runCli(['keys', 'list'], { cwd: await temporaryFolder() })
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('There are no keys') })
  })
})
