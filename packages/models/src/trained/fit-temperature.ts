// The temperature of a model, from its logits on the validation split.
import { fitTemperature } from '@renown/ml'
import type { PostLogits } from '../evaluation/score-posts.ts'
import type { TemperatureRecord } from '../manifest.ts'
import type { LabelledSplit } from './finish-types.ts'
import { nameSplitData } from './name-split.ts'

/** Outside of these a fit has run to the end of its search: the split has no wrong answer, or hardly a right one. */
const SOUND = { low: 0.1, high: 10 }

/** Four decimals, as the card shows them, so that what is written is what was measured. */
export function fitSplitTemperature(logits: PostLogits, split: LabelledSplit): TemperatureRecord {
  const posts = fittedPosts(logits)
  const classes = posts.map((post) => split.classes[post] ?? 0)
  const rows = posts.map((post) => logits[post]?.[0]?.logits ?? [])
  const fit = fitTemperature(rows, classes)
  const isSound = fit.temperature > SOUND.low && fit.temperature < SOUND.high
  return {
    value: isSound ? Math.round(fit.temperature * 1e4) / 1e4 : 1,
    dataSet: nameSplitData(split),
    split: split.split,
    rows: posts.length,
    nllBefore: fit.nllAtOne,
    nllAfter: isSound ? fit.nll : fit.nllAtOne,
  }
}

/** Posts of one window: those of several are combined after the softmax, and have no logits of their own. */
function fittedPosts(logits: PostLogits): number[] {
  const all = [...logits.keys()]
  const whole = all.filter((post) => logits[post]?.length === 1)
  return whole.length > 0 ? whole : all
}
