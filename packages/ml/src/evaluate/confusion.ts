// Counts of labels against predictions, and every figure that follows from them.

/** `confusion[label][prediction]` counts. */
export type Confusion = readonly (readonly number[])[]

export interface ClassFigures {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** Rows with this label. */
  readonly support: number
}

export interface ConfusionFigures {
  readonly accuracy: number
  readonly macroRecall: number
  readonly macroF1: number
  readonly perClass: readonly ClassFigures[]
}

export function countConfusion(labels: readonly number[], predictions: readonly number[], classes: number): Confusion {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (const [row, label] of labels.entries()) {
    const counts = confusion[label]
    const prediction = predictions[row] ?? 0
    if (counts) counts[prediction] = (counts[prediction] ?? 0) + 1
  }
  return confusion
}

/**
 * Figures of a confusion matrix. A quotient with nothing below the line is 0 (scikit-learn's `zero_division=0`). Macro
 * recall, TweetEval's metric for sentiment, is the mean over the classes that occur among the labels (scikit-learn's
 * `balanced_accuracy_score`); macro F1 over those that occur among labels or predictions (`f1_score(average='macro')`).
 */
export function confusionFigures(confusion: Confusion): ConfusionFigures {
  const perClass: ClassFigures[] = []
  let correct = 0
  let total = 0
  let recalls = 0
  let labelled = 0
  let f1s = 0
  let occurring = 0
  for (const [index, counts] of confusion.entries()) {
    const hits = counts[index] ?? 0
    const support = sum(counts)
    const predicted = confusion.reduce((count, row) => count + (row[index] ?? 0), 0)
    const figures = {
      precision: quotient(hits, predicted),
      recall: quotient(hits, support),
      f1: quotient(2 * hits, predicted + support),
      support,
    }
    perClass.push(figures)
    correct += hits
    total += support
    recalls += figures.recall
    labelled += support > 0 ? 1 : 0
    f1s += figures.f1
    occurring += support + predicted > 0 ? 1 : 0
  }
  return {
    accuracy: quotient(correct, total),
    macroRecall: quotient(recalls, labelled),
    macroF1: quotient(f1s, occurring),
    perClass,
  }
}

function quotient(above: number, below: number): number {
  return below === 0 ? 0 : above / below
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
