// `renown predict FILE` as a user runs it: a process of its own, from start to end.
import { writeFileSync } from 'node:fs'
import { RENOWN_BIN } from './folders.ts'
import { runToEnd } from './process.ts'

export interface PredictOptions {
  readonly home: string
  readonly output: string
  readonly model?: string
}

export function predictFile(file: string, options: PredictOptions): Promise<{ seconds: number; peakMb: number }> {
  return runToEnd({
    file: process.execPath,
    args: [RENOWN_BIN, 'predict', file, '--output', options.output],
    env: { RENOWN_HOME: options.home, RENOWN_MODEL: options.model ?? 'default' },
  })
}

/** One JSON object a line; gives the path back. */
export function writeTextFile(path: string, texts: readonly string[]): string {
  writeFileSync(path, texts.map((text) => `${JSON.stringify({ text })}\n`).join(''))
  return path
}
