// The verdicts of a gate: pure, from answers and a policy to one rule after another.
import { comparePairs, countPairs, type PairedDifference, powerToSee, rowsToSee } from '@renown/ml'
import { formatCount, formatDifference, formatPoints } from '../report/format.ts'
import { AGAINST, type Answers, boundOptions, type Evidence, formatConfidence, mainReference } from './evidence.ts'
import type {
  GateComparison,
  GateRule,
  GateVerdict,
  ReferenceRole,
  RuleName,
  RuleStatus,
  SliceComparison,
} from './gate-types.ts'
import { judgeCalibration } from './judge-calibration.ts'
import { compareSlices, judgeSlice } from './judge-slices.ts'
import type { GatePolicy } from './policy.ts'

export interface Judgement {
  readonly rules: readonly GateRule[]
  readonly comparisons: readonly GateComparison[]
  readonly slices: readonly SliceComparison[]
}

/** Everything that follows from answers: what follows from files, speed and training data is judged elsewhere. */
export function judgeAnswers(evidence: Evidence, policy: GatePolicy): Judgement {
  const comparisons = compareAll(evidence, policy)
  const main = mainReference(evidence.references)
  const slices = compareSlices(evidence, policy)
  return {
    rules: [
      ...evidence.candidate.map((answers) => judgeGuessing(answers, evidence)),
      ...comparisons.filter(isReference).map((comparison) => judgeMacroRecall(comparison, policy)),
      ...comparisons
        .filter(({ against }) => against === main)
        .flatMap((comparison) => judgeClasses(comparison, evidence, policy)),
      ...judgeFloors(evidence, policy),
      ...comparisons
        .filter((comparison) => !isReference(comparison))
        .map((comparison) => judgeMacroRecall(comparison, policy)),
      ...judgeCalibration(evidence, policy),
      ...slices.flatMap((slice) => judgeSlice(slice, policy)),
    ],
    comparisons,
    slices,
  }
}

/** One rule that fails decides; otherwise one that can't be decided. */
export function verdictOf(rules: readonly Pick<GateRule, 'status'>[]): GateVerdict {
  if (rules.some(({ status }) => status === 'fail')) return 'fail'
  return rules.some(({ status }) => status === 'undecidable') ? 'undecidable' : 'pass'
}

function isReference({ against }: GateComparison): boolean {
  return against !== 'float32'
}

function compareAll(
  { candidate, references, classes, labels }: Evidence,
  policy: GatePolicy,
): readonly GateComparison[] {
  const compare = (answers: Answers, against: GateComparison['against'], other: Answers): GateComparison => {
    const { file } = answers
    const counts = countPairs(classes, other.predictions, answers.predictions, labels.length)
    const { rows, differing, macroRecall, recalls, mcNemar } = comparePairs(counts, boundOptions(policy))
    return { file, against, rows, differing, macroRecall, recalls, mcNemar }
  }
  const roles = Object.entries(references) as [ReferenceRole, Answers][]
  const found = candidate.flatMap((answers) => roles.map(([role, other]) => compare(answers, role, other)))
  const [served, ...others] = candidate
  const float = others.find(({ encoding }) => encoding === 'float32')
  return served.encoding === 'float32' || float === undefined ? found : [...found, compare(served, 'float32', float)]
}

/** A fall by `margin` (a share) has to be excluded; rows that couldn't exclude it decide nothing. */
export function judgeDifference(
  { low, high, standardError }: PairedDifference,
  margin: number,
  rows: number,
  policy: Pick<GatePolicy, 'confidence' | 'power'>,
): { readonly status: RuleStatus; readonly rowsNeeded?: number } {
  if (low >= -margin) return { status: 'pass' }
  if (high < -margin || powerToSee(margin, standardError, policy.confidence) >= policy.power) return { status: 'fail' }
  return { status: 'undecidable', rowsNeeded: rowsToSee(margin, standardError, rows, policy) }
}

function marginAgainst(against: GateComparison['against'], policy: GatePolicy): number {
  const margins = {
    champion: policy.margin,
    best: policy.best_margin,
    base: policy.base_margin,
    float32: policy.quantised_margin,
  }
  return margins[against] / 100
}

function judgeMacroRecall({ file, against, macroRecall, rows }: GateComparison, policy: GatePolicy): GateRule {
  const rule: RuleName = against === 'float32' ? 'quantised' : against
  const margin = marginAgainst(against, policy)
  return differenceRule(rule, file, macroRecall, {
    margin,
    rows,
    unit: 'rows',
    policy,
    what: `macro recall against ${AGAINST[against]}`,
  })
}

interface DifferenceContext {
  readonly margin: number
  readonly rows: number
  /** Such as `rows`, or `rows of neutral`. */
  readonly unit: string
  readonly policy: GatePolicy
  /** Such as `macro recall against the champion`. */
  readonly what: string
}

function differenceRule(
  rule: RuleName,
  subject: string,
  found: PairedDifference,
  { margin, rows, unit, policy, what }: DifferenceContext,
): GateRule {
  const judged = judgeDifference(found, margin, rows, policy)
  const facts = `${formatDifference(found.difference)} points of ${what}, at least ${formatDifference(found.low)} with ${formatConfidence(policy)} confidence`
  const allowed = `${formatDifference(-margin)} is allowed`
  const short =
    judged.rowsNeeded === undefined
      ? ''
      : `; ${formatCount(rows)} ${unit} are too few to see that, about ${formatCount(judged.rowsNeeded)} would do`
  return {
    rule,
    subject,
    ...judged,
    measured: found.difference,
    bound: found.low,
    allowed: -margin,
    unit: 'share',
    sentence: `${facts}; ${allowed}${short}`,
  }
}

function judgeGuessing({ file, macroRecallLow, recalls }: Answers, { classes, labels }: Evidence): GateRule {
  const occurring = recalls.filter((_, label) => classes.includes(label))
  const measured = occurring.reduce((total, recall) => total + recall, 0) / occurring.length
  const guessing = 1 / labels.length
  return {
    rule: 'guessing',
    subject: file,
    status: judgeAbove(measured, macroRecallLow, guessing),
    measured,
    bound: macroRecallLow,
    allowed: guessing,
    unit: 'share',
    sentence: `macro recall ${formatPoints(measured)} %, at least ${formatPoints(macroRecallLow)} %; guessing gives ${formatPoints(guessing)} %`,
  }
}

function judgeAbove(measured: number, low: number, least: number): RuleStatus {
  if (low > least) return 'pass'
  return measured > least ? 'undecidable' : 'fail'
}

function judgeClasses(comparison: GateComparison, { labels, classes }: Evidence, policy: GatePolicy): GateRule[] {
  const margin = policy.class_margin / 100
  return labels.map((label, index) => {
    const subject = `${label}, ${comparison.file}`
    const found = comparison.recalls[index]
    const support = classes.filter((value) => value === index).length
    if (found === undefined || found === null) return missingClass(label, subject, margin)
    const what = `the recall of ${label} against ${AGAINST[comparison.against]}`
    return differenceRule('class-recall', subject, found, {
      margin,
      rows: support,
      unit: `rows of ${label}`,
      policy,
      what,
    })
  })
}

function missingClass(label: string, subject: string, margin: number): GateRule {
  return {
    rule: 'class-recall',
    subject,
    status: 'undecidable',
    measured: null,
    bound: null,
    allowed: -margin,
    unit: 'share',
    sentence: `no row has the label ${label}: whether its recall falls can't be seen`,
  }
}

function judgeFloors({ candidate, labels, classes }: Evidence, policy: GatePolicy): GateRule[] {
  const floor = policy.class_floor / 100
  if (floor === 0) return []
  return candidate.flatMap(({ file, recalls }) =>
    labels
      .map((label, index) => ({ label, index, recall: recalls[index] ?? 0 }))
      .filter(({ index }) => classes.includes(index))
      .map(
        ({ label, recall }): GateRule => ({
          rule: 'class-floor',
          subject: `${label}, ${file}`,
          status: recall >= floor ? 'pass' : 'fail',
          measured: recall,
          bound: null,
          allowed: floor,
          unit: 'share',
          sentence: `${formatPoints(recall)} % of ${label} are found; ${formatPoints(floor)} % is the least`,
        }),
      ),
  )
}
