// Tests of the training report: what it says, what it leaves out, and that nothing in it is ever HTML.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { MANIFEST, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { renderTrainingReport } from './render-training-report.ts'
import type { Comparison, TrainingReportData } from './report-data.ts'
import { makeReport } from './test-report.ts'
import { writeTrainingReport } from './write-training-report.ts'

afterEach(removeTemporaryFolders)

/** The words of a page, without its style sheet. */
function readWords(page: string): string {
  return page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<\/?(small|td|th|dt|dd|li|p|h\d|span)[^>]*>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
}

function wordsOf(extra: Partial<TrainingReportData> = {}): string {
  return readWords(renderTrainingReport(makeReport(extra)))
}

function comparison(macroRecall: number, half: number): Comparison {
  const { evaluation } = makeReport().evaluations[0] as TrainingReportData['evaluations'][number]
  const interval = [macroRecall - half, macroRecall + half] as const
  return {
    name: 'its base',
    evaluation: { n: 300, macroRecall, intervals: { ...evaluation.intervals, macroRecall: interval } },
  }
}

describe('the first sentence', () => {
  test('has the figure with its interval, and what guessing would reach', () => {
    expect(wordsOf()).toMatch(
      /tiny reaches a macro recall of 75\.0 % \(\d\d\.\d – \d\d\.\d\) on 300 test posts; guessing would reach 33\.3 %/,
    )
  })

  test('names a difference where the posts can show it, and says so where they cannot', () => {
    expect(wordsOf({ before: comparison(0.4, 0.05) })).toMatch(/35\.0 ± \d\.\d points above its base \(40\.0 %\)/)
    expect(wordsOf({ before: comparison(0.95, 0.02) })).toMatch(/20\.0 ± \d\.\d points below its base \(95\.0 %\)/)
    expect(wordsOf({ before: comparison(0.74, 0.05) })).toContain(
      'no difference from its base (74.0 %) that these posts could show',
    )
    const onValidation = { ...comparison(0.4, 0.05), split: 'validation' }
    expect(wordsOf({ before: onValidation })).toMatch(/points above its base \(40\.0 % on the validation posts\)/)
  })

  test('says what was trained on what, for how long', () => {
    expect(wordsOf()).toContain(
      'Trained from someone/tiny-base on tiny_posts (mood), train: 45,615 posts. 2,000 steps, 2 epochs, 1 h 2 min, the weights of step 1,000 kept.',
    )
  })
})

describe('the charts', () => {
  test('have titles that say what happened', () => {
    const words = wordsOf()
    expect(words).toContain('Macro recall was highest at step 1,000: 68.0 %; 66.0 % at the end')
    expect(words).toContain('Validation loss was lowest at step 1,000: 0.75; 0.79 at the end')
    expect(words).toContain('The learning rate rose to 8e-5 by step 1,000 and fell to 2e-5')
    expect(words).toContain('Probabilities are')
  })

  test('have an accessible name, and their numbers in a table', () => {
    const page = renderTrainingReport(makeReport())
    const names = [...page.matchAll(/role="img" aria-label="([^"]+)"/g)].map(([, name]) => name)
    expect(names).toHaveLength(5)
    expect(new Set(names).size).toBe(5)
    expect(page).toContain('<td class="number">0.75</td>')
    expect(page.match(/<summary>Table<\/summary>/g)).toHaveLength(5)
  })

  test('show the curve of the run, not the evaluation of the kept weights after it', () => {
    const again = { eval_loss: 0.75, eval_macro_recall: 0.68, epoch: 2, step: 2000 }
    expect(wordsOf({ logHistory: [...makeReport().logHistory, again] })).toContain('66.0 % at the end')
  })

  test('draw a long run in few points', () => {
    const logHistory = Array.from({ length: 20_000 }, (_, step) => ({ loss: 1 / (step + 1), step: step + 1 }))
    const page = renderTrainingReport(makeReport({ logHistory }))
    expect(page.length).toBeLessThan(100_000)
    expect(readWords(page)).toContain('Training loss fell from 1 to 5e-5')
    expect(readWords(page)).toContain('shown as means of 84 rows of the log')
  })

  test('stand where there is little to show: no log, one row, values that are no numbers', () => {
    expect(wordsOf({ logHistory: [] })).toContain('Nothing was logged during training.')
    expect(wordsOf({ logHistory: [{ eval_loss: 0.5, eval_macro_recall: 0.5, step: 10 }] })).toContain(
      'Macro recall was highest at the end: 50.0 %',
    )
    const odd = renderTrainingReport(
      makeReport({
        logHistory: [
          { loss: Number.NaN, step: 1 },
          { loss: '<b>', step: 2 },
          { loss: 0, step: 3 },
        ],
      }),
    )
    expect(odd).not.toMatch(/NaN|Infinity|undefined/)
  })
})

describe('the evidence', () => {
  test('shows each file on each split, each label with its intervals, and the confusion as shares and counts', () => {
    const page = renderTrainingReport(makeReport())
    const words = readWords(page)
    expect(words).toContain(
      'Renown serves the 8-bit file by default: the same macro recall as 32 bits on the test split.',
    )
    expect(words).toMatch(/8-bit, test n = 300 75\.0 \d\d\.\d – \d\d\.\d/)
    expect(words).toMatch(/32-bit, validation n = 120 75\.0/)
    expect(words).toMatch(/negative 75\.0 \d\d\.\d – \d\d\.\d 75\.0 \d\d\.\d – \d\d\.\d 75\.0 \d\d\.\d – \d\d\.\d 100/)
    expect(page).toContain('<td class="number right" style="--share:0.750">75.0<small>75</small></td>')
    expect(words).toContain('The commonest mistake: negative taken for neutral (25 posts)')
  })

  test('tells the data, the recipe, the lineage and the speed', () => {
    const words = wordsOf()
    expect(words).toContain('neutral 3,000')
    expect(words).toContain('betas [0.9,0.999]')
    expect(words).toContain('tiny_posts (mood), 45,615 posts, SHA-256 aaaa')
    expect(words).toContain('Some CPU, 2 threads, linux x64, Node 20.20.0, onnxruntime 1.30.0')
    expect(words).toMatch(/training took 1 h 2 min training 25 posts\/s evaluation 60 posts\/s/)
  })

  test('gives a table of many columns the width of the page, so that its last column is seen', () => {
    const columns = ['split', 'median', '99 %', 'longest', 'cut', 'equal', 'near', 'leaks']
    const table = (title: string, count: number) => ({ title, columns: columns.slice(0, count), rows: [] })
    const page = renderTrainingReport(makeReport({ dataTables: [table('Few', 5), table('Many', 8)] }))
    expect(page).toContain('<div class="card"><h3>Few</h3>')
    expect(page).toContain('<div class="card wide"><h3>Many</h3>')
  })

  test('sets columns of numbers to the right, also where a cell is empty', () => {
    const dataTables = [
      {
        title: 'Few',
        columns: ['split', 'leaks'],
        rows: [
          ['train', ''],
          ['test', 1200],
        ],
      },
    ]
    const page = renderTrainingReport(makeReport({ dataTables }))
    expect(page).toContain('<td class="number">1,200</td>')
    expect(page).toContain('<th scope="col" class="text">split</th><th scope="col" class="number">leaks</th>')
  })

  test('says where nothing was measured', () => {
    const words = wordsOf({ evaluations: [], dataTables: [], manifest: { ...MANIFEST, training: null } })
    expect(words).toContain('tiny was trained; it was not measured')
    expect(words).toContain('No split was measured.')
  })
})

describe('the mistakes', () => {
  test('are rows and labels; their texts only where they are asked for', () => {
    const without = renderTrainingReport(makeReport())
    expect(readWords(without)).toContain('299 positive negative 98.8 0.6')
    expect(without).not.toContain('the text of post')
    const withTexts = renderTrainingReport(makeReport({ includeTexts: true }))
    expect(withTexts).toContain('the text of post 299')
  })

  test('fold a long post', () => {
    const { evaluations } = makeReport()
    const [main] = evaluations as [TrainingReportData['evaluations'][number]]
    const mistakes = [{ ...(main.mistakes[0] as (typeof main.mistakes)[number]), text: 'é'.repeat(300) }]
    expect(wordsOf({ evaluations: [{ ...main, mistakes }], includeTexts: true })).toContain('All 300 characters')
  })
})

describe('the page', () => {
  test('needs nothing from outside and runs nothing', () => {
    const page = renderTrainingReport(makeReport({ includeTexts: true }))
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\bsrc=|\bhref=|@import|url\(|https?:/i)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
  })

  test('shows hostile names, labels, settings and texts as text', () => {
    const evil = `</style></title>"'><script>alert(1)</script><img src=x onerror=alert(2)>\u0000\ud800`
    const data = makeReport({ includeTexts: true, before: { ...comparison(0.1, 0.01), name: evil } })
    const page = renderTrainingReport(putEverywhere(data, evil))
    expect(page).not.toMatch(/<script|<img/i)
    expect(page.match(/<\/style>/g)).toHaveLength(1)
    expect(page.match(/<\/title>/g)).toHaveLength(1)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).toContain('�')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
    expect(page).not.toMatch(/[\u0000\ud800]/)
    const attributes = [...page.matchAll(/<[^>]+>/g)].flatMap(([tag]) => [
      ...tag.replace(/"[^"]*"/g, '').matchAll(/\son\w+=/g),
    ])
    expect(attributes).toEqual([])
  })
})

/** Every string of the data replaced, but for the times, files, encodings and splits that choose what is shown. */
function putEverywhere<T>(value: T, evil: string, key = ''): T {
  if (typeof value === 'string') return (['created', 'file', 'encoding', 'split'].includes(key) ? value : evil) as T
  if (Array.isArray(value)) return value.map((item: unknown) => putEverywhere(item, evil, key)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, putEverywhere(item, evil, name)])) as T
}

describe('writeTrainingReport', () => {
  test('writes the whole page, over an older one, into a folder that it makes', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'reports', 'training.html')
    await writeTrainingReport(path, makeReport())
    await writeTrainingReport(path, makeReport({ includeTexts: true }))
    expect(await readFile(path, 'utf8')).toBe(renderTrainingReport(makeReport({ includeTexts: true })))
    expect(await readdir(join(folder, 'reports'))).toEqual(['training.html'])
  })

  test('says what stands in the way', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    await expect(writeTrainingReport(join(folder, 'file', 'report.html'), makeReport())).rejects.toMatchObject({
      code: 'EXPORT_FAILED',
    })
  })
})
