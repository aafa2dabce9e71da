// What a span is until it is sent, and how OTLP writes it as JSON (opentelemetry-proto, trace/v1; ids in hexadecimal).

export type AttributeValue = string | number | boolean

export interface Span {
  readonly traceId: string
  readonly spanId: string
  /** Null where the trace begins. */
  readonly parentId: string | null
  readonly name: string
  readonly kind: 'server' | 'internal'
  /** Milliseconds since 1970, with fractions. */
  readonly startMs: number
  readonly endMs: number
  readonly attributes: Readonly<Record<string, AttributeValue>>
  readonly isError: boolean
}

const KINDS = { internal: 1, server: 2 } as const
const ERROR = 2

/** The body of a request to /v1/traces. */
export function renderSpans(spans: readonly Span[], resource: Readonly<Record<string, AttributeValue>>): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: toAttributes(resource) },
        scopeSpans: [{ scope: { name: 'renown' }, spans: spans.map(toOtlp) }],
      },
    ],
  })
}

function toOtlp(span: Span): object {
  const { traceId, spanId, parentId, name, kind, startMs, endMs, attributes, isError } = span
  return {
    traceId,
    spanId,
    ...(parentId === null ? {} : { parentSpanId: parentId }),
    name,
    kind: KINDS[kind],
    startTimeUnixNano: toNanoseconds(startMs),
    endTimeUnixNano: toNanoseconds(Math.max(startMs, endMs)),
    attributes: toAttributes(attributes),
    ...(isError ? { status: { code: ERROR } } : {}),
  }
}

/** More digits than a number holds: written as text. */
function toNanoseconds(ms: number): string {
  const whole = Math.floor(ms)
  return `${whole}${String(Math.floor((ms - whole) * 1e6)).padStart(6, '0')}`
}

function toAttributes(values: Readonly<Record<string, AttributeValue>>): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: toValue(value) }))
}

function toValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value }
}
