// What an alert is tried with: series that make it fire and resolve, and series that come close, in promtool's notation.

export type Series = Readonly<Record<string, string>>

export interface AlertCase {
  readonly trouble: Series
  readonly firesAt: string
  readonly resolvedAt: string
  /** Of the alert that fires, `severity` and what the rule adds aside. */
  readonly labels: Readonly<Record<string, string>>
  readonly summary: string
  /** Comes close. */
  readonly quiet: Series
  readonly quietAt: string
  /** By what is special about it: what else fires, then with this summary, or doesn't. */
  readonly others?: Readonly<Record<string, OtherCase>>
  /** Between two values; a minute unless given. */
  readonly interval?: string
  /** Between two evaluations; a minute unless given: rules are evaluated fast enough, days of minutes are not. */
  readonly evaluated?: string
}

export interface OtherCase {
  readonly series: Series
  readonly at: string
  /** Where it fires. */
  readonly summary?: string
}

export const JOB: Readonly<Record<string, string>> = { job: 'renown' }
export const ONE: Readonly<Record<string, string>> = { job: 'renown', instance: 'a' }

export function one(name: string, labels = ''): string {
  return `${name}{job="renown",instance="a"${labels}}`
}

export function another(name: string): string {
  return `${name}{job="renown",instance="b"}`
}
