// What the standard variables of OpenTelemetry say about traces. Renown's own settings win, one by one.
import { oneOf, parseCollector, parseShare } from '../parse-setting.ts'
import { parseHeaderPairs, parsePairs } from './parse-pairs.ts'
import { DEFAULT_SAMPLER, parseSampler } from './samplers.ts'
import { createVariables, type Environment, show, type Variables } from './variables.ts'

export interface OtelTraces {
  /** Headers that the collector wants, unless a file of ours names them. Secrets: never shown. */
  readonly headers: Readonly<Record<string, string>>
  /** Attributes of the resource, over those that Renown gives it. */
  readonly resource: Readonly<Record<string, string>>
  /** Whether a trace that comes along is kept as its header says. */
  readonly followsParent: boolean
  /** What is set and not done; each names its variable. */
  readonly warnings: readonly string[]
}

export const NO_OTEL: OtelTraces = { headers: {}, resource: {}, followsParent: true, warnings: [] }

/** Something that a variable says, and which. */
export interface OtelValue<T = string> {
  readonly name: string
  readonly value: T
  readonly env: string
}

export interface ReadOtel extends OtelTraces {
  /** In place of the settings' defaults. */
  readonly tracesEndpoint: OtelValue | null
  readonly tracesRatio: OtelValue<number> | null
  /** The rest, as it may be shown. */
  readonly shown: readonly OtelValue[]
  /** Values that can't be; each names its variable. */
  readonly problems: readonly string[]
}

/** What was set by flag, variable or file of our own. */
export interface OwnTraces {
  /** Null: not set. */
  readonly endpoint: string | null
  readonly hasHeaders: boolean
  readonly hasRatio: boolean
}

const OURS = 'by --traces-endpoint or RENOWN_TRACES_ENDPOINT'

/** Where no traces are sent, the variables that only say how aren't looked at. */
export function readOtel(env: Environment, own: OwnTraces): ReadOtel {
  const variables = createVariables(env)
  if (own.endpoint === 'off') return { ...NO_OTEL, ...nothing(variables) }
  const tracesEndpoint = own.endpoint === null ? readEndpoint(variables) : null
  const { problems, warnings } = variables
  const isOff = own.endpoint === null && problems.length === 0 && (tracesEndpoint?.value ?? 'off') === 'off'
  if (isOff) return { ...NO_OTEL, ...nothing(variables), tracesEndpoint }
  if (own.endpoint === null) checkProtocol(variables)
  else warnings.push(...listOverruled(createVariables(env)))
  const { headers, shown: shownHeaders } = own.hasHeaders ? { headers: {}, shown: [] } : readHeaders(variables)
  const { resource, shown: shownResource } = readResource(variables)
  const sampling = own.hasRatio ? { tracesRatio: null, followsParent: true, shown: [] } : readSampling(variables)
  const { tracesRatio, followsParent } = sampling
  const shown = [...shownHeaders, ...sampling.shown, ...shownResource]
  warnings.push(...variables.ignored().map((name) => `${name} is not honoured`))
  return { tracesEndpoint, tracesRatio, headers, resource, followsParent, warnings, shown, problems }
}

function nothing({ problems }: Variables): Pick<ReadOtel, 'tracesEndpoint' | 'tracesRatio' | 'shown' | 'problems'> {
  return { tracesEndpoint: null, tracesRatio: null, shown: [], problems }
}

/** Null where no variable speaks of it. */
function readEndpoint(variables: Variables): OtelValue | null {
  const name = 'tracesEndpoint'
  const disabled = variables.use(['OTEL_SDK_DISABLED'], (text) => text.toLowerCase())
  if (disabled?.value === 'true') return { name, value: 'off', env: disabled.env }
  const exporter = variables.use(['OTEL_TRACES_EXPORTER'], parseWord(['otlp', 'none']))
  if (disabled !== null && disabled.value !== 'false') {
    // As the standard has it: anything but true is false, and is told.
    variables.warnings.push(`OTEL_SDK_DISABLED: expected true or false, got ${show(disabled.value)}, which is false`)
  }
  if (exporter?.value === 'none') return { name, value: 'off', env: exporter.env }
  const endpoint =
    variables.use(['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'], (text) => parseCollector(text).href) ??
    variables.use(['OTEL_EXPORTER_OTLP_ENDPOINT'], parseBase) ??
    // The exporter was asked for by name: it goes where it does by the standard.
    (exporter === null ? null : { ...exporter, value: 'http://localhost:4318/v1/traces' })
  return endpoint === null ? null : { name, ...endpoint }
}

function checkProtocol(variables: Variables): void {
  const names = ['OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL'] as const
  const found = variables.use(names, parseProtocol)
  if (found?.value !== 'http/protobuf') return
  variables.warnings.push(`${found.env}: traces go as http/json, which collectors take on the same port`)
}

/** Variables that would have kept traces from being sent, or sent them otherwise. */
function listOverruled(variables: Variables): string[] {
  const endpoint = readEndpoint(variables)
  checkProtocol(variables)
  const { problems, warnings } = variables
  const isOff = endpoint?.value === 'off'
  return [
    ...warnings,
    ...(isOff ? [`${endpoint.env} is overruled ${OURS}`] : []),
    ...problems.map((it) => `${it}; overruled ${OURS}`),
  ]
}

function readHeaders(variables: Variables): { headers: Readonly<Record<string, string>>; shown: OtelValue[] } {
  const names = ['OTEL_EXPORTER_OTLP_HEADERS', 'OTEL_EXPORTER_OTLP_TRACES_HEADERS'] as const
  const given = names.flatMap((env) => {
    const found = variables.use([env], parseHeaderPairs)
    return found === null ? [] : [found]
  })
  const shown = given.map(({ value, env }) => ({ name: 'tracesHeaders', value: Object.keys(value).join(', '), env }))
  return { headers: Object.fromEntries(given.flatMap(({ value }) => Object.entries(value))), shown }
}

function readResource(variables: Variables): { resource: Readonly<Record<string, string>>; shown: OtelValue[] } {
  const attributes = variables.use(['OTEL_RESOURCE_ATTRIBUTES'], parsePairs)
  const service = variables.use(['OTEL_SERVICE_NAME'], (text) => text)
  const pairs = [...(attributes?.value ?? [])]
  if (service !== null) pairs.push(['service.name', service.value])
  const shown: OtelValue[] = []
  if (attributes !== null) {
    const value = attributes.value.map(([key, text]) => `${key}=${text}`).join(', ')
    shown.push({ name: 'tracesResource', value, env: attributes.env })
  }
  if (service !== null) shown.push({ name: 'tracesService', ...service })
  return { resource: Object.fromEntries(pairs), shown }
}

function readSampling(
  variables: Variables,
): Pick<ReadOtel, 'tracesRatio' | 'followsParent'> & { readonly shown: readonly OtelValue[] } {
  const given = variables.use(['OTEL_TRACES_SAMPLER'], parseSampler)
  const { name, ratio, followsParent } = given?.value ?? DEFAULT_SAMPLER
  const argument = ratio === null ? variables.use(['OTEL_TRACES_SAMPLER_ARG'], parseShare) : null
  const hasArgument = variables.use(['OTEL_TRACES_SAMPLER_ARG'], (text) => text) !== null
  if (hasArgument !== (ratio === null)) {
    const fault = hasArgument ? 'means nothing to' : 'is not set, and all traces are kept by'
    variables.warnings.push(`OTEL_TRACES_SAMPLER_ARG ${fault} the sampler ${name}`)
  }
  if (given === null) return { tracesRatio: null, followsParent, shown: [] }
  const { env } = argument ?? given
  return {
    tracesRatio: { name: 'tracesRatio', value: ratio ?? argument?.value ?? 1, env },
    followsParent,
    shown: [{ name: 'tracesSampler', value: name, env: given.env }],
  }
}

/** The path of OTLP comes behind the base's own. */
function parseBase(text: string): string {
  const url = parseCollector(text)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/traces`
  return url.href
}

function parseWord<const W extends readonly string[]>(words: W): (text: string) => W[number] {
  const parse = oneOf(words)
  return (text) => parse(text.toLowerCase())
}

function parseProtocol(text: string): string {
  const protocol = text.toLowerCase()
  if (protocol === 'http/json' || protocol === 'http/protobuf') return protocol
  throw new Error('expected http/json, the only protocol that is spoken here (collectors take it on port 4318)')
}
