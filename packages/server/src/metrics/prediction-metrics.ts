// What is predicted, by label and model: how often, and how sure the model is.
import { type Classification, SENTIMENTS, type Sentiment } from '@renown/reputation'
import type { Registry } from 'prom-client'
import { toLabelValue } from './label-value.ts'
import { type CounterSeries, type HistogramSeries, SeriesCounter, SeriesHistogram } from './series.ts'

/** From a guess among three classes to certainty, close where models are. */
const CONFIDENCES = [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99]
/** A server that swaps its model every day must not remember them all. */
const MOST_MODELS = 8

export interface PredictionMetrics {
  predicted(outcome: Pick<Classification, 'label' | 'model' | 'score'>): void
  /** Series of the model at zero; those of the model that was seen first are forgotten where there are too many. */
  announceModel(version: string): void
}

type ModelSeries = Readonly<Record<Sentiment, { readonly count: CounterSeries; readonly scores: HistogramSeries }>>

export function createPredictionMetrics(registry: Registry): PredictionMetrics {
  const labelNames = ['label', 'model']
  const registers = [registry]
  const predictions = new SeriesCounter({
    name: 'sentiment_analysis_predictions_total',
    help: 'Texts classified, by label and version of the model.',
    labelNames,
    registers,
  })
  const confidence = new SeriesHistogram({
    name: 'renown_prediction_confidence_ratio',
    help: 'Probability of the label that was answered, by label and version of the model.',
    labelNames,
    buckets: CONFIDENCES,
    registers,
  })
  const models = new Map<string, ModelSeries>()

  function forgetFirst(): void {
    const [version] = models.keys()
    if (version === undefined) return
    models.delete(version)
    for (const label of SENTIMENTS) {
      const labels = { label, model: toLabelValue(version) }
      predictions.remove(labels)
      confidence.remove(labels)
    }
  }

  function add(version: string): ModelSeries {
    if (models.size >= MOST_MODELS) forgetFirst()
    const entries = SENTIMENTS.map((label) => {
      const labels = { label, model: toLabelValue(version) }
      return [label, { count: predictions.at(labels), scores: confidence.at(labels) }]
    })
    const series = Object.fromEntries(entries) as ModelSeries
    models.set(version, series)
    return series
  }

  return {
    predicted({ label, model, score }) {
      const { count, scores } = (models.get(model) ?? add(model))[label]
      count.add()
      scores.observe(score)
    },
    announceModel(version) {
      if (!models.has(version)) add(version)
    },
  }
}
