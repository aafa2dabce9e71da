// A small sample of recent texts for people to label: kept only where the settings allow it, for seven days at most.
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  isSentiment,
  nextStratum,
  type Sentiment,
  STRATA,
  type Stratum,
  type StratumCounts,
  stratumOf,
} from '@renown/reputation'
import { writeFileWhole } from '../file-lock.ts'

const DAY_MS = 86_400_000
export const SAMPLE_DAYS = 7
/** Texts kept of each stratum and day: drawn with equal chances, however many come. */
const KEPT_A_DAY = 20
const LABELS_FILE = 'labels.jsonl'
const NAME = /^sample-\w+\.json$/

interface SampledText {
  readonly id: string
  readonly text: string
  readonly answer: Sentiment
  readonly stratum: Stratum
  /** Milliseconds since 1970. */
  readonly at: number
}

interface Label {
  readonly id: string
  readonly stratum: Stratum
  readonly at: number
  /** null: the person couldn't say. */
  readonly right: boolean | null
}

/** A text without what the model said of it. */
export interface BlindText {
  readonly id: string
  readonly text: string
}

export interface LabelCounts {
  readonly counts: Readonly<Record<Stratum, StratumCounts>>
  /** Texts that wait for a label. */
  readonly waiting: number
}

export interface LabelSample {
  /** Whether texts are kept. */
  readonly isKept: boolean
  offer(text: string, answer: Sentiment, score: number, at: number): void
  /** The next texts to label; which stratum they come from doesn't show. */
  next(count: number, sizes: Readonly<Record<Stratum, number>>): Promise<readonly BlindText[]>
  /** False where there is no such text, or it has a label already. `null`: it can't be told. */
  label(id: string, label: Sentiment | null): Promise<boolean>
  /** Labels of posts of the last seven days. */
  counts(): Promise<LabelCounts>
  save(): Promise<void>
}

interface SampleOptions {
  readonly isKept: boolean
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
}

/** A labelled text is removed; its label stays. */
export function createLabelSample(folder: string, { isKept, now, random }: SampleOptions): LabelSample {
  const file = join(folder, `sample-${randomBytes(6).toString('hex')}.json`)
  const own = new Map<string, SampledText>()
  /** How many texts of a stratum a day has had. */
  const offered = new Map<string, number>()
  let isSaved = true

  function offer(text: string, answer: Sentiment, score: number, at: number): void {
    if (!isKept) return
    const stratum = stratumOf(answer, score)
    const place = `${Math.floor(at / DAY_MS)} ${stratum}`
    const count = (offered.get(place) ?? 0) + 1
    offered.set(place, count)
    const peers = [...own.values()].filter((peer) => `${Math.floor(peer.at / DAY_MS)} ${peer.stratum}` === place)
    // Vitter's reservoir: the n-th text replaces one of k with probability k / n.
    if (peers.length >= KEPT_A_DAY) {
      const victim = peers[Math.floor(random() * count)]
      if (victim === undefined) return
      own.delete(victim.id)
    }
    const id = randomBytes(9).toString('base64url')
    own.set(id, { id, text, answer, stratum, at })
    isSaved = false
  }

  async function readAll(): Promise<{ texts: readonly SampledText[]; labels: readonly Label[] }> {
    const from = now() - SAMPLE_DAYS * DAY_MS
    const isRecent = ({ at }: { readonly at: number }): boolean => at >= from && at <= now()
    const labels = await readLabels(folder)
    const labelled = new Set(labels.map(({ id }) => id))
    const names = isKept ? (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name)) : []
    const others = await Promise.all(
      names.filter((name) => join(folder, name) !== file).map((name) => readTexts(join(folder, name))),
    )
    const texts = [...own.values(), ...others.flat()].filter((text) => isRecent(text) && !labelled.has(text.id))
    return { texts, labels: labels.filter(isRecent) }
  }

  async function next(count: number, sizes: Readonly<Record<Stratum, number>>): Promise<readonly BlindText[]> {
    const { texts, labels } = await readAll()
    const done = tally(labels)
    const pools = new Map(STRATA.map((name) => [name, texts.filter(({ stratum }) => stratum === name)]))
    const chosen: BlindText[] = []
    while (chosen.length < count) {
      const left = eachStratum((name) => pools.get(name)!.length)
      const stratum = nextStratum(
        sizes,
        eachStratum((name) => done[name].labelled),
        left,
      )
      if (stratum === null) break
      const pool = pools.get(stratum)!
      const [drawn] = pool.splice(Math.floor(random() * pool.length), 1)
      done[stratum] = { ...done[stratum], labelled: done[stratum].labelled + 1 }
      if (drawn !== undefined) chosen.push({ id: drawn.id, text: drawn.text })
    }
    return shuffled(chosen, random)
  }

  async function label(id: string, given: Sentiment | null): Promise<boolean> {
    const { texts } = await readAll()
    const found = texts.find((text) => text.id === id)
    if (found === undefined) return false
    const { stratum, at, answer } = found
    const entry: Label = { id, stratum, at, right: given === null ? null : given === answer }
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await appendFile(join(folder, LABELS_FILE), `${JSON.stringify(entry)}\n`, { mode: 0o600 })
    if (own.delete(id)) isSaved = false
    return true
  }

  async function counts(): Promise<LabelCounts> {
    const { texts, labels } = await readAll()
    return { counts: tally(labels), waiting: texts.length }
  }

  async function save(): Promise<void> {
    for (const { id, at } of own.values()) {
      if (at >= now() - SAMPLE_DAYS * DAY_MS) continue
      own.delete(id)
      isSaved = false
    }
    if (isKept) await removeExpired(folder, file, now())
    if (isSaved) return
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeFileWhole(file, `${JSON.stringify([...own.values()])}\n`)
    isSaved = true
  }

  return { isKept, offer, next, label, counts, save }
}

function tally(labels: readonly Label[]): Record<Stratum, StratumCounts> {
  return eachStratum((name) => {
    const own = labels.filter(({ stratum, right }) => stratum === name && right !== null)
    return { labelled: own.length, right: own.filter(({ right }) => right === true).length }
  })
}

function eachStratum<T>(value: (name: Stratum) => T): Record<Stratum, T> {
  return Object.fromEntries(STRATA.map((name) => [name, value(name)])) as Record<Stratum, T>
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }))
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item)
}

async function readTexts(path: string): Promise<SampledText[]> {
  const rows = parseJson(await readFile(path, 'utf8').catch(() => '[]'))
  return Array.isArray(rows) ? rows.filter(isSampledText) : []
}

/** The first label of a text counts. */
async function readLabels(folder: string): Promise<readonly Label[]> {
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
  const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name))
  await Promise.all(names.map((name) => rm(join(folder, name), { force: true })))
}

/** Files of processes that are gone, once their newest text is too old. */
async function removeExpired(folder: string, own: string, now: number): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => NAME.test(name) && join(folder, name) !== own)
  for (const name of names) {
    const texts = await readTexts(join(folder, name))
    if (texts.some(({ at }) => at >= now - SAMPLE_DAYS * DAY_MS)) continue
    await rm(join(folder, name), { force: true })
  }
}
