// Tests of what `renown train` says of bad wishes and bad data; run in this process, for speed.
import { cp, mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, TINY_MODEL, temporaryFolder } from '../test-cli.ts'
import { somePosts, type TestPost, toCsv, writePosts } from './test-posts.ts'
import { type HereResult, trainHere } from './test-run-here.ts'

afterEach(cleanUp)

const FAST = ['--max-steps', '2', '--threads', '1', '--save-strategy', 'no']

/** A training on these posts, into a folder that isn't there yet. */
async function train(
  posts: readonly TestPost[] | string,
  ...more: readonly string[]
): Promise<HereResult & { readonly output: string; readonly left: readonly string[] }> {
  const files = await writePosts(typeof posts === 'string' ? [] : posts)
  if (typeof posts === 'string') await writeFile(files.train, posts)
  const output = join(files.folder, 'deep', 'mine')
  const base = more.includes('--base') ? [] : ['--base', TINY_MODEL]
  const validation = more.includes('--validation-split') ? [] : ['--validation-file', files.validation]
  const data = ['--train-file', files.train, ...validation]
  const result = await trainHere([...base, ...data, '--output', output, ...FAST, ...more])
  return { ...result, output, left: await readdir(files.folder) }
}

const with_ = (posts: readonly TestPost[], change: (post: TestPost, index: number) => TestPost): TestPost[] =>
  posts.map(change)

describe('data that nothing can be learnt from is refused, and nothing is left behind', () => {
  const posts = somePosts(24)
  test.each([
    ['no label column', `text\n${posts.map(({ text }) => `"${text}"`).join('\n')}\n`, 2, 'COLUMN_NOT_FOUND'],
    ['one class', with_(posts, ({ text }) => ({ text, label: 'positive' })), 1, 'DATA_ONE_CLASS'],
    [
      'unknown labels',
      with_(posts, (post, index) => (index % 4 === 0 ? { ...post, label: 'mixed' } : post)),
      1,
      'train.csv: the data has labels that the model doesn\'t know: "mixed" (6); the model\'s are negative, neutral, positive. Map them with --label-map',
    ],
    ['no texts', with_(posts, ({ label }) => ({ text: ' ', label })), 1, 'DATA_EMPTY'],
    ['no labels', with_(posts, ({ text }) => ({ text, label: '' })), 1, 'the training data has no labels'],
    ['an empty file', '', 1, 'FILE'],
  ])('%s', async (_, data, code, message) => {
    const result = await train(data)
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) })
    expect(result.left).toEqual(['train.csv', 'validation.jsonl'])
  })
})

describe('data with faults', () => {
  test('of a few rows is trained on without them, and that is said', async () => {
    const posts = somePosts(30).map((post, index): TestPost => {
      if (index % 10 === 0) return { ...post, text: '' }
      return index % 10 === 1 ? { ...post, label: 'mixed' } : post
    })
    const { code, stderr } = await train(posts, '--skip-unknown')
    expect(code).toBe(0)
    expect(stderr).toContain('train.csv: 3 rows without a usable text are left out (TEXT_EMPTY, first in row 2)')
    expect(stderr).toContain('"mixed" (3); the model\'s are negative, neutral, positive. They are left out')
    expect(stderr).toContain('Training    24 posts of train.csv')
  })

  test('may be mapped to the labels', async () => {
    const posts = somePosts(24).map(({ text, label }) => ({ text, label: label === 'neutral' ? 'meh' : label }))
    const { code, stderr } = await train(posts, '--label-map', 'meh=neutral')
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining("(the base's)") })
  })

  test('a text of 100,000 characters is cut, a longer one left out, and both are said', async () => {
    const long = (length: number): string => 'so '.repeat(Math.ceil(length / 3)).slice(0, length)
    const posts = with_(somePosts(24), (post, index) => (index < 2 ? { ...post, text: long(100_000 + index) } : post))
    const { code, stderr } = await train(posts)
    expect(code).toBe(0)
    expect(stderr).toContain('1 rows without a usable text are left out (TEXT_TOO_LONG')
    expect(stderr).toMatch(/^train, tokens .* 4\.3 %$/m)
  })

  test('literal escapes and entities are found, and decoded where the preparation says so', async () => {
    const coded = with_(somePosts(24), (post, index) =>
      index < 3 ? { ...post, text: `${post.text} I\\u2019m &amp;` } : post,
    )
    const told = await train(coded, '--dry-run')
    expect(told.stderr).toMatch(/Warning: train has 3 rows with literal escapes .*train\.csv: 2, 3, 4/)
    expect(told.stderr).toMatch(/^Decode such texts, .* with --preparation tweet or cardiff$/m)
    const decoded = await train(coded, '--dry-run', '--preparation', 'tweet')
    expect(decoded.stderr).toMatch(/3 .*decoded/)
    expect(decoded.stderr).not.toContain('Decode such texts')
  })

  test('leaks are told of with their rows, and left out where that is asked for', async () => {
    const leaking = [...somePosts(24), ...somePosts(2, 50)]
    const told = await train(leaking, '--dry-run')
    expect(told.stderr).toMatch(/Warning: train has 2 rows of validation \(2 equal.*train\.csv: 26, 27\)/)
    expect(told.stderr).toContain('Leave such posts out with --drop-leaks')
    expect(told.stderr).toContain('Training    26 posts')
    const dropped = await train(leaking, '--dry-run', '--drop-leaks')
    expect(dropped.stderr).toContain('2 training posts are left out as leaks')
    expect(dropped.stderr).toContain('Training    24 posts')
  })
})

describe('wishes', () => {
  test.each([
    [['--learning-rate', 'NaN'], 2, 'learning_rate: expected a number of at least 0, got "NaN"'],
    [['--learning-rate', '-1e-5'], 2, 'learning_rate: expected a number of at least 0'],
    [
      ['--load-best-model-at-end', '--eval-strategy', 'epoch', '--save-strategy', 'steps'],
      2,
      'set save_strategy to epoch',
    ],
    [['--preparation', 'tweets'], 2, "argument 'tweets' is invalid"],
    [['--learnign-rate', '1'], 2, 'Did you mean --learning-rate?'],
    [['--text-column', 'body'], 2, 'has no column "body"'],
    [['--base', 'nowhere'], 1, 'there is no model "nowhere"'],
    [['--test-file', 'none.csv'], 2, '"none.csv" is no file'],
    [['--test-file', devNull], 2, 'it is a pipe or a device'],
    [['--labels', 'bad,good'], 1, 'LABELS_UNKNOWN'],
    [['--max-length', '2'], 2, 'max_length: expected a whole number of at least 3'],
    [['--dataset', 'x'], 2, '--train-file and --dataset: expected one of them'],
    // Before the data is read, which would be refused as well.
    [['--teacher', 'nowhere', '--text-column', 'body'], 1, 'there is no model "nowhere"'],
    [['--resume-from-checkpoint', 'nowhere'], 1, 'CHECKPOINT_INVALID'],
  ])('%j: exit code %i, %s', async (flags, code, message) => {
    const result = await train(somePosts(24), ...flags)
    expect(result).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(message) })
    expect(result.left).toEqual(['train.csv', 'validation.jsonl'])
  })

  test('a learning rate of 0 learns nothing, and that is said', async () => {
    const { code, stderr, output } = await train(somePosts(24), '--learning-rate', '0')
    expect({ code, said: stderr.includes('The learning rate is 0: nothing will be learned') }).toEqual({
      code: 0,
      said: true,
    })
    const weightsOf = (folder: string): Promise<Buffer> => readFile(join(folder, 'model.safetensors'))
    expect(tensorsOf(await weightsOf(output))).toEqual(tensorsOf(await weightsOf(TINY_MODEL)))
  })

  test('a learning rate of 1,000 ends in a model or in a clear error', async () => {
    const { code, stderr } = await train(somePosts(24), '--learning-rate', '1e3', '--max-steps', '10')
    expect(stderr).toMatch(
      code === 0 ? /^Warning: the loss ended at [\d.]+, and guessing has 1\.10/m : /\(TRAINING_DIVERGED\)/,
    )
  })

  test('a batch may be larger than the data', async () => {
    expect(await train(somePosts(24), '--per-device-train-batch-size', '1000')).toMatchObject({ code: 0 })
  })

  test('a folder with something else in it is left alone', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'notes.txt'), 'mine')
    const result = await train(somePosts(24), '--output', folder)
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty, and holds no training') })
    expect(await readdir(folder)).toEqual(['notes.txt'])
  })

  test('what fails when everything is learnt says how to go on without training again', async () => {
    const files = await writePosts(somePosts(24))
    const output = join(files.folder, 'mine')
    const data = ['--train-file', files.train, '--validation-file', files.validation]
    const args = ['--base', TINY_MODEL, ...data, '--output', output, ...FAST]
    const trained = trainHere(args)
    while (!(await readdir(output).catch((): string[] => [])).includes('.training')) await setTimeout(1)
    await mkdir(join(output, 'report.html'))
    const { code, stderr } = await trained
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('checkpoint-2 has all that was learnt'),
    })
    await rmdir(join(output, 'report.html'))
    const again = await trainHere([...args, '--resume-from-checkpoint'])
    expect({ code: again.code, went: again.stderr.includes('Going on from checkpoint-2') }).toEqual({
      code: 0,
      went: true,
    })
  })

  test('a dry run tells steps, memory and time, and writes nothing', async () => {
    const result = await train(somePosts(24), '--dry-run', '--max-steps=-1', '--num-train-epochs', '2')
    expect(result).toMatchObject({ code: 0, left: ['train.csv', 'validation.jsonl'] })
    expect(result.stdout).toMatch(/^Steps +6, 3 an epoch\n/)
    expect(result.stdout).toMatch(/^Memory .*\nSpeed .* tokens\/s with 1 thread \(.*\nTime .*\nNothing was written\n$/m)
  })
})

/** Names and bytes, which may stand in another order in the file. */
function tensorsOf(safetensors: Buffer): string[] {
  const header = Number(safetensors.readBigUInt64LE(0))
  const entries = JSON.parse(safetensors.subarray(8, 8 + header).toString()) as Record<
    string,
    { data_offsets?: [number, number] }
  >
  const tensors = Object.entries(entries).flatMap(([name, { data_offsets: offsets }]) =>
    offsets === undefined
      ? []
      : [`${name} ${safetensors.subarray(8 + header + offsets[0], 8 + header + offsets[1]).toString('base64')}`],
  )
  return tensors.sort()
}

describe('a base', () => {
  test('with another number of labels gets a new head, and that is said', async () => {
    const posts = somePosts(24).map(({ text }, index) => ({ text, label: index % 2 === 0 ? 'ham' : 'spam' }))
    const { code, stderr, output } = await train(posts, '--validation-split', '0.25')
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("Head        new, for 2 labels: the base's is for 3 labels"),
    })
    const config = JSON.parse(await readFile(join(output, 'config.json'), 'utf8'))
    expect(config.id2label).toEqual({ 0: 'ham', 1: 'spam' })
  })

  test('whose tokenizer makes tokens that its weights do not know is refused', async () => {
    const base = join(await temporaryFolder(), 'base')
    await mkdir(base)
    for (const name of ['config.json', 'model.safetensors', 'tokenizer_config.json', 'tokenizer.json']) {
      await cp(join(TINY_MODEL, name), join(base, name))
    }
    const tokenizer = JSON.parse(await readFile(join(base, 'tokenizer.json'), 'utf8'))
    for (const token of Object.keys(tokenizer.model.vocab)) {
      if (!token.startsWith('[')) tokenizer.model.vocab[token] += 100_000
    }
    await writeFile(join(base, 'tokenizer.json'), JSON.stringify(tokenizer))
    const result = await train(somePosts(24), '--base', base)
    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('The tokenizer does not fit the model') })
    expect(result.left).toEqual(['train.csv', 'validation.jsonl'])
  })
})

describe('several sources', () => {
  test('are mixed by weight, and learn from a teacher', async () => {
    const { folder, validation } = await writePosts()
    await writeFile(join(folder, 'a.csv'), toCsv(somePosts(24)))
    await writeFile(
      join(folder, 'b.csv'),
      toCsv(somePosts(24, 24).map((post) => ({ ...post, label: post.label.toUpperCase() }))),
    )
    const recipe = join(folder, 'recipe.yaml')
    await writeFile(
      recipe,
      `base: ${TINY_MODEL}\nteacher: [${TINY_MODEL}, ${TINY_MODEL}]\nvalidation_file: ${validation}\noutput: mine\nthreads: 1
per_device_train_batch_size: 12\nnum_train_epochs: 1
train:\n  - {file: a.csv, weight: 2}\n  - {file: b.csv, weight: 0.5}\n`,
    )
    const { code, stderr } = await trainHere(['--recipe', recipe])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stderr).toContain('Training    24 posts of a.csv, weight 2\nTraining    24 posts of b.csv, weight 0.5')
    expect(stderr).toContain('The teacher tiny-bert scores 48 posts')
    // (2 · 24 + 12) / 12
    expect(stderr).toContain('Plan        5 steps, 5 an epoch')
  })

  test('posts without labels are learnt from the teacher alone, but for those that others have too', async () => {
    const { folder, train, validation } = await writePosts(somePosts(24))
    const fresh = [
      'Nobody told us that the lift was out of order today',
      'What a wonderful evening by the river, thank you all',
      'The number nine leaves from platform four at noon',
    ]
    const known = [somePosts(1)[0], somePosts(1, 48)[0]].map((post) => post?.text)
    await writeFile(join(folder, 'more.csv'), `post\n${[...known, ...fresh].map((text) => `"${text}"`).join('\n')}\n`)
    const wishes = ['--base', TINY_MODEL, '--train-file', train, '--validation-file', validation, '--threads', '1']
    const more = ['--unlabelled-file', join(folder, 'more.csv'), '--per-device-train-batch-size', '9']
    const taught = [...wishes, ...more, '--teacher', TINY_MODEL, '--max-steps', '3', '--logging-steps', '1']
    const output = join(folder, 'mine')
    const { code, stderr } = await trainHere([...taught, '--output', output])
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
    expect(stderr).toContain('2 posts without labels are left out: they nearly equal one of the others')
    expect(stderr).toContain('Unlabelled  3 posts of more.csv')
    expect(stderr).toContain('The teacher tiny-bert scores 27 posts')
    expect(stderr).toContain('Plan        3 steps, 3 an epoch')
    const manifest = JSON.parse(await readFile(join(output, 'renown.json'), 'utf8'))
    expect(manifest.training.data.map(({ rows }: { rows: number }) => rows)).toEqual([24, 3, 18])
    const made = await trainHere([...taught, '--augmentation-factor', '0.5', '--output', join(folder, 'augmented')])
    expect(made.stderr).toContain('Unlabelled  14 posts of augmentation')
    expect(made.stderr).toContain('The teacher tiny-bert scores 41 posts')
    expect(made).toMatchObject({ code: 0 })
    const refused = await trainHere([...wishes, ...more, '--output', join(folder, 'other')])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('expected --teacher beside it') })
  })
})
