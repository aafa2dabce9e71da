// Variables of OpenTelemetry: what each gives, what wins, and that no bad value is passed over in silence.
import { describe, expect, test } from 'vitest'
import { type ConfigSources, type ReadConfig, readConfig } from '../read-config.ts'

const ENDPOINT = 'OTEL_EXPORTER_OTLP_ENDPOINT'
const BASE = { [ENDPOINT]: 'http://collector:4318' }

function read(otel: Readonly<Record<string, string>>, sources: ConfigSources = {}): ReadConfig {
  return readConfig({ ...sources, otel })
}

function sourceOf({ values }: ReadConfig, name: string): unknown[] {
  return values.filter((value) => value.name === name).map(({ value, origin, env }) => [value, origin, env])[0] ?? []
}

describe('where traces go', () => {
  test.each([
    [{}, 'off'],
    [{ OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }, 'off'],
    [{ [ENDPOINT]: ' ' }, 'off'],
    [BASE, 'http://collector:4318/v1/traces'],
    [{ [ENDPOINT]: 'https://collector/otlp/' }, 'https://collector/otlp/v1/traces'],
    [{ [ENDPOINT]: 'https://collector/otlp' }, 'https://collector/otlp/v1/traces'],
    [{ ...BASE, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:1/as/it/is' }, 'http://traces:1/as/it/is'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://traces:1' }, 'http://traces:1/'],
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [{ ...BASE, OTEL_TRACES_EXPORTER: 'none' }, 'off'],
    [{ ...BASE, OTEL_SDK_DISABLED: 'True' }, 'off'],
    [{ ...BASE, OTEL_SDK_DISABLED: 'false' }, 'http://collector:4318/v1/traces'],
    [{ ...BASE, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, 'http://collector:4318/v1/traces'],
    [
      { ...BASE, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/json' },
      'http://collector:4318/v1/traces',
    ],
  ])('%j: %s', (otel, endpoint) => {
    expect(read(otel as Record<string, string>).config.tracesEndpoint).toBe(endpoint)
  })

  test('is shown with the variable that says so', () => {
    expect(sourceOf(read(BASE), 'tracesEndpoint')).toEqual(['http://collector:4318/v1/traces', 'environment', ENDPOINT])
    const disabled = read({ ...BASE, OTEL_SDK_DISABLED: 'true' })
    expect(sourceOf(disabled, 'tracesEndpoint')).toEqual(['off', 'environment', 'OTEL_SDK_DISABLED'])
    expect(sourceOf(read({}), 'tracesEndpoint')).toEqual(['off', 'default', 'RENOWN_TRACES_ENDPOINT'])
  })

  test.each<[string, ConfigSources]>([
    ['flag', { flags: { tracesEndpoint: 'http://mine:1' } }],
    ['environment', { env: { RENOWN_TRACES_ENDPOINT: 'http://mine:1' } }],
    ['file', { file: { tracesEndpoint: 'http://mine:1' } }],
  ])('is what our own %s says, where it says it', (origin, sources) => {
    const own = read(BASE, sources)
    expect(sourceOf(own, 'tracesEndpoint')).toEqual(['http://mine:1/v1/traces', origin, 'RENOWN_TRACES_ENDPOINT'])
    expect(own.config.otel.warnings).toEqual([])
  })

  test('off of our own leaves every variable unread, also one that is wrong', () => {
    const otel = { ...BASE, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc', OTEL_TRACES_SAMPLER_ARG: 'abc' }
    expect(read(otel, { flags: { tracesEndpoint: 'off' } }).config).toMatchObject({ tracesEndpoint: 'off' })
  })

  test('of our own overrules what would keep them from being sent, and tells so', () => {
    const flags = { tracesEndpoint: 'http://mine:1' }
    for (const [otel, warning] of [
      [{ OTEL_SDK_DISABLED: 'true' }, /^OTEL_SDK_DISABLED is overruled by --traces-endpoint/],
      [{ OTEL_SDK_DISABLED: 'yes' }, /^OTEL_SDK_DISABLED: expected true or false/],
      [{ OTEL_TRACES_EXPORTER: 'none' }, /^OTEL_TRACES_EXPORTER is overruled/],
      [{ ...BASE, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^OTEL_EXPORTER_OTLP_PROTOCOL: .* got "grpc"; overruled/],
      [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, /^OTEL_EXPORTER_OTLP_PROTOCOL: .* got "grpc"; overruled/],
    ] as const) {
      const { config } = read(otel, { flags })
      expect(config.tracesEndpoint).toBe('http://mine:1/v1/traces')
      expect(config.otel.warnings).toEqual([expect.stringMatching(warning)])
    }
  })
})

describe('which are kept', () => {
  test.each([
    ['parentbased_always_on', undefined, 1, true],
    ['parentbased_always_off', undefined, 0, true],
    ['parentbased_traceidratio', '0.25', 0.25, true],
    ['always_on', undefined, 1, false],
    ['ALWAYS_OFF', undefined, 0, false],
    ['traceidratio', '0', 0, false],
  ])('%s with %s: a share of %d', (sampler, argument, ratio, followsParent) => {
    const given = { ...BASE, OTEL_TRACES_SAMPLER: sampler, ...(argument && { OTEL_TRACES_SAMPLER_ARG: argument }) }
    const { config } = read(given)
    expect(config).toMatchObject({ tracesRatio: ratio, otel: { followsParent, warnings: [] } })
  })

  test('is what --traces-ratio says, as ever, where it is given', () => {
    const given = { ...BASE, OTEL_TRACES_SAMPLER: 'always_off' }
    const { config } = read(given, { flags: { tracesRatio: '0.5' } })
    expect(config).toMatchObject({ tracesRatio: 0.5, otel: { followsParent: true } })
  })

  test('an argument that is missing or has no use is told', () => {
    const warningsOf = (otel: Record<string, string>) => read({ ...BASE, ...otel }).config.otel.warnings
    expect(warningsOf({ OTEL_TRACES_SAMPLER: 'traceidratio' })).toEqual([
      'OTEL_TRACES_SAMPLER_ARG is not set, and all traces are kept by the sampler traceidratio',
    ])
    expect(warningsOf({ OTEL_TRACES_SAMPLER_ARG: '0.5' })).toEqual([
      'OTEL_TRACES_SAMPLER_ARG means nothing to the sampler parentbased_always_on',
    ])
  })
})

describe('headers and resource', () => {
  test('values are decoded, keep what stands behind the first =, and those for traces come before those for all', () => {
    const { config, otel } = read({
      ...BASE,
      OTEL_EXPORTER_OTLP_HEADERS: 'X-Tenant = all ,authorization=Basic%20YTpi==,',
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=a%2Cb%3B%20c',
    })
    expect(config.otel.headers).toEqual({ authorization: 'Basic YTpi==', 'x-tenant': 'a,b; c' })
    expect(JSON.stringify(otel)).not.toContain('YTpi')
    expect(otel).toContainEqual({
      name: 'tracesHeaders',
      value: 'authorization, x-tenant',
      env: 'OTEL_EXPORTER_OTLP_HEADERS',
    })
  })

  test('a file of headers of our own leaves them out', () => {
    const given = { ...BASE, OTEL_EXPORTER_OTLP_HEADERS: 'no' }
    expect(read(given, { flags: { tracesHeadersFile: 'mine' } }).config.otel.headers).toEqual({})
  })

  test('the name of the service beats the attribute', () => {
    const attributes = 'service.name=other,deployment.environment.name=b%C3%BCro,empty='
    const { config } = read({ ...BASE, OTEL_RESOURCE_ATTRIBUTES: attributes, OTEL_SERVICE_NAME: 'renown, eu' })
    expect(config.otel.resource).toEqual({
      'service.name': 'renown, eu',
      'deployment.environment.name': 'büro',
      empty: '',
    })
  })
})

test('the standard protocol, which platforms set for everybody, is answered with JSON and a warning', () => {
  const { config } = read({ ...BASE, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf' })
  expect(config.otel.warnings).toEqual([expect.stringMatching(/^OTEL_EXPORTER_OTLP_PROTOCOL: traces go as http\/json/)])
  expect(read({ ...BASE, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }).config.otel.warnings).toEqual([])
})

describe('a value that can not be', () => {
  test.each([
    [ENDPOINT, 'collector:4318', 'expected an address such as http://127.0.0.1:4318, got "collector:4318"'],
    [ENDPOINT, 'collector', 'expected an address'],
    [ENDPOINT, 'off', 'expected an address such as http://127.0.0.1:4318, got "off"'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'grpc://collector:4317', 'expected an address'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'http://a:secret@collector', 'without a name or password'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', 'expected http/json, .* got "grpc"'],
    ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'grpc', 'expected http/json'],
    ['OTEL_TRACES_EXPORTER', 'zipkin', 'expected one of otlp, none, got "zipkin"'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'expected one of parentbased_always_on, always_on'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization', 'entry 1: expected key=value'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x=1,=secret', 'entry 2: expected key=value'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x=secret%zz', 'entry 1: expected key=value'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'x=1,a b=secret', 'header 2: expected a name and a value'],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'x=secret%0D%0Ay:1', 'header 1: expected'],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 'authorization=', 'header 1: expected'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'region', 'entry 1: expected key=value'],
  ])('%s=%s is an error that names it, and no secret', (name, value, message) => {
    let error: unknown
    try {
      read({ ...BASE, [name]: value })
    } catch (thrown) {
      error = thrown
    }
    expect(error).toMatchObject({
      code: 'SETTING_INVALID',
      message: expect.stringMatching(new RegExp(`^${name}: .*${message}`)),
    })
    expect(String(error)).not.toContain('secret')
  })

  test.each(['abc', '1.5', '-0.1', 'NaN'])('OTEL_TRACES_SAMPLER_ARG=%s is one too', (argument) => {
    const given = { ...BASE, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: argument }
    expect(() => read(given)).toThrow(`OTEL_TRACES_SAMPLER_ARG: expected a share from 0 to 1, such as 0.25`)
  })

  test('all of them are told at once, with those of our own', () => {
    const given = { [ENDPOINT]: 'no', OTEL_TRACES_SAMPLER: 'no', OTEL_RESOURCE_ATTRIBUTES: 'no' }
    expect(() => read(given, { flags: { port: 'no' } })).toThrow(
      /^--port: .*\nOTEL_EXPORTER_OTLP_ENDPOINT: .*\nOTEL_RESOURCE_ATTRIBUTES: .*\nOTEL_TRACES_SAMPLER: /,
    )
  })

  test('of OTEL_SDK_DISABLED counts as false, as the standard has it, and is told', () => {
    expect(read({ ...BASE, OTEL_SDK_DISABLED: '1' }).config).toMatchObject({
      tracesEndpoint: 'http://collector:4318/v1/traces',
      otel: { warnings: ['OTEL_SDK_DISABLED: expected true or false, got "1", which is false'] },
    })
  })

  test('the address of a flag that has a password in it is refused without it', () => {
    const refused = (): unknown => readConfig({ flags: { tracesEndpoint: 'http://a:secret@collector' } })
    expect(refused).toThrow(/^--traces-endpoint: expected an address without .*got "http:\/\/…@collector"$/)
  })
})

test('variables about traces that are not honoured are told, those about other things are not', () => {
  const others = { OTEL_METRICS_EXPORTER: 'otlp', OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'x', OTEL_LOG_LEVEL: 'debug' }
  const ignored = { OTEL_BSP_SCHEDULE_DELAY: '1', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip', OTEL_PROPAGATORS: 'b3' }
  const { warnings } = read({ ...BASE, ...others, ...ignored }).config.otel
  expect(warnings).toEqual(Object.keys(ignored).map((name) => `${name} is not honoured`))
  expect(read({ ...others, ...ignored }).config.otel.warnings).toEqual([])
})
