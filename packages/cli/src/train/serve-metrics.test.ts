// `renown train --metrics-port`: what Prometheus sees of a training while it runs.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { cleanUp, endOf, runCli, startCli, TINY_MODEL, temporaryFolder, waitFor } from '../test-cli.ts'
import { writePosts } from './test-posts.ts'
import { trainHere } from './test-run-here.ts'

afterEach(cleanUp)

async function wishes(...more: readonly string[]): Promise<string[]> {
  const { train, validation, folder } = await writePosts()
  const data = ['--train-file', train, '--validation-file', validation, '--output', join(folder, 'mine')]
  return ['--base', TINY_MODEL, ...data, '--threads', '1', ...more]
}

test('its numbers move while it runs, and the address goes with it', async () => {
  const steps = ['--max-steps', '1000000', '--eval-strategy', 'steps', '--eval-steps', '5', '--save-steps', '5']
  const best = ['--load-best-model-at-end', '--metric-for-best-model', 'macro_recall', '--save-total-limit', '1']
  const child = startCli(['train', ...(await wishes(...steps, ...best, '--metrics-port', '0'))])
  const ended = endOf(child)
  const [, address = ''] = await waitFor(child.stderr, /Metrics are at (\S+)/)
  const scrape = async (): Promise<string> => await (await fetch(address)).text()
  await expect.poll(scrape, { timeout: 60_000 }).toMatch(/^renown_training_checkpoints_total [1-9]/m)
  const text = await scrape()
  expect(text).toContain(`renown_training_info{run="mine",base="${TINY_MODEL}"} 1`)
  expect(text).toContain('renown_training_planned_steps 1000000')
  expect(text).toMatch(/^renown_training_loss \d/m)
  expect(text).toMatch(/^renown_training_tokens_total [1-9]/m)
  for (const name of ['evaluation_ratio', 'best_evaluation_ratio']) {
    expect(text).toMatch(new RegExp(`^renown_training_${name}{metric="macro_recall"} [01]`, 'm'))
  }
  expect(text).toMatch(/^process_resident_memory_bytes [1-9]/m)
  expect((await fetch(new URL('/elsewhere', address))).status).toBe(404)
  child.kill('SIGINT')
  await ended
  await expect(fetch(address)).rejects.toThrow()
})

test('on an address that others reach it wants a key, and answers nobody without it', async () => {
  const home = await temporaryFolder()
  const open = await wishes(
    '--metrics-port',
    '0',
    '--metrics-host',
    '0.0.0.0',
    '--home',
    home,
    '--max-steps',
    '1000000',
  )
  const refused = await trainHere(open)
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('CREDENTIALS_REQUIRED') })
  const { stdout } = await runCli(['keys', 'create', '--name', 'prometheus', '--scopes', 'read', '--home', home])
  const child = startCli(['train', ...open])
  const ended = endOf(child)
  const [, port = ''] = await waitFor(child.stderr, /Metrics are at http:\/\/0\.0\.0\.0:(\d+)/)
  const address = `http://127.0.0.1:${port}/metrics`
  expect((await fetch(address)).status).toBe(401)
  const allowed = await fetch(address, { headers: { authorization: `Bearer ${stdout.trim()}` } })
  expect(await allowed.text()).toContain('renown_training_planned_steps')
  child.kill('SIGINT')
  await ended
})

test('an address without a port is refused', async () => {
  const { code, stderr } = await trainHere(await wishes('--metrics-host', '127.0.0.1'))
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('expected --metrics-port beside it') })
})

test('a port that is taken, or none, is told', async () => {
  const holder = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  const { port } = holder.address() as AddressInfo
  const taken = await trainHere(await wishes('--metrics-port', String(port)))
  holder.close()
  expect(taken.stderr).toMatch(new RegExp(`Port ${port} on 127\\.0\\.0\\.1 is in use.*--metrics-port.*PORT_IN_USE`))
  const wrong = await trainHere(await wishes('--metrics-port', '70000'))
  expect(wrong.stderr).toMatch(/--metrics-port: expected a number from 0 to 65535, got "70000"/)
  expect([taken.code, wrong.code]).toEqual([1, 2])
})
