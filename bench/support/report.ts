// Prints a table and keeps the figures in bench/results.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './folders.ts'
import { describeMachine } from './machine.ts'

export type Row = Readonly<Record<string, string | number | null>>

export interface Target {
  readonly figure: string
  readonly measured: number
  readonly target: number
  readonly met: boolean
}

export function atLeast(figure: string, measured: number, target: number): Target {
  return { figure, measured: Number(measured.toFixed(3)), target, met: measured >= target }
}

export function atMost(figure: string, measured: number, target: number): Target {
  return { figure, measured: Number(measured.toFixed(3)), target, met: measured <= target }
}

export interface Report {
  readonly settings: Readonly<Record<string, unknown>>
  readonly rows: readonly Row[]
  readonly targets: readonly Target[]
  /** Single measurements behind the medians. */
  readonly samples?: unknown
}

export function publish(name: string, report: Report): void {
  console.table(report.rows)
  if (report.targets.length > 0) console.table(report.targets)
  const folder = join(ROOT, 'bench/results')
  mkdirSync(folder, { recursive: true })
  const result = { benchmark: name, date: new Date().toISOString(), machine: describeMachine(), ...report }
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, null, 2)}\n`)
  console.log(`bench/results/${name}.json`)
}

/** Progress on standard error, so that the table stays clean. */
export function progress(text: string): void {
  console.error(text)
}
