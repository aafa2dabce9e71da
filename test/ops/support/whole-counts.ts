// What dashboards and rules make of counters, asked exactly: since the start of replicas that began at zero.
import { SENTIMENTS } from '@renown/contract'

interface Answer {
  readonly data: { readonly result: readonly { readonly metric: Labels; readonly value: readonly [number, string] }[] }
}

type Labels = Readonly<Record<string, string>>

interface Value {
  readonly metric: Labels
  readonly value: number
}

/** A rate is guessed from scrapes; the counter itself is what was counted since its start. */
export function sinceStart(expr: string): string {
  return expr.replaceAll(/(?:rate|increase)\((\w+\{[^}]*\})\[[^\]]+\]\)/g, '$1')
}

/** The values of an expression now. */
export async function valuesOf(prometheus: string, expr: string): Promise<readonly Value[]> {
  const body = new URLSearchParams({ query: expr })
  const response = await fetch(`${prometheus}/api/v1/query`, { method: 'POST', body })
  const text = await response.text()
  if (!response.ok) throw new Error(`${expr}: ${text}`)
  const { result } = (JSON.parse(text) as Answer).data
  return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }))
}

/** By the value of a label, where it isn't zero. */
export async function valuesBy(prometheus: string, label: string, expr: string): Promise<Record<string, number>> {
  const values = (await valuesOf(prometheus, expr)).filter(({ value }) => value !== 0)
  return Object.fromEntries(values.map(({ metric, value }) => [metric[label] ?? '', value]))
}

/** What clients were told: answers by status, texts by label. */
export interface Told {
  readonly status: Record<string, number>
  readonly label: Record<string, number>
}

export function nothingTold(): Told {
  return { status: {}, label: {} }
}

export function addTold(told: Told, status: number, body: unknown): void {
  told.status[status] = (told.status[status] ?? 0) + 1
  const { label } = body as { label?: string }
  if (SENTIMENTS.some((known) => known === label)) told.label[label ?? ''] = (told.label[label ?? ''] ?? 0) + 1
}

export function bothTold(first: Told, second: Told): Told {
  const both = nothingTold()
  for (const part of ['status', 'label'] as const)
    for (const counts of [first[part], second[part]])
      for (const [name, count] of Object.entries(counts)) both[part][name] = (both[part][name] ?? 0) + count
  return both
}
