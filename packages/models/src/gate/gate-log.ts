// Which candidates were judged on which rows: a file that only grows.
import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError } from '../errors.ts'
import type { GateHistory, GateVerdict } from './gate-types.ts'

export interface GateLogEntry {
  readonly time: string
  /** Hash of the rows. */
  readonly set: string
  /** Hash of the candidate. */
  readonly candidate: string
  readonly rows: number
  readonly verdict: GateVerdict
}

/** `gate/evaluations.jsonl` in the data folder. */
export function gateLogPath(home: string): string {
  return join(home, 'gate', 'evaluations.jsonl')
}

/** Each line begins with its line end, so that one that was cut off spoils no other. */
export async function appendGateLog(home: string, entry: GateLogEntry): Promise<void> {
  await mkdir(join(home, 'gate'), { recursive: true })
  await appendFile(gateLogPath(home), `\n${JSON.stringify(entry)}`)
}

/** Throws GATE_UNRECORDED: what a gate found counts only where it is kept. */
export function failRecording(home: string, cause: unknown): never {
  throw new ModelsError('GATE_UNRECORDED', `"${home}" can't keep what the gate finds: ${(cause as Error).message}`, {
    cause,
  })
}

/** How often these rows were judged on, with this candidate now. */
export async function readGateHistory(home: string, set: string, candidate: string): Promise<GateHistory> {
  const text = await readFile(gateLogPath(home), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const earlier = text
    .split('\n')
    .map(parseGateLine)
    .filter((entry) => entry?.set === set)
  return {
    gates: earlier.length + 1,
    candidates: new Set([...earlier.map((entry) => entry?.candidate), candidate]).size,
  }
}

export function parseGateLine(line: string): Partial<GateLogEntry> | null {
  try {
    return JSON.parse(line) as Partial<GateLogEntry> | null
  } catch {
    return null
  }
}
