// Tests of finding splits among file names, and of reading cards.
import { describe, expect, test } from 'vitest'
import { matchPattern } from './glob.ts'
import { planConfigs } from './plan-splits.ts'
import { readCard } from './read-card.ts'

/** `config/split` to paths. */
function plan(paths: readonly string[], card = ''): Record<string, readonly string[]> {
  const configs = planConfigs(paths, readCard(card).configs)
  return Object.fromEntries(
    configs.flatMap(({ name, splits }) => splits.map((split) => [`${name}: ${split.name}`, split.paths])),
  )
}

describe('the layout of files', () => {
  test('names configuration and split by folder and file', () => {
    expect(
      plan([
        'emoji/train-00000-of-00001.parquet',
        'sentiment/validation-00000-of-00001.parquet',
        'sentiment/train-00001-of-00002.parquet',
        'sentiment/train-00000-of-00002.parquet',
        'README.md',
      ]),
    ).toEqual({
      'emoji: train': ['emoji/train-00000-of-00001.parquet'],
      'sentiment: train': ['sentiment/train-00000-of-00002.parquet', 'sentiment/train-00001-of-00002.parquet'],
      'sentiment: validation': ['sentiment/validation-00000-of-00001.parquet'],
    })
  })

  test('has one configuration where the files lie in data or at the top', () => {
    expect(plan(['data/train-00000-of-00001.parquet', 'data/test-00000-of-00001.parquet'])).toEqual({
      'default: train': ['data/train-00000-of-00001.parquet'],
      'default: test': ['data/test-00000-of-00001.parquet'],
    })
    expect(plan(['tweets-dev.parquet', 'tweets-train.parquet'])).toEqual({
      'default: train': ['tweets-train.parquet'],
      'default: validation': ['tweets-dev.parquet'],
    })
    expect(plan(['posts.parquet'])).toEqual({ 'default: train': ['posts.parquet'] })
  })

  test('is that of the conversion, in part or whole', () => {
    const configs = planConfigs(
      ['sentiment/partial-train/0000.parquet', 'sentiment/partial-train/0001.parquet', 'sentiment/test/0000.parquet'],
      [],
    )
    expect(configs).toEqual([
      {
        name: 'sentiment',
        isDefault: false,
        splits: [
          {
            name: 'train',
            paths: ['sentiment/partial-train/0000.parquet', 'sentiment/partial-train/0001.parquet'],
            isPartial: true,
          },
          { name: 'test', paths: ['sentiment/test/0000.parquet'], isPartial: false },
        ],
      },
    ])
  })

  test('is none without Parquet', () => {
    expect(plan(['data/train.csv', 'loader.py'])).toEqual({})
  })
})

describe('the card', () => {
  const PATHS = [
    'emoji/train-1.parquet',
    'sentiment/a/x.parquet',
    'sentiment/held-1.parquet',
    'sentiment/held-2.parquet',
  ]

  test('names splits by patterns', () => {
    const card = `---
configs:
- config_name: sentiment
  default: true
  data_files:
  - split: held
    path: sentiment/held-*
  - split: deep
    path: [sentiment/**/x.parquet]
- config_name: emoji
  data_files: {train: emoji/*.parquet}
---
# Posts`
    expect(plan(PATHS, card)).toEqual({
      'sentiment: held': ['sentiment/held-1.parquet', 'sentiment/held-2.parquet'],
      'sentiment: deep': ['sentiment/a/x.parquet'],
      'emoji: train': ['emoji/train-1.parquet'],
    })
    expect(readCard(card).configs.map(({ isDefault }) => isDefault)).toEqual([true, false])
  })

  test('may name a folder, a folder with patterns, or one pattern', () => {
    expect(plan(PATHS, '---\nconfigs:\n- config_name: s\n  data_dir: sentiment\n---\n')).toEqual({
      's: train': ['sentiment/a/x.parquet', 'sentiment/held-1.parquet', 'sentiment/held-2.parquet'],
    })
    expect(plan(PATHS, '---\nconfigs:\n- config_name: s\n  data_files: "sentiment/held*"\n---\n')).toEqual({
      's: train': ['sentiment/held-1.parquet', 'sentiment/held-2.parquet'],
    })
    expect(
      plan(PATHS, '---\nconfigs:\n- {config_name: s, data_dir: ./sentiment/, data_files: "held-1*"}\n---\n'),
    ).toEqual({
      's: train': ['sentiment/held-1.parquet'],
    })
  })

  test('has the names of classes as a list or a mapping', () => {
    const card = readCard(`---
dataset_info:
- config_name: sentiment
  features:
  - {name: text, dtype: string}
  - name: label
    dtype: {class_label: {names: {'0': negative, '1': neutral, '2': positive}}}
- config_name: yes
  features:
  - {name: label, dtype: {class_label: {names: [no, "yes"]}}}
---
`)
    expect(card.features.get('sentiment')).toEqual([
      { name: 'text', isText: true, labels: null },
      { name: 'label', isText: false, labels: ['negative', 'neutral', 'positive'] },
    ])
    expect(card.features.get('yes')).toEqual([{ name: 'label', isText: false, labels: ['no', 'yes'] }])
  })

  test.each([
    '',
    '# No front matter',
    '---\n: {[\n---\n',
    '---\n- 1\n- 2\n---\n',
    '---\nconfigs: 5\ndataset_info: x\n---\n',
  ])('that can not be read is passed over', (card) => {
    expect(plan(['train.parquet'], card)).toEqual({ 'default: train': ['train.parquet'] })
  })
})

test.each([
  ['data/*.parquet', 'data/a.parquet', true],
  ['data/*.parquet', 'data/b/a.parquet', false],
  ['data/**', 'data/b/a.parquet', true],
  ['**/train-*', 'train-1', true],
  ['**/train-*', 'a/b/train-1', true],
  ['a?[0-9].{csv,parquet}', 'ab7.parquet', true],
  ['a?[!0-9].{csv,parquet}', 'ab7.parquet', false],
  ['a+(b).parquet', 'a+(b).parquet', true],
  ['a.parquet', 'aXparquet', false],
  ['[z-a]', '[z-a]', true],
  ['./train.parquet', 'train.parquet', true],
])('the pattern %s and %s: %s', (pattern, path, expected) => {
  expect(matchPattern(pattern)(path)).toBe(expected)
})
