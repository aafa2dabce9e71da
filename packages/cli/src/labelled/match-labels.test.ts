// From the labels of the data to classes.
import { describe, expect, test } from 'vitest'
import { checkUnknown, createLabelMatcher, describeUnknown, parseLabelMap } from './match-labels.ts'

const LABELS = ['negative', 'neutral', 'positive']

describe('labels of the data', () => {
  test('are names in any case, or numbers that count from 0', () => {
    const { match } = createLabelMatcher(LABELS, new Map())
    expect(['Positive', ' NEGATIVE ', 'neutral', 0, '2', 1n, '1.0', 2.0].map(match)).toEqual([2, 0, 1, 0, 2, 1, 1, 2])
    expect(['mixed', 3, '', null, undefined, -1, 'LABEL_1'].map(match)).toEqual(Array(7).fill(null))
  })

  test('may be mapped, and the map goes first', () => {
    const { match } = createLabelMatcher(LABELS, parseLabelMap('0=negative, 2=neutral,4=Positive,mixed=1'))
    expect(['0', 2, '4', 'Mixed'].map(match)).toEqual([0, 1, 2, 1])
  })

  test('a map to a label that the model does not have is refused, and so is one that is no map', () => {
    expect(() => createLabelMatcher(LABELS, parseLabelMap('4=great'))).toThrow('the model has no label "great"')
    expect(() => parseLabelMap('4')).toThrow('expected pairs')
    expect(() => parseLabelMap('4=')).toThrow('expected pairs')
    expect(() => parseLabelMap('a=b=c')).toThrow('expected pairs')
  })

  test('that are unknown are told with how often they come', () => {
    expect(
      describeUnknown(
        new Map([
          ['mixed', 3],
          ['sad', 1200],
        ]),
        LABELS,
      ),
    ).toBe(
      'the data has labels that the model doesn\'t know: "sad" (1,200), "mixed" (3); the model\'s are negative, neutral, positive',
    )
  })

  test('that are unknown are refused, or told of where they may be skipped and rows are left', () => {
    const unknown = new Map([['', 2]])
    expect(checkUnknown(new Map(), LABELS, { skip: false, left: 0 })).toBeNull()
    expect(() => checkUnknown(unknown, LABELS, { skip: false, left: 9 })).toThrow('none (2)')
    expect(() => checkUnknown(unknown, LABELS, { skip: true, left: 0 })).toThrow('No rows are left')
    expect(checkUnknown(unknown, LABELS, { skip: true, left: 9 })).toContain('They are left out')
  })
})
