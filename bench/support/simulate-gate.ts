// Simulated candidates through the gate: pairs of real answers, drawn from a population that is known.
import { evaluate } from '@renown/ml'
import { type Answers, findSlices, GATE_POLICY, judgeAnswers, verdictOf } from '@renown/models'
import { createDraw, kindOf, tiltPairs, type Wanted } from './tilt-pairs.ts'

export interface Answered {
  readonly texts: readonly string[]
  readonly labels: readonly string[]
  readonly classes: readonly number[]
  /** Of each row: the champion's and the candidate's. */
  readonly champion: readonly (readonly number[])[]
  readonly candidate: readonly (readonly number[])[]
}

export interface Simulated {
  readonly promoted: number
  readonly undecidable: number
  /** How many candidates broke each rule. */
  readonly failures: Readonly<Record<string, number>>
}

/** Judges `candidates` samples of as many rows as the population has, by the default policy. */
export function simulateCandidates(
  population: Answered,
  wanted: Wanted,
  { candidates, share }: { readonly candidates: number; readonly share: () => number },
): Simulated {
  const { classes, labels, texts } = population
  const [first, second] = [population.champion.map(argMax), population.candidate.map(argMax)]
  const rows = classes.map((label, row) => ({ label, kind: kindOf(label, first[row]!, second[row]!) }))
  const draw = createDraw(tiltPairs(rows, labels.length, wanted), share)
  const memberships = findSlices(texts).map(({ name, rows: members }) => ({ name, members: new Set(members) }))
  const failures: Record<string, number> = {}
  let promoted = 0
  let undecidable = 0
  for (let candidate = 0; candidate < candidates; candidate++) {
    const sample = Array.from(classes, draw)
    const judged = judgeAnswers(
      {
        labels,
        classes: sample.map((row) => classes[row]!),
        candidate: [answer(population.candidate, sample, population)],
        references: { champion: answer(population.champion, sample, population) },
        slices: memberships.map(({ name, members }) => ({
          name,
          rows: [...sample.keys()].filter((index) => members.has(sample[index]!)),
        })),
      },
      { ...GATE_POLICY, seed: candidate },
    )
    const verdict = verdictOf(judged.rules)
    if (verdict === 'pass') promoted++
    if (verdict === 'undecidable') undecidable++
    for (const rule of new Set(judged.rules.filter(({ status }) => status !== 'pass').map((entry) => entry.rule))) {
      failures[rule] = (failures[rule] ?? 0) + 1
    }
  }
  return { promoted, undecidable, failures }
}

function answer(probabilities: readonly (readonly number[])[], sample: readonly number[], of: Answered): Answers {
  const drawn = sample.map((row) => probabilities[row]!)
  const found = evaluate(
    sample.map((row) => of.classes[row]!),
    drawn,
    of.labels,
    { resamples: 1 },
  )
  return {
    file: 'onnx/model_quantized.onnx',
    encoding: 'int8',
    predictions: drawn.map(argMax),
    confidences: drawn.map((row) => Math.max(...row)),
    ece: found.ece,
    recalls: found.perClass.map(({ recall }) => recall),
    macroRecallLow: found.intervals.macroRecall[0],
  }
}

function argMax(values: readonly number[]): number {
  return values.indexOf(Math.max(...values))
}
