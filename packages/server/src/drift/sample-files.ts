// Sampled texts and labels as files: checked where they are read.
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isSentiment, type Sentiment, STRATA, type Stratum } from '@renown/reputation'

export const LABELS_FILE = 'labels.jsonl'
const NAME = /^sample-\w+\.json$/

export interface SampledText {
  readonly id: string
  readonly text: string
  readonly answer: Sentiment
  readonly stratum: Stratum
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface Label {
  readonly id: string
  readonly stratum: Stratum
  readonly at: number
  /** null: the person couldn't say. */
  readonly right: boolean | null
}

async function listSamples(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name)).map((name) => join(folder, name))
}

/** Of the files of a folder but one. */
export async function readOtherTexts(folder: string, own: string): Promise<readonly SampledText[]> {
  const paths = (await listSamples(folder)).filter((path) => path !== own)
  return (await Promise.all(paths.map(readTexts))).flat()
}

async function readTexts(path: string): Promise<SampledText[]> {
  const rows = parseJson(await readFile(path, 'utf8').catch(() => '[]'))
  return Array.isArray(rows) ? rows.filter(isSampledText) : []
}

/** The first label of a text counts. */
export async function readLabels(folder: string): Promise<readonly Label[]> {
  const text = await readFile(join(folder, LABELS_FILE), 'utf8').catch(() => '')
  const found = new Map<string, Label>()
  for (const line of text.split('\n')) {
    const row = parseJson(line)
    if (isLabel(row) && !found.has(row.id)) found.set(row.id, row)
  }
  return [...found.values()]
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isPlaced(row: unknown): row is { id: string; stratum: Stratum; at: number } {
  if (typeof row !== 'object' || row === null || !('id' in row && 'stratum' in row && 'at' in row)) return false
  return typeof row.id === 'string' && typeof row.at === 'number' && STRATA.some((name) => name === row.stratum)
}

function isSampledText(row: unknown): row is SampledText {
  return isPlaced(row) && 'text' in row && typeof row.text === 'string' && 'answer' in row && isSentiment(row.answer)
}

function isLabel(row: unknown): row is Label {
  return isPlaced(row) && 'right' in row && (row.right === null || typeof row.right === 'boolean')
}

/** For where texts may not be kept any more. */
export async function removeSamples(folder: string): Promise<void> {
  await Promise.all((await listSamples(folder)).map((path) => rm(path, { force: true })))
}

/** Files of processes that are gone, once their newest text is older than `from`. */
export async function removeExpired(folder: string, own: string, from: number): Promise<void> {
  for (const path of await listSamples(folder)) {
    if (path === own || (await readTexts(path)).some(({ at }) => at >= from)) continue
    await rm(path, { force: true })
  }
}
