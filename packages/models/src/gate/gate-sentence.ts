// The first words of a gate's report, and the tables that all of its forms show.
import { formatCount, formatDifference, formatPoints, nameFile } from '../report/format.ts'
import type { GateComparison, GateReport, GateRule, MeasuredModel, RuleName, SliceComparison } from './gate-types.ts'

export const RULE_NAMES: Readonly<Record<RuleName, string>> = {
  guessing: 'better than guessing',
  champion: 'not worse than the champion',
  best: 'not worse than the best ever',
  base: 'not worse than the base',
  'class-recall': 'no label falls',
  'class-floor': 'each label is found',
  quantised: '8 bits cost little',
  calibration: 'probabilities hold',
  slice: 'no slice falls',
  latency: 'not slower',
  size: 'not larger',
  'training-rows': 'no training row',
}

export function nameRule({ rule }: Pick<GateRule, 'rule'>): string {
  return RULE_NAMES[rule]
}

/** The verdict, and the rule that it hangs on. */
export function gateSentence({ verdict, candidate, rules, data }: GateReport): string {
  const name = `${candidate.name} ${candidate.version}`
  if (verdict === 'pass') return `${name} passes: ${formatCount(data.rows)} posts show no loss that the policy forbids`
  const first = rules.find(({ status }) => status === verdict)
  const others = rules.filter(({ status }) => status === verdict).length - 1
  const more = others > 0 ? ` (and ${others} more)` : ''
  const reason = first === undefined ? '' : `: ${first.sentence}${more}`
  return verdict === 'fail' ? `${name} fails${reason}` : `${name} can't be judged${reason}`
}

/** Whom it was compared with, on what. */
export function comparedSentence({ references, data }: GateReport): string {
  const used = references.filter(({ skipped }) => skipped === null)
  const names = used.map(({ role, name, version }) => `the ${role} ${name} ${version}`)
  const against = names.length === 0 ? 'with nothing, since no other model was named' : `with ${names.join(', ')}`
  const left = references
    .filter(({ skipped }) => skipped !== null)
    .map(({ role, skipped }) => ` Without the ${role}: ${skipped}.`)
  const part = data.rows === data.rowsOfFile ? '' : ` of ${formatCount(data.rowsOfFile)}`
  return `Compared ${against}, on ${formatCount(data.rows)}${part} rows of ${data.dataSet} (split: ${data.split}).${left.join('')}`
}

export function trainingRowsSentence({ trainingRows }: GateReport): string {
  const ways = {
    texts: 'The texts of the training were compared with the rows.',
    hashes: 'The hashes that the manifest records were compared with the file; rows were not.',
    nothing: 'Whether rows were trained on is not known.',
  }
  return ways[trainingRows.by]
}

export function historySentence({ history }: GateReport): string {
  const times = history.gates === 1 ? 'the first gate' : `gate ${formatCount(history.gates)}`
  const candidates = history.candidates === 1 ? 'one candidate' : `${formatCount(history.candidates)} candidates`
  return `This is ${times} on these rows, with ${candidates} so far.`
}

export interface TextTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Every model file on the rows. */
export function modelTable({ models, labels }: GateReport): TextTable {
  return {
    columns: [
      'model',
      'file',
      'macro recall',
      '95 %',
      'accuracy',
      'calibration error',
      ...labels.map((label) => `recall of ${label}`),
    ],
    rows: models.map((model) => [
      model.role,
      nameFile(model),
      formatPoints(model.macroRecall.value),
      formatRange(model),
      formatPoints(model.accuracy.value),
      formatPoints(model.ece),
      ...model.recalls.map(formatPoints),
    ]),
  }
}

function formatRange({ macroRecall }: MeasuredModel): string {
  return `${formatPoints(macroRecall.low ?? 0)} – ${formatPoints(macroRecall.high ?? 0)}`
}

export function comparisonTable({ comparisons, labels }: GateReport): TextTable {
  return {
    columns: ['file', 'against', 'macro recall', 'at least', 'at most', 'answers that differ', 'McNemar p', ...labels],
    rows: comparisons.map((comparison) => [
      comparison.file,
      comparison.against === 'float32' ? 'its 32-bit file' : comparison.against,
      formatDifference(comparison.macroRecall.difference),
      formatDifference(comparison.macroRecall.low),
      formatDifference(comparison.macroRecall.high),
      `${formatPoints(comparison.differing / comparison.rows)} %`,
      formatProbability(comparison),
      ...comparison.recalls.map((recall) => (recall === null ? '–' : formatDifference(recall.difference))),
    ]),
  }
}

function formatProbability({ mcNemar: { p, onlyFirst, onlySecond } }: GateComparison): string {
  const shown = p < 0.001 ? '< 0.001' : p.toFixed(3)
  return `${shown} (${formatCount(onlySecond)} : ${formatCount(onlyFirst)})`
}

export function sliceTable(slices: readonly SliceComparison[]): TextTable {
  return {
    columns: ['posts', 'rows', 'candidate', 'reference', 'difference', 'at least', 'at most'],
    rows: slices.map(({ slice, rows, candidate, reference, difference }) => [
      slice,
      formatCount(rows),
      formatPoints(candidate),
      formatPoints(reference),
      formatDifference(candidate - reference),
      difference === null ? 'too few rows' : formatDifference(difference.low),
      difference === null ? '' : formatDifference(difference.high),
    ]),
  }
}
