// What a check of this machine found, in plain words.
export type CheckStatus = 'ok' | 'warning' | 'failure'

export interface Check {
  readonly name: string
  readonly status: CheckStatus
  /** A sentence or two: what was found, and what to do about it. */
  readonly detail: string
}

export function pass(name: string, detail: string): Check {
  return { name, status: 'ok', detail }
}

/** Works, but not as well as it could, or not for everything. */
export function warn(name: string, detail: string): Check {
  return { name, status: 'warning', detail }
}

/** Renown doesn't work here before this is put right. */
export function fail(name: string, detail: string): Check {
  return { name, status: 'failure', detail }
}

const MARKS: Readonly<Record<CheckStatus, string>> = { ok: '✓', warning: '!', failure: '✗' }

export function describeCheck({ name, status, detail }: Check): string {
  return `${MARKS[status]} ${name.padEnd(14)} ${detail}`
}
