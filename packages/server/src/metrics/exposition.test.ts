// How a scrape is written, in either format, and which of them a scraper gets.
import { Counter, Gauge, Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { chooseFormat, renderRegistry } from './exposition.ts'
import { SeriesCounter, SeriesHistogram } from './series.ts'

function fill(): Registry {
  const registry = new Registry()
  const registers = [registry]
  new SeriesCounter({ name: 'a_total', help: 'Counts "a"\nand \\.', labelNames: ['of'], registers })
    .at({ of: 'x"\n\\' })
    .add(3)
  new Counter({ name: 'b_total', help: 'B.', registers }).inc(2)
  new Gauge({ name: 'c', help: 'C.', registers }).set(Number.NaN)
  const latency = new SeriesHistogram({ name: 'd_seconds', help: 'D.', buckets: [0.5, 1], registers }).at()
  latency.observe(0.25, 'abc')
  latency.observe(1)
  latency.observe(7, 'def')
  return registry
}

test('text for people and old scrapers', async () => {
  expect(await renderRegistry(fill(), 'text')).toBe(
    [
      '# HELP a_total Counts "a"\\nand \\\\.',
      '# TYPE a_total counter',
      'a_total{of="x\\"\\n\\\\"} 3',
      '# HELP b_total B.',
      '# TYPE b_total counter',
      'b_total 2',
      '# HELP c C.',
      '# TYPE c gauge',
      '# HELP d_seconds D.',
      '# TYPE d_seconds histogram',
      'd_seconds_bucket{le="0.5"} 1',
      'd_seconds_bucket{le="1"} 2',
      'd_seconds_bucket{le="+Inf"} 3',
      'd_seconds_sum 8.25',
      'd_seconds_count 3',
      '',
    ].join('\n'),
  )
})

test('OpenMetrics with exemplars, and no time of creation', async () => {
  const text = (await renderRegistry(fill(), 'openMetrics')).replace(/\d{10}\.\d{3}/g, 'NOW')
  expect(text).toBe(
    [
      '# HELP a Counts \\"a\\"\\nand \\\\.',
      '# TYPE a counter',
      'a_total{of="x\\"\\n\\\\"} 3',
      '# HELP b B.',
      '# TYPE b counter',
      'b_total 2',
      '# HELP c C.',
      '# TYPE c gauge',
      '# HELP d_seconds D.',
      '# TYPE d_seconds histogram',
      'd_seconds_bucket{le="0.5"} 1 # {trace_id="abc"} 0.25 NOW',
      'd_seconds_bucket{le="1.0"} 2',
      'd_seconds_bucket{le="+Inf"} 3 # {trace_id="def"} 7 NOW',
      'd_seconds_sum 8.25',
      'd_seconds_count 3',
      '# EOF',
      '',
    ].join('\n'),
  )
})

test('one format after the other changes neither', async () => {
  const registry = fill()
  const before = await renderRegistry(registry, 'text')
  await renderRegistry(registry, 'openMetrics')
  expect(await renderRegistry(registry, 'text')).toBe(before)
})

test('what is not a number spoils no sum', async () => {
  const registry = new Registry()
  const series = new SeriesHistogram({ name: 'd_seconds', help: 'D.', buckets: [1], registers: [registry] }).at()
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 0.5]) series.observe(value)
  expect(await renderRegistry(registry, 'text')).toContain('d_seconds_sum 0.5\nd_seconds_count 1\n')
})

describe('the format is', () => {
  const PROMETHEUS_2 =
    'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'
  const PROMETHEUS_3 =
    'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2'

  test.each([
    ['none', undefined, 'text'],
    ['of a browser', 'text/html,application/xhtml+xml,*/*;q=0.8', 'text'],
    ['of Prometheus 2', PROMETHEUS_2, 'openMetrics'],
    ['of Prometheus 3', PROMETHEUS_3, 'openMetrics'],
    ['for text alone', 'text/plain', 'text'],
    ['that likes text better', 'text/plain, application/openmetrics-text;q=0.5', 'text'],
    ['that refuses it', 'application/openmetrics-text;q=0, */*', 'text'],
    ['for a version to come', 'application/openmetrics-text; version=9.0.0', 'text'],
    ['with a broken quality', 'application/openmetrics-text;q=much', 'text'],
    ['of ten thousand characters', `${'text/plain,'.repeat(1000)}application/openmetrics-text`, 'openMetrics'],
  ])('by an Accept header %s', (_name, accept, format) => {
    expect(chooseFormat(accept)).toBe(format)
  })
})
