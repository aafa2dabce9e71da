// What a scrape is answered with: the text format of Prometheus, or OpenMetrics with exemplars for who asks for it.
//
// Not prom-client's own: it strips `_total` from the names of its counters for good once it was asked for OpenMetrics, and
// writes what isn't a number.
import type { Registry } from 'prom-client'
import type { Exemplar, Sample } from './series.ts'

export const FORMATS = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openMetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const

export type Format = keyof typeof FORMATS

interface Family {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly values: readonly Sample[]
}

export async function renderRegistry(registry: Registry, format: Format): Promise<string> {
  // Typed without the names of samples and without exemplars, which are there.
  const families = (await registry.getMetricsAsJSON()) as unknown as readonly Family[]
  return renderFamilies(families, format)
}

/** Numbers that aren't known (NaN) are left out: nothing is measured there. */
export function renderFamilies(families: readonly Family[], format: Format): string {
  const lines = families.flatMap((family) => renderFamily(family, format))
  if (format === 'openMetrics') lines.push('# EOF')
  return `${lines.join('\n')}\n`
}

function renderFamily({ name, help, type, values }: Family, format: Format): string[] {
  const isOpen = format === 'openMetrics'
  // OpenMetrics names a counter without the suffix that its samples have.
  const family = isOpen && type === 'counter' ? name.replace(/_total$/, '') : name
  const lines = [`# HELP ${family} ${escapeText(help, isOpen)}`, `# TYPE ${family} ${type}`]
  for (const { metricName = name, labels, value, exemplar } of values) {
    if (Number.isNaN(value)) continue
    const line = `${metricName}${renderLabels(labels, isOpen)} ${renderNumber(value)}`
    lines.push(isOpen && exemplar ? line + renderExemplar(exemplar) : line)
  }
  return lines
}

function renderLabels(labels: Sample['labels'], isOpen: boolean): string {
  let text = ''
  for (const name of Object.keys(labels)) {
    const value = labels[name]!
    const written = typeof value === 'number' ? renderBound(value, isOpen) : escapeText(value, true)
    text += `${text === '' ? '' : ','}${name}="${written}"`
  }
  return text === '' ? '' : `{${text}}`
}

/** OpenMetrics wants a bound to look like the fraction that it is. */
function renderBound(bound: number, isOpen: boolean): string {
  return isOpen && Number.isInteger(bound) ? `${bound}.0` : String(bound)
}

function renderExemplar({ labelSet, value, timestamp }: Exemplar): string {
  return ` # ${renderLabels(labelSet, true)} ${renderNumber(value)} ${timestamp.toFixed(3)}`
}

function renderNumber(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

const SPECIAL = /[\\\n"]/
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '"': '\\"' }

function escapeText(text: string, withQuotes: boolean): string {
  if (!SPECIAL.test(text)) return text
  return text.replace(withQuotes ? /[\\\n"]/g : /[\\\n]/g, (character) => ESCAPES[character] ?? character)
}

const OPEN_METRICS = 'application/openmetrics-text'
const KNOWN_VERSIONS: ReadonlySet<string> = new Set(['1.0.0', '0.0.1'])

/** By an Accept header (RFC 9110, 12.5.1): OpenMetrics only for who names it, and likes it no less than plain text. */
export function chooseFormat(accept: string | undefined): Format {
  if (accept === undefined || !accept.includes(OPEN_METRICS)) return 'text'
  const ranges = accept.split(',').map(readRange)
  const open = ranges.filter(({ type, version }) => type === OPEN_METRICS && KNOWN_VERSIONS.has(version ?? '1.0.0'))
  const text = ranges.filter(({ type }) => type === 'text/plain')
  const liking = mostOf(open)
  return liking > 0 && liking >= mostOf(text) ? 'openMetrics' : 'text'
}

interface MediaRange {
  readonly type: string
  readonly version: string | null
  readonly quality: number
}

function readRange(range: string): MediaRange {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
  const readParameter = (name: string): string | null =>
    parameters.find((parameter) => parameter.startsWith(`${name}=`))?.slice(name.length + 1) ?? null
  const quality = Number(readParameter('q') ?? 1)
  return { type, version: readParameter('version'), quality: Number.isFinite(quality) ? quality : 0 }
}

function mostOf(ranges: readonly MediaRange[]): number {
  return Math.max(0, ...ranges.map(({ quality }) => quality))
}
