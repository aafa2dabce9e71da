// Tests of what a training is asked to do: recipes, flags, and what contradicts itself.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, describe, expect, test } from 'vitest'
import type { GivenValues } from './given-values.ts'
import { planTrain } from './plan-train.ts'
import { readRecipe } from './read-recipe.ts'
import { resumeCommand } from './resume-command.ts'
import { addTrainFlags } from './train-flags.ts'
import { planRequest } from './train-request.ts'

const folders: string[] = []

afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })))
})

async function writeRecipe(text: string, name = 'recipe.yaml'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'renown-recipe-'))
  folders.push(folder)
  await writeFile(join(folder, name), text)
  return join(folder, name)
}

const given = (values: Readonly<Record<string, unknown>>): GivenValues =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, { value, where: `--${name.replaceAll('_', '-')}` }]),
  )

const LEAST = { base: 'default', output: 'out', train_file: ['a.csv'], validation_file: 'b.csv' }
const plan = (values: Readonly<Record<string, unknown>>) =>
  planRequest(given({ ...LEAST, ...values }), { dryRun: false })

describe('a recipe', () => {
  test('may be YAML or JSON, in snake_case or kebab-case, with paths from its own folder', async () => {
    const yaml = await writeRecipe('learning-rate: 2e-5\ntrain_file: data/a.csv\nbase: default\noutput: ../out\n')
    const folder = join(yaml, '..')
    expect(await readRecipe(yaml)).toEqual({
      learning_rate: { value: 2e-5, where: `learning_rate in ${yaml}` },
      train_file: { value: join(folder, 'data/a.csv'), where: `train_file in ${yaml}` },
      base: { value: 'default', where: `base in ${yaml}` },
      output: { value: join(folder, '../out'), where: `output in ${yaml}` },
    })
    const json = await writeRecipe('{"num_train_epochs": 2, "base": "./model", "seed": null}', 'r.json')
    const values = await readRecipe(json)
    expect(Object.keys(values)).toEqual(['num_train_epochs', 'base'])
    expect(values.base?.value).toBe(join(json, '../model'))
  })

  test.each([
    ['learing_rate: 1', 'there is no key "learing_rate" here: did you mean "learning_rate"?'],
    ['text-colum: x', 'did you mean "text_column"?'],
    ['colour: red', '`renown train --help` has them all'],
    ['train: [{file: a.csv, wieght: 2}]', 'did you mean "weight"?'],
    ['train: [1]', 'expected a file, or keys such as {file: a.csv, weight: 2}'],
    ['- a\n- b', 'expected keys and values'],
    ['a: [1', 'expected YAML or JSON'],
    ['seed: 1\nse-ed: 2', 'no key "se-ed"'],
    ['label_map: a=b\nlabel-map: b=c', '"label_map" is there twice'],
  ])('with %j is refused with what is wrong', async (text, message) => {
    await expect(readRecipe(await writeRecipe(text))).rejects.toMatchObject({
      code: 'USAGE_INVALID',
      message: expect.stringContaining(message),
    })
  })

  test('that is no YAML is refused in one line, with the place', async () => {
    await expect(readRecipe(await writeRecipe('seed: 1\nseed: 2\n'))).rejects.toMatchObject({
      message: expect.stringMatching(/^.*: expected YAML or JSON: .* at line 2, column 1$/),
    })
  })

  test('that is not there is told of', async () => {
    await expect(readRecipe('none.yaml')).rejects.toMatchObject({ code: 'INPUT_NOT_FOUND' })
  })

  test('mixes sources with weights, samples and label maps of their own', async () => {
    const recipe = await writeRecipe(`
base: default
output: out
label_map: {bad: negative}
text_column: body
train:
  - posts.csv
  - {file: more.csv, weight: 0.5, label_map: {awful: negative}, text-column: post}
  - {dataset: tweet_eval, config: sentiment, samples: 100}
validation: {dataset: tweet_eval, config: sentiment}
`)
    const { request } = await planTrain({ recipe })
    const folder = join(recipe, '..')
    expect(request.data.train).toEqual([
      {
        place: { kind: 'file', path: join(folder, 'posts.csv') },
        textColumn: 'body',
        labelColumn: null,
        labelMap: new Map([['bad', 'negative']]),
        weight: 1,
        samples: null,
      },
      expect.objectContaining({ textColumn: 'post', labelMap: new Map([['awful', 'negative']]), weight: 0.5 }),
      expect.objectContaining({
        place: { kind: 'dataset', name: 'tweet_eval', config: 'sentiment', revision: null, split: 'train' },
        samples: 100,
      }),
    ])
    expect(request.data.validation).toMatchObject({ source: { place: { split: 'validation' } } })
    expect(request.data.test).toBeNull()
  })

  test('gives way to flags, and a flag for one source replaces all of its sources', async () => {
    const recipe = await writeRecipe(`
base: default
output: out
dataset: tweet_eval
dataset_config: sentiment
train_samples: 500
evaluation_strategy: epoch
max_steps: 100
warmup_ratio: 0.1
group_by_length: true
`)
    const flags = {
      recipe,
      train_file: ['mine.csv'],
      validation_split: '0.2',
      eval_strategy: 'steps',
      num_train_epochs: '1.5',
      warmup_steps: '10',
      train_sampling_strategy: 'random',
    }
    const { request, settings } = await planTrain(flags)
    expect(request.data.train).toMatchObject([{ place: { kind: 'file', path: 'mine.csv' }, samples: null }])
    expect(request.data.validation).toEqual({ kind: 'share', share: 0.2, stratified: true })
    expect(settings).toMatchObject({
      evalStrategy: 'steps',
      numTrainEpochs: 1.5,
      maxSteps: -1,
      warmupSteps: 10,
      warmupRatio: null,
      trainSamplingStrategy: 'random',
    })
  })
})

describe('a request', () => {
  test('for a data set takes its other splits for validation and test', () => {
    const { data } = planRequest(given({ base: 'default', output: 'o', dataset: 'd', dataset_revision: 'abc' }), {
      dryRun: false,
    })
    const place = { kind: 'dataset', name: 'd', config: null, revision: 'abc' }
    expect(data.validation).toMatchObject({ kind: 'source', source: { place: { ...place, split: 'validation' } } })
    expect(data.test).toMatchObject({ place: { ...place, split: 'test' } })
  })

  test.each([
    [{ base: undefined }, 'nothing to start from'],
    [{ output: undefined }, 'nowhere to write'],
    [{ train_file: undefined }, 'nothing to train on'],
    [{ validation_file: undefined }, 'nothing to validate on'],
    [{ dataset: 'd' }, '--train-file and --dataset: expected one of them'],
    [{ validation_split: '0.1' }, '--validation-file and --validation-split: expected one of them'],
    [{ stratified: true }, '--stratified says how to split'],
    [{ validation_file: undefined, validation_split: '1' }, '--validation-split: expected a share between 0 and 1'],
    [{ validation_file: undefined, validation_split: 'NaN' }, '--validation-split: expected a share'],
    [
      { validation_file: undefined, validation_split: 0.1, stratified: true, random_split: true },
      '--stratified and --random-split',
    ],
    [{ train_samples: '0' }, '--train-samples: expected a whole number of posts from 1, got "0"'],
    [{ train_samples: '5', train_file: ['a', 'b'] }, 'there are 2 sources; give each its "samples"'],
    [{ labels: 'negative' }, '--labels: expected two labels or more'],
    [{ labels: 'a,A' }, '--labels: expected labels that differ'],
    [{ label_map: 'a' }, '--label-map: expected pairs'],
    [{ threads: '1.5' }, '--threads: expected a whole number of threads from 1'],
    [{ preparation: 'tweets' }, '--preparation: expected one of cardiff, tweet, raw'],
    [{ unlabelled_file: ['c.csv'] }, '--unlabelled-file: posts without labels are learnt from a teacher alone'],
    [
      { unlabelled_file: ['c.csv'], unlabelled: [{ file: 'd.csv' }], teacher: 'default' },
      '--unlabelled and --unlabelled-file: expected one of them',
    ],
    [{ augmentation_factor: '1' }, '--augmentation-factor: posts that are made have no labels'],
    [
      { augmentation_factor: '-1', teacher: 'default' },
      '--augmentation-factor: expected a number of posts for each post',
    ],
    [
      { augmentation_factor: '1e9', teacher: 'default' },
      '--augmentation-factor: expected a number of posts for each post',
    ],
    [{ report_texts: 'maybe' }, '--report-texts: expected true or false'],
  ])('%j is refused: %s', (values, message) => {
    expect(() => plan(values)).toThrow(message)
  })

  test('without an output is fine where nothing is written', () => {
    expect(planRequest(given({ ...LEAST, output: undefined }), { dryRun: true }).output).toBeNull()
  })
})

test.each([[{ unlabelled_file: ['c.csv'] }], [{ augmentation_factor: '0.5' }]])(
  'posts without labels and a teacher that does not count are refused together: %j',
  async (more) => {
    const flags = { ...LEAST, train_file: ['a.csv'], ...more, teacher: ['t'], distillation_weight: '0' }
    await expect(planTrain(flags)).rejects.toThrow('distillation_weight is 0, and there are posts without labels')
  },
)

describe('training arguments', () => {
  test.each([
    [{ learning_rate: 'NaN' }, 'learning_rate'],
    [{ learning_rate: '-1' }, 'at least 0'],
    [{ load_best_model_at_end: true, eval_strategy: 'epoch' }, 'set save_strategy to epoch or best'],
    [{ class_weights: '1,-2' }, 'class_weights'],
  ])('%j are refused before anything is opened', async (values, message) => {
    const flags = { ...LEAST, train_file: ['none.csv'], ...values }
    await expect(planTrain(flags)).rejects.toMatchObject({
      code: 'ARGUMENTS_INVALID',
      message: expect.stringContaining(message),
    })
  })
})

describe('names of the Trainer', () => {
  test('are understood: output_dir, and those of version 4', async () => {
    const recipe = await writeRecipe(
      'base: default\ntrain_file: a.csv\nvalidation_file: b.csv\noutput_dir: mine\nevaluation_strategy: epoch\n',
    )
    const { request, settings } = await planTrain({ recipe })
    expect([request.output, settings.evalStrategy]).toEqual([join(recipe, '../mine'), 'epoch'])
  })

  test('are understood: metrics with eval_ before them', async () => {
    const args = ['--metric_for_best_model', 'eval_macro_recall', '--eval-strategy', 'epoch']
    const program = addTrainFlags(new Command().exitOverride()).parse(args, { from: 'user' })
    const { settings } = await planTrain({ ...LEAST, ...program.opts() })
    expect(settings.metricForBestModel).toBe('macro_recall')
    await expect(planTrain({ ...LEAST, eval_strategy: 'often' })).rejects.toThrow('expected one of no, steps, epoch')
  })

  test('that have no meaning here are refused with the reason, as flags and in a recipe', async () => {
    const program = new Command().exitOverride()
    addTrainFlags(program).parse(['--fp16', '--report_to', 'none', '--logging-dir', 'logs', '--output_dir', 'out'], {
      from: 'user',
    })
    expect(program.opts()).toEqual({ fp16: true, report_to: 'none', logging_dir: 'logs', output: 'out' })
    for (const name of ['fp16', 'report_to', 'logging_dir']) {
      await expect(planTrain({ ...LEAST, [name]: program.opts()[name] })).rejects.toMatchObject({
        code: 'ARGUMENTS_INVALID',
        message: expect.stringMatching(new RegExp(`^${name} isn't supported: .+; leave it out$`)),
      })
    }
  })

  test('that are two of one option must not contradict each other', async () => {
    const recipe = await writeRecipe('eval_strategy: epoch\nevaluation_strategy: "no"\n')
    await expect(planTrain({ ...LEAST, recipe })).rejects.toMatchObject({
      code: 'USAGE_INVALID',
      message: expect.stringContaining('are the same option: expected one of them'),
    })
  })
})

test('the command that goes on has the flags again, quoted for a shell', () => {
  const flags = { recipe: 'r.yaml', train_file: ['a.csv', "it's.csv"], dryRun: false, load_best_model_at_end: true }
  expect(resumeCommand({ ...flags, output: 'my model', seed: '7' })).toBe(
    "renown train --recipe r.yaml --train-file a.csv --train-file 'it'\\''s.csv' --load-best-model-at-end --output 'my model' --seed 7 --resume-from-checkpoint",
  )
})
