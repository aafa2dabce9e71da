// Which labels are sentiments.
import { describe, expect, it } from 'vitest'
import { placeLabels } from './sentiment-labels.ts'

describe('the labels of a model', () => {
  it.each([
    [['negative', 'neutral', 'positive'], { negative: 0, neutral: 1, positive: 2 }],
    [['POSITIVE', 'Negative', 'neutral '], { negative: 1, neutral: 2, positive: 0 }],
    [['pos', 'NEU', 'neg'], { negative: 2, neutral: 1, positive: 0 }],
  ])('%j are the three sentiments', (labels, places) => {
    expect(placeLabels(labels)).toEqual(places)
  })

  it.each([
    [['LABEL_0', 'LABEL_1', 'LABEL_2']],
    [['negative', 'positive']],
    [['negative', 'neutral', 'positive', 'mixed']],
    [['negative', 'negative', 'positive']],
    [[]],
  ])('%j are refused', (labels) => {
    expect(() => placeLabels(labels)).toThrow(expect.objectContaining({ code: 'LABELS_UNSUPPORTED' }))
  })

  it('come from the manifest where the model itself has no names for them', () => {
    const named = ['neutral', 'positive', 'negative']
    expect(placeLabels(['LABEL_0', 'LABEL_1', 'LABEL_2'], named)).toEqual({ negative: 2, neutral: 0, positive: 1 })
  })
})
