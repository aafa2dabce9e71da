// The verdict on probabilities: whether they hold about as well as before.
import { type CalibratedAnswers, compareCalibration } from '@renown/ml'
import { formatCount, formatDifference, formatPoints } from '../report/format.ts'
import { AGAINST, type Answers, type Evidence, mainReference } from './evidence.ts'
import type { GateRule } from './gate-types.ts'
import type { GatePolicy } from './policy.ts'

/**
 * A rise within the margin passes as it is found: a bound would ask for far more rows than anything else. A rise beyond it
 * fails where it is shown, since of few rows a calibration error is mostly chance.
 */
export function judgeCalibration({ candidate, references, classes }: Evidence, policy: GatePolicy): GateRule[] {
  const role = mainReference(references)
  const other = role === null ? undefined : references[role]
  if (role === null || other === undefined) return []
  const margin = policy.calibration_margin / 100
  return candidate.map((answers): GateRule => {
    const rise = answers.ece - other.ece
    const judged = rise <= margin ? PASSED : judgeRise(rise, other, answers, classes, policy)
    const short =
      judged.rowsNeeded === undefined
        ? ''
        : `; ${formatCount(classes.length)} rows are too few to show that it is more, about ${formatCount(judged.rowsNeeded)} would do`
    return {
      rule: 'calibration',
      subject: answers.file,
      ...judged,
      measured: rise,
      allowed: margin,
      unit: 'share',
      sentence: `expected calibration error ${formatPoints(answers.ece)}, ${AGAINST[role]} has ${formatPoints(other.ece)}; ${formatDifference(margin)} points are allowed${short}`,
    }
  })
}

type Judged = Pick<GateRule, 'status' | 'bound' | 'rowsNeeded'>

const PASSED: Judged = { status: 'pass', bound: null }

function judgeRise(
  rise: number,
  reference: Answers,
  candidate: Answers,
  classes: readonly number[],
  policy: GatePolicy,
): Judged {
  const { confidence, seed } = policy
  const margin = policy.calibration_margin / 100
  const { low } = compareCalibration(calibrated(reference, classes), calibrated(candidate, classes), {
    confidence,
    seed,
  })
  if (low > margin) return { status: 'fail', bound: low }
  // The bound comes nearer with the square root of the rows.
  const rowsNeeded = Math.ceil(classes.length * ((rise - low) / (rise - margin)) ** 2)
  return { status: 'undecidable', bound: low, rowsNeeded }
}

function calibrated({ predictions, confidences }: Answers, classes: readonly number[]): CalibratedAnswers {
  return { confidences, isRight: predictions.map((prediction, row) => prediction === classes[row]) }
}
