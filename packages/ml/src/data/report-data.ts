// What a training is about to learn from: counts, lengths, duplicates, leaks, and what to mind.
import type { Preparation } from '../text/preparation.ts'
import { type CheckedData, checkData } from './check-data.ts'
import { type NearOptions, nearThreshold } from './compare-texts.ts'
import { findSketchedLeaks, type SplitLeaks } from './find-leaks.ts'
import { type LabelledTexts, SPLIT_NAMES, type SplitName } from './labelled-texts.ts'
import { reportSplit, type SplitReport } from './report-split.ts'
import { sketchTexts, type TextSketches } from './sketch-texts.ts'
import { type DataWarning, warnAbout } from './warn-about.ts'

export interface DataToReport extends CheckedData, NearOptions {
  /** How texts are prepared before they are tokenised: as they are, unless given. */
  readonly preparation?: Preparation
  /** All token ids of a prepared text, special tokens included: `encoder.encodeTruncated(text, Infinity)`. */
  readonly encode?: (text: string) => ArrayLike<number>
  /** The most tokens that are kept of a text. */
  readonly window?: number
}

export interface DataReport {
  readonly labels: readonly string[]
  /** Train first, then validation and test where they are. */
  readonly splits: readonly SplitReport[]
  readonly leaks: readonly SplitLeaks[]
  readonly warnings: readonly DataWarning[]
}

/** Holds numbers of rows, never texts. Throws what `checkData` throws. */
export function reportData(data: DataToReport): DataReport {
  checkData(data)
  const threshold = nearThreshold(data)
  const sketched = SPLIT_NAMES.flatMap((split): Sketched[] => {
    const texts = data[split]
    return texts === undefined ? [] : [{ split, texts, sketches: sketchTexts(texts.texts) }]
  })
  const splits = sketched.map(({ split, texts, sketches }) =>
    reportSplit(split, texts, sketches, { ...data, threshold }),
  )
  const leaks = findAllLeaks(sketched, threshold)
  return { labels: data.labels, splits, leaks, warnings: warnAbout(splits, leaks, data) }
}

interface Sketched {
  readonly split: SplitName
  readonly texts: LabelledTexts
  readonly sketches: TextSketches
}

function findAllLeaks(sketched: readonly Sketched[], threshold: number): SplitLeaks[] {
  const train = sketched.find(({ split }) => split === 'train')
  if (train === undefined) return []
  return sketched.flatMap(({ split, sketches }) =>
    split === 'train' ? [] : [{ split, ...findSketchedLeaks(train.sketches, sketches, threshold) }],
  )
}
