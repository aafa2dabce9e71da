// Questions to a Prometheus, as Grafana asks them.

interface Answer {
  readonly status: 'success' | 'error'
  readonly error?: string
  readonly data?: unknown
}

type Point = readonly [number, string]

interface Sample {
  readonly value?: Point
  readonly values?: readonly Point[]
}

/** What is wrong with a query: an error, nothing, or something that is no number; null where it is fine. */
export async function troubleWith(prometheus: string, expr: string, instant: boolean): Promise<string | null> {
  const now = Date.now() / 1000
  const range = { start: String(now - 60), end: String(now), step: '5' }
  const body = new URLSearchParams({ query: expr, ...(instant ? { time: String(now) } : range) })
  const answer = await ask(`${prometheus}/api/v1/query${instant ? '' : '_range'}`, { method: 'POST', body })
  if (answer.status === 'error') return answer.error ?? 'error'
  const { result } = answer.data as { result: readonly Sample[] }
  const numbers = result.flatMap(({ value, values }) => values ?? (value === undefined ? [] : [value]))
  if (numbers.length === 0) return 'empty'
  return numbers.find(([, text]) => !Number.isFinite(Number(text)))?.[1] ?? null
}

/** `label_values(metric, label)`: the values. */
export async function labelValues(prometheus: string, query: string): Promise<readonly string[]> {
  const [, match = '', label = ''] = /^label_values\((.*), (\w+)\)$/.exec(query) ?? []
  const params = new URLSearchParams({ 'match[]': match })
  const answer = await ask(`${prometheus}/api/v1/label/${label}/values?${params}`)
  if (answer.status === 'error') throw new Error(`${query}: ${answer.error}`)
  return answer.data as readonly string[]
}

/** The traces of single requests that are kept beside a metric. */
export async function exemplarTraces(prometheus: string, query: string): Promise<readonly string[]> {
  const now = Date.now() / 1000
  const params = new URLSearchParams({ query, start: String(now - 3600), end: String(now) })
  const { data } = await ask(`${prometheus}/api/v1/query_exemplars?${params}`)
  const series = data as readonly { exemplars: readonly { labels: Readonly<Record<string, string>> }[] }[]
  return series.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id ?? ''))
}

async function ask(url: string, init?: RequestInit): Promise<Answer> {
  return (await (await fetch(url, init)).json()) as Answer
}
