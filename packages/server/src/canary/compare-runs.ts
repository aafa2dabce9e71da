// Whether the model still gives the answers that it is known to give.
import { compareAnswers, findAnswers, type ModelFolder } from '@renown/models/serving'
import { type Classification, type ClassifyOutcome, isRefusal, SENTIMENTS, type Sentiment } from '@renown/reputation'
import type { EngineModel } from '../ports.ts'
import { CANARY_POSTS } from './canary-posts.ts'

export interface RunComparison {
  /** Answers that are others, beyond what batches, threads and CPUs make of them. */
  readonly changed: number
  /** Largest difference of one probability. */
  readonly most: number
}

/** What is asked, and what is known to be answered. */
export interface Known {
  readonly hash: string
  readonly posts: readonly string[]
  /** The order in which the probabilities stand. */
  readonly order: readonly Sentiment[]
  readonly answers: Parameters<typeof compareAnswers>[0]
}

/** What the model's folder records with it, or null where it records nothing of what is served. */
export function findRecorded(folder: ModelFolder | null, { hash, file, encoding, labels }: EngineModel): Known | null {
  if (folder === null || folder.hash !== hash) return null
  const answers = findAnswers(folder.manifest, file, encoding)
  const order = labels.map((label) =>
    SENTIMENTS.find((name) => name.startsWith(label.trim().toLowerCase().slice(0, 3))),
  )
  if (answers === null || !order.every((name) => name !== undefined)) return null
  return { hash, posts: folder.manifest.answers?.texts ?? [], order, answers }
}

/** Where nothing is recorded, the first answers are what is known. */
export function learnKnown({ hash, file, encoding }: EngineModel, run: readonly Classification[]): Known {
  const probabilities = run.map(({ scores }) => SENTIMENTS.map((label) => scores[label].toFixed(5)).join(' '))
  return { hash, posts: CANARY_POSTS, order: SENTIMENTS, answers: { file, encoding, probabilities } }
}

export function compareRun({ answers, order }: Known, run: readonly Classification[]): RunComparison {
  const got = run.map(({ scores }) => order.map((label) => scores[label]))
  const { agrees, most, tolerance } = compareAnswers(answers, got)
  const each = answers.probabilities.map((line, index) =>
    compareAnswers({ ...answers, probabilities: [line] }, [got[index] ?? []]),
  )
  const changed = each.filter((one) => one.most > tolerance.most).length
  // All a little off is as wrong as one that is far off.
  return { changed: agrees ? 0 : Math.max(1, changed), most: Math.min(1, most) }
}

/** Null where a text was refused or not all were answered by one model: a swap came between. */
export function readRun(outcomes: readonly ClassifyOutcome[], version: string): readonly Classification[] | null {
  const answers = outcomes.filter((outcome): outcome is Classification => !isRefusal(outcome))
  if (answers.length < outcomes.length) return null
  return answers.every(({ model }) => model === version) ? answers : null
}
