// `renown summary`: what a training, its gate and its publication came to, as far as they got.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MANIFEST_FILE, parseManifest } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, writeAll } from '../io.ts'
import { type Outcome, renderSummary, type SummaryGate, type SummaryPublication } from './render-summary.ts'

export interface SummaryFlags {
  readonly publication?: string
}

/** Throws INPUT_NOT_FOUND for files that are there and cannot be understood; missing ones are told of. */
export async function runSummary(io: Io, folder: string, { publication }: SummaryFlags): Promise<number> {
  const manifest = await readDocument(join(folder, MANIFEST_FILE), parseManifest)
  const outcome: Outcome = {
    manifest,
    gate: await readGate(folder),
    publication: publication === undefined ? null : await readDocument(publication, parsePublication),
  }
  await writeAll(io.stdout, renderSummary(outcome))
  return EXIT_OK
}

async function readGate(folder: string): Promise<SummaryGate | null> {
  const verdict = await readDocument(join(folder, 'gate.json'), parseVerdict)
  const markdown = await readText(join(folder, 'gate.md'))
  return verdict === null || markdown === null ? null : { verdict, markdown }
}

function parseVerdict(json: unknown): string {
  const { kind, verdict } = Object(json) as Record<string, unknown>
  if (kind === 'renown-gate' && typeof verdict === 'string') return verdict
  throw new Error('expected the report of a gate')
}

function parsePublication(json: unknown): SummaryPublication {
  const { name, page, commit, tag, isCommitted } = Object(json) as Record<string, unknown>
  if (typeof name !== 'string' || typeof page !== 'string' || typeof commit !== 'string') {
    throw new Error('expected what renown publish --json prints')
  }
  return { name, page, commit, tag: typeof tag === 'string' ? tag : null, isCommitted: isCommitted === true }
}

/** Null where there is no such file, or an empty one: a command that failed has printed nothing. Throws INPUT_NOT_FOUND. */
async function readDocument<T>(path: string, parse: (json: unknown) => T): Promise<T | null> {
  const text = await readText(path)
  if (text === null || text.trim() === '') return null
  try {
    return parse(JSON.parse(text))
  } catch (cause) {
    throw new CliError('INPUT_NOT_FOUND', `"${path}" can't be understood: ${(cause as Error).message}`, { cause })
  }
}

async function readText(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return null
    throw new CliError('INPUT_NOT_FOUND', `"${path}" can't be read: ${cause.message}`, { cause })
  })
}
