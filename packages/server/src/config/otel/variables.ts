// The variables of OpenTelemetry that are honoured: reads them, and keeps what is wrong with them.

export type Environment = Readonly<Record<string, string | undefined>>

export interface Found<T> {
  readonly env: OtelName
  readonly value: T
}

export interface Variables {
  /** The first of them that is set, by its parser, or null: also for a value that can't be, which is a problem. */
  use<T>(names: readonly OtelName[], parse: (text: string) => T): Found<T> | null
  /** Those that are set, say how traces are made or sent, and aren't honoured. */
  ignored(): readonly string[]
  readonly problems: string[]
  readonly warnings: string[]
}

export const HONOURED = [
  'OTEL_SDK_DISABLED',
  'OTEL_TRACES_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
] as const

type OtelName = (typeof HONOURED)[number]

/** Values of these may hold credentials. */
const SECRET = /HEADERS$/
/** How traces are made and sent; metrics and logs have variables of their own. */
const ABOUT_TRACES = /^OTEL_(EXPORTER_OTLP_(?!METRICS_|LOGS_|PROFILES_)|TRACES_|BSP_|SPAN_|PROPAGATORS$|CONFIG_FILE$)/

export function createVariables(env: Environment): Variables {
  const problems: string[] = []
  const honoured = new Set<string>(HONOURED)
  const textOf = (name: string): string => env[name]?.trim() ?? ''
  return {
    use(names, parse) {
      const name = names.find((each) => textOf(each) !== '')
      if (name === undefined) return null
      try {
        return { env: name, value: parse(textOf(name)) }
      } catch (error) {
        const got = SECRET.test(name) ? '' : `, got ${show(textOf(name))}`
        problems.push(`${name}: ${(error as Error).message}${got}`)
        return null
      }
    },
    ignored: () =>
      Object.keys(env).filter((name) => ABOUT_TRACES.test(name) && !honoured.has(name) && textOf(name) !== ''),
    problems,
    warnings: [],
  }
}

/** Without the name and password of an address. */
export function show(value: unknown): string {
  return (
    JSON.stringify(value)
      ?.replace(/\/\/.*@/, '//…@')
      .slice(0, 100) ?? String(value)
  )
}
