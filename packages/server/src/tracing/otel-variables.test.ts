// Variables of OpenTelemetry, as a collector sees them: path, headers, resource, and which traces come.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openTestServer } from '../test-support.ts'
import { type Collector, startCollector } from './testing/collector.ts'

let collector: Collector
beforeEach(async () => {
  collector = await startCollector()
})
afterEach(async () => await collector.close())

const KEPT = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
const NOT_KEPT = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00`

/** One request for each header, null for none, to a server that then stops. The headers of the answers, and the log. */
async function ask(
  otel: Readonly<Record<string, string>>,
  traceparents: readonly (string | null)[] = [null],
  config: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly answers: readonly (string | null)[]; readonly log: readonly string[] }> {
  const log: string[] = []
  const server = await openTestServer({
    otel: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...otel },
    config,
    log,
  })
  const answers: (string | null)[] = []
  try {
    for (const traceparent of traceparents) {
      const answer = await fetch(`${server.url}/health/live`, { headers: traceparent === null ? {} : { traceparent } })
      await answer.text()
      answers.push(answer.headers.get('traceparent'))
    }
  } finally {
    await server.close()
  }
  return { answers, log }
}

function resourceOf(): Record<string, unknown> {
  const [attributes = []] = collector.resources
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}

const traces = (): unknown[] => collector.spans.map(({ traceId }) => traceId)

describe('a server with them', () => {
  test('sends its spans below the base, with the headers and as the service that they name', async () => {
    const { log } = await ask({
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20a%3Ab',
      OTEL_SERVICE_NAME: 'renown-eu',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=no,deployment.environment.name=test,host.name=mine',
    })
    expect(collector.requests).toMatchObject([{ path: '/v1/traces', authorization: 'Bearer a:b', spans: 1 }])
    expect(resourceOf()).toMatchObject({
      'service.name': 'renown-eu',
      'service.version': expect.any(String),
      'deployment.environment.name': 'test',
      'host.name': 'mine',
    })
    expect(log.join()).not.toContain('a:b')
  })

  test('sends them to the address for traces as it is', async () => {
    await ask({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/custom` })
    expect(collector.requests.map(({ path }) => path)).toEqual(['/custom'])
    expect(resourceOf()).toMatchObject({ 'service.name': 'renown' })
  })

  test.each([{ OTEL_SDK_DISABLED: 'true' }, { OTEL_TRACES_EXPORTER: 'none' }])(
    '%j sends nothing, and says nothing of traces',
    async (otel) => {
      expect((await ask(otel, [KEPT])).answers).toEqual([null])
      expect(collector.requests).toEqual([])
    },
  )

  test('is told in the log what is not honoured', async () => {
    const { log } = await ask({ OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' })
    const warning = expect.objectContaining({ level: 40, msg: 'OTEL_EXPORTER_OTLP_COMPRESSION is not honoured' })
    expect(log.map((line) => JSON.parse(line))).toContainEqual(warning)
  })
})

describe('the sampler', () => {
  test.each<[string, Record<string, string>, readonly boolean[]]>([
    ['none is set', {}, [true, false, true]],
    ['parentbased_always_on', { OTEL_TRACES_SAMPLER: 'parentbased_always_on' }, [true, false, true]],
    [
      'parentbased_traceidratio of 0',
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
      [true, false, false],
    ],
    ['always_on', { OTEL_TRACES_SAMPLER: 'always_on' }, [true, true, true]],
    ['always_off', { OTEL_TRACES_SAMPLER: 'always_off' }, [false, false, false]],
    ['traceidratio of 0', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' }, [false, false, false]],
    // By the end of the id: aaaaaaaa is two thirds of the way, cccccccc four fifths.
    ['traceidratio of 0.75', { OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.75' }, [true, false]],
  ])('%s: kept of those that come along kept, not kept, and that begin here', async (_, otel, expected) => {
    const { answers } = await ask(otel, [KEPT, NOT_KEPT, null].slice(0, expected.length))
    const flags = answers.map((answer) => answer?.endsWith('-01'))
    expect(flags).toEqual(expected)
    expect(collector.spans).toHaveLength(flags.filter(Boolean).length)
    expect(traces().includes('a'.repeat(32))).toBe(expected[0])
    expect(traces().includes('c'.repeat(32))).toBe(expected[1])
  })

  test('is overruled by --traces-ratio, which leaves what comes along as it is', async () => {
    const { answers } = await ask({ OTEL_TRACES_SAMPLER: 'always_on' }, [KEPT, NOT_KEPT, null], { tracesRatio: 0 })
    expect(answers.map((answer) => answer?.endsWith('-01'))).toEqual([true, false, false])
    expect(traces()).toEqual(['a'.repeat(32)])
  })
})
