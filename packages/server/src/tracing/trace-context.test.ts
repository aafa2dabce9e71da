// The traceparent header, by the examples and rules of W3C Trace Context.
import { expect, test } from 'vitest'
import { parseTraceparent, renderTraceparent } from './trace-context.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'

test('what is right is read, and written the same', () => {
  for (const flags of ['00', '01']) {
    const header = `00-${TRACE}-${SPAN}-${flags}`
    const context = parseTraceparent(header)
    expect(context).toEqual({ traceId: TRACE, spanId: SPAN, isSampled: flags === '01' })
    expect(renderTraceparent(context!)).toBe(header)
  }
})

test('other flags are unknown, and later versions may say more', () => {
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-ff`)?.isSampled).toBe(true)
  expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.isSampled).toBe(false)
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)?.traceId).toBe(TRACE)
  expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01`)?.traceId).toBe(TRACE)
})

test.each([
  ['nothing', undefined],
  ['two headers', [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`]],
  ['an empty one', ''],
  ['version ff', `ff-${TRACE}-${SPAN}-01`],
  ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['more than version 0 has', `00-${TRACE}-${SPAN}-01-more`],
  ['later fields without their dash', `cc-${TRACE}-${SPAN}-01.more`],
  ['a line break', `00-${TRACE}-${SPAN}-01\n`],
  ['ten thousand characters', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(10_000)}`],
])('%s begins a trace of its own', (_name, header) => {
  expect(parseTraceparent(header)).toBeNull()
})
