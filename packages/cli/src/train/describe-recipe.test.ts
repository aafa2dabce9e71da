// Tests of the recipe in a model's lineage.
import { parseTrainingArguments } from '@renown/ml'
import { expect, test } from 'vitest'
import { describeRecipe } from './describe-recipe.ts'
import type { GivenValues } from './given-values.ts'

test('a lineage has every argument, and no path of the machine', () => {
  const given = (values: Readonly<Record<string, unknown>>): GivenValues =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, where: name }]))
  const recipe = describeRecipe(
    {
      given: given({
        base: '/home/someone/models/base',
        teacher: 'hf:someone/large',
        dataset: './data/mine',
        train: [
          { file: '../x/posts.csv', weight: 2 },
          { dataset: 'tweet_eval', config: 'sentiment' },
        ],
        test_file: 'deep/test.csv',
        output: '/srv/out',
        seed: '7',
        gate_share: '0.2',
        champion: '/srv/champion',
      }),
      settings: parseTrainingArguments({ seed: 7 }),
    },
    { share: 0.2, seed: 7 },
  )
  expect(recipe).toMatchObject({
    base: 'base',
    teacher: 'hf:someone/large',
    dataset: 'mine',
    train: [
      { file: 'posts.csv', weight: 2 },
      { dataset: 'tweet_eval', config: 'sentiment' },
    ],
    test_file: 'test.csv',
    seed: 7,
    learning_rate: 5e-5,
    gate_share: 0.2,
    gate_seed: 7,
  })
  expect(JSON.stringify(recipe)).not.toMatch(/home|srv|deep|output|resume|champion/)
})
