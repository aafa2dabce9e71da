// compose.yaml and its parts: valid by the specification's own schema, and as closed as they say.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, read } from '../support/workspace.ts'
import { parseDockerfile, readPairs } from './support/dockerfile.ts'
import { createSchemaCheck, readYaml } from './support/yaml-files.ts'

interface Service {
  readonly image: string
  readonly profiles: readonly string[]
  readonly user: string
  readonly read_only: boolean
  readonly restart: string
  readonly cap_drop: readonly string[]
  readonly security_opt: readonly string[]
  readonly privileged?: boolean
  readonly build?: { readonly context: string }
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly aliases?: readonly string[] } | null>>
  readonly network_mode?: string
  readonly extra_hosts?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string; readonly required?: boolean }>>
  readonly deploy: { readonly resources: { readonly limits: Readonly<Record<string, unknown>> } }
}

interface ComposeFile {
  readonly include?: readonly string[]
  readonly services?: Readonly<Record<string, Service>>
  readonly volumes?: Readonly<Record<string, unknown>>
  readonly networks?: Readonly<Record<string, unknown>>
}

const root = readYaml<ComposeFile>('compose.yaml')
const parts = (root.include ?? []).map((path) => ({ path, file: readYaml<ComposeFile>(path) }))
const services = parts.flatMap(({ path, file }) =>
  Object.entries(file.services ?? {}).map(([name, service]) => ({ name, path, service })),
)
const longRunning = services.filter(({ service }) => service.restart !== 'no')

function running(profile: string): string[] {
  return services
    .filter(({ service }) => service.profiles.includes(profile))
    .map(({ name }) => name)
    .sort()
}

describe('the files', () => {
  const problems = createSchemaCheck('test/ops/fixtures/compose.json')

  test.each(['compose.yaml', ...(root.include ?? [])])('%s is valid by the specification', (path) => {
    expect(problems(readYaml(path))).toEqual([])
  })

  test('the check finds what is wrong', () => {
    expect(problems({ services: { a: { image: 1, prots: [] } } })).not.toEqual([])
  })

  test('every file and folder that is mounted or built exists', () => {
    const missing = services.flatMap(({ path, service }) => {
      const named = (service.volumes ?? [])
        .map((volume) => volume.split(':')[0] ?? '')
        .filter((it) => it.startsWith('.'))
      return [...named, ...(service.build === undefined ? [] : [service.build.context])]
        .map((it) => normalize(join(dirname(path), it)))
        .filter((it) => !existsSync(join(ROOT, it)))
    })
    expect(missing).toEqual([])
  })

  test('every volume, network and service that is named is declared', () => {
    const declared = parts.map(({ file }) => file)
    const volumes = declared.flatMap((file) => Object.keys(file.volumes ?? {}))
    const networks = declared.flatMap((file) => Object.keys(file.networks ?? {}))
    const all = services.map(({ service }) => service)
    const mounted = all.flatMap((it) => it.volumes ?? []).filter((it) => !it.startsWith('.'))
    expect(volumes).toEqual(expect.arrayContaining(mounted.map((it) => it.split(':')[0])))
    expect(networks).toEqual(expect.arrayContaining(all.flatMap(joinedBy)))
    const awaited = all.flatMap((it) => Object.keys(it.depends_on ?? {}))
    expect(services.map(({ name }) => name)).toEqual(expect.arrayContaining(awaited))
  })
})

function joinedBy({ networks = [] }: Service): string[] {
  return Array.isArray(networks) ? networks : Object.keys(networks)
}

describe('profiles', () => {
  test('everything runs unless a profile is named', () => {
    expect(read('.env')).toMatch(/^COMPOSE_PROFILES=all$/m)
    expect(running('all')).toEqual(['alertmanager', 'grafana', 'grafana-password', 'keys', 'prometheus', 'renown'])
  })

  test('monitoring alone reaches the API on the host, and Grafana finds its Prometheus by the same name', () => {
    expect(running('monitoring')).toEqual(['alertmanager', 'grafana', 'grafana-password', 'prometheus-of-host'])
    const prometheus = services.find(({ name }) => name === 'prometheus-of-host')?.service
    expect(prometheus?.extra_hosts).toEqual(['host.docker.internal:host-gateway'])
    expect(prometheus?.networks).toEqual({ watch: { aliases: ['prometheus'] } })
    expect(read('ops/prometheus/targets/on-host/renown.yaml')).toContain('host.docker.internal:')
  })

  test('a service waits only for what its profile starts, or can do without', () => {
    for (const { service } of services) {
      for (const profile of service.profiles) {
        const needed = Object.entries(service.depends_on ?? {}).filter(([, { required }]) => required !== false)
        for (const [name] of needed) expect(running(profile)).toContain(name)
      }
    }
  })
})

describe.each(services.map((it) => [it.name, it] as const))('%s', (name, { service }) => {
  test('is not root, writes to volumes alone, and may do nothing else', () => {
    expect(service.user).toMatch(/^[1-9]\d*:\d+$/)
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toEqual(['no-new-privileges:true'])
    expect(service.privileged).toBeUndefined()
    expect((service.volumes ?? []).filter((it) => it.startsWith('.') && !it.endsWith(':ro'))).toEqual([])
    expect((service.volumes ?? []).filter((it) => it.includes('docker.sock'))).toEqual([])
  })

  test('is limited in processors, memory and processes', () => {
    expect(Object.keys(service.deploy.resources.limits).sort()).toEqual(['cpus', 'memory', 'pids'])
  })

  test('runs an image of an exact version', () => {
    expect(service.image).toMatch(/:v?\d+\.\d+\.\d+$/)
  })

  test('is reached from this machine alone, unless it is the page', () => {
    const open = (service.ports ?? []).filter((port) => !port.startsWith('127.0.0.1:'))
    expect(open).toEqual(name === 'renown' ? [expect.stringContaining('PAGE_ADDRESS')] : [])
  })

  test('is given no secret in its environment', () => {
    const secret = /PASSWORD|TOKEN|SECRET|KEY/i
    const given = Object.entries(service.environment ?? {}).filter(([key]) => secret.test(key) && !/__FILE$/.test(key))
    expect(given).toEqual([])
  })
})

describe('order and health', () => {
  test('whatever keeps running says whether it is healthy', () => {
    const image = parseDockerfile(read('Dockerfile')).stages.at(-1)
    expect(image?.steps.some(({ instruction }) => instruction === 'HEALTHCHECK')).toBe(true)
    const without = longRunning.filter(({ name, service }) => name !== 'renown' && service.healthcheck === undefined)
    expect(without).toEqual([])
  })

  test('what is waited for is healthy, or has ended well', () => {
    const once = new Set(services.filter(({ service }) => service.restart === 'no').map(({ name }) => name))
    for (const { service } of services) {
      for (const [name, { condition }] of Object.entries(service.depends_on ?? {}))
        expect(condition).toBe(once.has(name) ? 'service_completed_successfully' : 'service_healthy')
    }
  })

  test("the key for Prometheus may be read by its group, which is the image's", () => {
    const renown = services.find(({ name }) => name === 'renown')?.service
    const prometheus = readYaml<{ services: Record<string, { group_add: string[] }> }>('ops/compose/monitoring.yaml')
    expect(renown?.user).toBe('1000:1000')
    expect(prometheus.services.prometheus?.group_add).toEqual(['1000'])
  })

  test('the data folder of the image is the volume', () => {
    const image = parseDockerfile(read('Dockerfile')).stages.at(-1)
    const env = new Map(
      (image?.steps ?? [])
        .filter(({ instruction }) => instruction === 'ENV')
        .flatMap(({ text }) => [...readPairs(text)]),
    )
    expect(env.get('RENOWN_HOME')).toBe('/data')
    const renown = services.find(({ name }) => name === 'renown')?.service
    expect(renown?.volumes).toContain('data:/data')
  })
})

test("Grafana's password is made once, for its owner alone", () => {
  const folder = mkdtempSync(join(tmpdir(), 'renown-password-'))
  try {
    const file = join(folder, 'password')
    const make = () => execFileSync('sh', [join(ROOT, 'ops/grafana/make-password.sh'), file])
    make()
    const first = readFileSync(file, 'utf8')
    expect(first).toMatch(/^[A-Za-z0-9]{32}$/)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    make()
    expect(readFileSync(file, 'utf8')).toBe(first)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
