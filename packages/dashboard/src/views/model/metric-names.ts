// What the measures are called and what they mean, in plain words.

interface MetricName {
  readonly title: string
  readonly hint: string
}

const NAMES: Readonly<Record<string, MetricName>> = {
  macro_recall: { title: 'Macro recall', hint: 'Of each label’s posts, the share that it finds; mean of the three' },
  macro_f1: { title: 'Macro F1', hint: 'Finds them and is right about it; mean of the three' },
  accuracy: { title: 'Accuracy', hint: 'Share of posts that it labels right' },
  ece: { title: 'Calibration error', hint: 'How far its probabilities are off; 0 is best' },
  ece_before: { title: 'Calibration error before', hint: 'The same, had its temperature not been fitted' },
}

const ORDER = Object.keys(NAMES)

/** Metric keys come in camel or snake case, depending on who wrote the manifest. */
function canonical(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/_(\d)/g, '$1')
}

export function describeMetric(key: string): MetricName {
  const name = canonical(key)
  const words = name.replaceAll('_', ' ')
  return NAMES[name] ?? { title: words.charAt(0).toUpperCase() + words.slice(1), hint: '' }
}

/** The known ones first, in their order. */
export function orderMetrics(keys: readonly string[]): readonly string[] {
  const rank = (key: string): number => {
    const index = ORDER.indexOf(canonical(key))
    return index === -1 ? ORDER.length : index
  }
  return keys.toSorted((a, b) => rank(a) - rank(b))
}
