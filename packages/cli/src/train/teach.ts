// A teacher's probabilities for the training texts: computed once, kept while the training goes.
import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type ModelFolder, postProbabilities, scorePosts } from '@renown/models'
import { CliError } from '../errors.ts'
import { formatCount } from '../format/numbers.ts'

export interface TeachOptions {
  readonly threads: number
  readonly signal: AbortSignal
  /** Where they are kept; null: nowhere. */
  readonly work: string | null
  readonly say: (line: string) => void
}

/** Where in a model's labels each of ours is; null where they aren't the same. */
export function findLabelPlaces(labels: readonly string[], others: readonly string[]): readonly number[] | null {
  const known = others.map((label) => label.toLowerCase())
  const places = labels.map((label) => known.indexOf(label.toLowerCase()))
  return labels.length === others.length && !places.includes(-1) ? places : null
}

/** Throws LABELS_UNKNOWN. */
function matchTeacherLabels(labels: readonly string[], teacher: readonly string[]): readonly number[] {
  const places = findLabelPlaces(labels, teacher)
  if (places !== null) return places
  throw new CliError(
    'LABELS_UNKNOWN',
    `--teacher: it has the labels ${teacher.join(', ')}; expected ${labels.join(', ')}, as the training has`,
  )
}

/** For each text the teacher's probabilities, in the order of our labels, at temperature 1. */
export async function teach(
  teacher: ModelFolder,
  texts: readonly string[],
  labels: readonly string[],
  options: TeachOptions,
): Promise<readonly (readonly number[])[]> {
  const places = matchTeacherLabels(labels, teacher.manifest.labels)
  const kept = options.work === null ? null : join(options.work, `teacher-${keyOf(teacher, texts, labels)}.f32`)
  const known = kept === null ? null : await readKept(kept, texts.length, labels.length)
  if (known !== null) return known
  options.say(`The teacher ${teacher.manifest.name} scores ${formatCount(texts.length)} posts`)
  const { logits } = await scorePosts(teacher, texts, {
    threads: options.threads,
    encoding: 'auto',
    signal: options.signal,
  })
  const soft = postProbabilities(logits, 1).map((row) => places.map((place) => Math.fround(row[place] ?? 0)))
  if (kept !== null) await keep(kept, soft)
  return soft
}

function keyOf(teacher: ModelFolder, texts: readonly string[], labels: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify([teacher.hash, labels]))
  for (const text of texts) hash.update(text).update('\0')
  return hash.digest('hex').slice(0, 16)
}

async function readKept(path: string, rows: number, labels: number): Promise<readonly (readonly number[])[] | null> {
  const bytes = await readFile(path).catch(() => null)
  if (bytes === null || bytes.byteLength !== 4 * rows * labels) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: labels }, (__, label) => view.getFloat32(4 * (row * labels + label), true)),
  )
}

async function keep(path: string, soft: readonly (readonly number[])[]): Promise<void> {
  const bytes = Buffer.alloc(4 * soft.length * (soft[0]?.length ?? 0))
  for (const [index, value] of soft.flat().entries()) bytes.writeFloatLE(value, 4 * index)
  await writeFile(`${path}.partial`, bytes)
  await rename(`${path}.partial`, path)
}
