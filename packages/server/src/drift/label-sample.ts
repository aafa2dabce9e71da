// A small sample of recent texts for people to label: kept only where the settings allow it, for seven days at most.
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { nextStratum, type Sentiment, STRATA, type Stratum, type StratumCounts } from '@renown/reputation'
import { writeFileWhole } from '../file-lock.ts'
import { createReservoir } from './reservoir.ts'
import { LABELS_FILE, type Label, readLabels, readOtherTexts, removeExpired, type SampledText } from './sample-files.ts'

export const SAMPLE_DAYS = 7
const SAMPLE_MS = SAMPLE_DAYS * 86_400_000

/** A text without what the model said of it. */
export type BlindText = Pick<SampledText, 'id' | 'text'>

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

export interface SampleOptions {
  readonly isKept: boolean
  readonly now: () => number
  /** From 0 to 1. */
  readonly random: () => number
}

/** A labelled text is removed; its label stays. */
export function createLabelSample(folder: string, { isKept, now, random }: SampleOptions): LabelSample {
  const file = join(folder, `sample-${randomBytes(6).toString('hex')}.json`)
  const reservoir = createReservoir(random)
  let saved = 0

  async function read(): Promise<{ texts: readonly SampledText[]; labels: readonly Label[] }> {
    const isRecent = ({ at }: { readonly at: number }): boolean => at >= now() - SAMPLE_MS && at <= now()
    const labels = await readLabels(folder)
    const labelled = new Set(labels.map(({ id }) => id))
    const others = isKept ? await readOtherTexts(folder, file) : []
    const texts = [...reservoir.texts(), ...others].filter((text) => isRecent(text) && !labelled.has(text.id))
    return { texts, labels: labels.filter(isRecent) }
  }

  return {
    isKept,
    offer: (...offered) => {
      if (isKept) reservoir.offer(...offered)
    },
    async next(count, sizes) {
      const { texts, labels } = await read()
      return drawTexts(texts, count, { sizes, labelled: countLabelled(labels), random })
    },
    async label(id, given) {
      const found = (await read()).texts.find((text) => text.id === id)
      if (found === undefined) return false
      const { stratum, at, answer } = found
      const entry: Label = { id, stratum, at, right: given === null ? null : given === answer }
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await appendFile(join(folder, LABELS_FILE), `${JSON.stringify(entry)}\n`, { mode: 0o600 })
      reservoir.remove(id)
      return true
    },
    async counts() {
      const { texts, labels } = await read()
      return { counts: tally(labels), waiting: texts.length }
    },
    async save() {
      reservoir.removeOlder(now() - SAMPLE_MS)
      if (isKept) await removeExpired(folder, file, now() - SAMPLE_MS)
      const revision = reservoir.revision()
      if (revision === saved) return
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeFileWhole(file, `${JSON.stringify(reservoir.texts())}\n`)
      saved = revision
    },
  }
}

interface Drawing {
  readonly sizes: Readonly<Record<Stratum, number>>
  readonly labelled: Record<Stratum, number>
  readonly random: () => number
}

/** Counts each text that is drawn as labelled; the order tells nothing. */
function drawTexts(texts: readonly SampledText[], count: number, { sizes, labelled, random }: Drawing): BlindText[] {
  const drawn: { readonly text: BlindText; readonly key: number }[] = []
  const pools = eachStratum((name) => texts.filter(({ stratum }) => stratum === name))
  while (drawn.length < count) {
    const left = eachStratum((name) => pools[name].length)
    const stratum = nextStratum(sizes, labelled, left)
    if (stratum === null) break
    labelled[stratum] += 1
    for (const { id, text } of pools[stratum].splice(Math.floor(random() * left[stratum]), 1)) {
      drawn.push({ text: { id, text }, key: random() })
    }
  }
  return drawn.sort((a, b) => a.key - b.key).map(({ text }) => text)
}

function countLabelled(labels: readonly Label[]): Record<Stratum, number> {
  const counts = tally(labels)
  return eachStratum((name) => counts[name].labelled)
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
