// "Model" with much to say: the answer first, what is long folded, and nothing lost that was folded.
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ModelFolder, openModelFolder } from '../../packages/models/src/index.ts'
import { makeTestModel } from '../../packages/server/src/registry/test-models.ts'
import { type ListeningServer, openTestServer } from '../../packages/server/src/test-support.ts'
import { ROOT } from '../support/workspace.ts'
import { launchBrowser, NO_BROWSER, named, type Visitor, visit } from './support/browser.ts'
import { inspect } from './support/inspect.ts'
import { buildPage } from './support/page-server.ts'
import { plain, settle } from './support/steps.ts'

const SINCE = '2026-02-01T12:00:00.000Z'
const VERSIONS = 24
const REFUSED = 8
const UNMEASURED = 'v2'
const DIFFERED = 20
const FAILED = [{ rule: 'champion', subject: 'x', status: 'fail', sentence: 'a loss of 0.4 points' }] as const

/** What a reader may open, and whether it is open at first. */
const FOLDS = [
  ['5 more versions that this server stays off', false],
  ['All scores on tweet_eval (sentiment), test, model.safetensors, float32', true],
  ['All scores on tweet_eval (sentiment), test, onnx/model_quantized.onnx, int8', false],
  ['All scores on tweet_eval (sentiment), validation, onnx/model_quantized.onnx, int8', false],
  ['Where they differed last: 20 posts', false],
  ['19 earlier in the history of champion', false],
  ['Read the card', false],
] as const

/** The embedded model; what was measured last is of what serves here. */
async function openFolder(): Promise<ModelFolder> {
  const folder = await openModelFolder(join(ROOT, 'models/default'), { verify: false })
  const [first, second, third] = folder.manifest.evaluations
  if (first === undefined || second === undefined || third === undefined) throw new Error('three evaluations expected')
  const served = { ...third, file: 'model.safetensors', encoding: 'float32' } as const
  return { ...folder, manifest: { ...folder.manifest, evaluations: [first, second, served] } }
}

/** Versions of which every third failed its gate, all of them the champion one after the other. */
async function fillRegistry({ home, server }: ListeningServer): Promise<void> {
  const { models } = server.context
  const who = 'ada (key 0123456789ab)'
  for (let number = 1; number <= VERSIONS; number++) {
    const folder = await makeTestModel(home, {
      name: `model-${number}`,
      version: `1.${number}.0`,
      ...(`v${number}` === UNMEASURED ? {} : { recall: 0.6 + number / 200 }),
      papers: { 'gate.html': '<p>', 'report.html': '<p>' },
      gate: number % 3 === 0 ? { verdict: 'fail', rules: [...FAILED] } : {},
    })
    await models.add(folder, { who, why: `trained on the posts of week ${number}` })
    await models.promote(`v${number}`, 'champion', { who, why: `finds more complaints, week ${number}` })
  }
}

function fillDeployment({ deployment }: ListeningServer): void {
  const version = (reference: string): typeof deployment.state.serving => {
    return { reference, name: 'tiny', version: reference, hash: 'a'.repeat(64), since: SINCE }
  }
  deployment.state = {
    following: 'champion',
    serving: version(`v${VERSIONS}`),
    previous: version('v23'),
    loading: null,
    refused: Array.from({ length: REFUSED }, (_, index) => {
      const reference = `hf:someone/model-${index}`
      return { reference, hash: `${index}`.repeat(64), at: SINCE, code: 'ANSWERS_DIFFER', reason: 'other answers' }
    }),
    checked: { at: SINCE, error: null },
    challenger: {
      version: version('v22'),
      share: 0.1,
      compared: 2000,
      agreed: 1900,
      labels: { negative: { negative: 1000, neutral: 100 }, positive: { positive: 900 } },
      disagreements: Array.from({ length: DIFFERED }, () => {
        return { at: SINCE, served: 'negative', challenger: 'neutral', servedScore: 0.6, challengerScore: 0.5 }
      }),
    },
  }
}

describe.skipIf(NO_BROWSER !== '')(named('the page: a model with much to say'), { timeout: 120_000 }, () => {
  let browser: Browser
  let server: ListeningServer
  let measured: ModelFolder['manifest']['evaluations']
  let visitor: Visitor | null = null

  beforeAll(async () => {
    const [started, pageFolder, folder] = await Promise.all([launchBrowser(), buildPage(), openFolder()])
    browser = started
    measured = folder.manifest.evaluations
    server = await openTestServer({ pageFolder, folder })
    await fillRegistry(server)
    fillDeployment(server)
  }, 120_000)
  afterEach(async () => {
    expect(visitor?.complaints ?? []).toEqual([])
    await visitor?.close()
    visitor = null
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  /** Once everything on it was read. */
  async function open(options: Parameters<typeof visit>[1] = {}): Promise<Page> {
    visitor = await visit(browser, options)
    // The machine may be busy with other tests.
    visitor.page.setDefaultTimeout(50_000)
    const { page } = visitor
    await page.goto(`${server.url}/#/model`)
    for (const text of ['Read the card', '19 earlier', 'Where they differed last', 'Right by labels'])
      await page.getByText(text).first().waitFor()
    await page.getByRole('button', { name: 'v1', exact: true }).waitFor()
    await settle(page)
    return page
  }

  it('answers in the order in which a reader asks: what serves, is it good, what could replace it, what is it', async () => {
    const page = await open()
    const headings = await page.locator('main h2').allTextContents()
    expect(headings.map((heading) => plain(heading).replace(/ (tiny|test) .*/, ''))).toEqual([
      'In service',
      'Today',
      'How well it does',
      'Reads along:',
      'Versions',
      'History of champion',
      'About',
      'Model card',
    ])
  })

  it.each([
    [1280, 6],
    [390, 8],
  ] as const)('is short: %i wide, it has less than %i screens', async (width, screens) => {
    const page = await open({ viewport: { width, height: 900 } })
    expect(await page.evaluate('document.documentElement.scrollHeight / innerHeight')).toBeLessThan(screens)
  })

  it('opens the scores of what serves, and shows the first score of the others', async () => {
    const page = await open()
    const evaluations = page.locator('.evaluation')
    expect(plain(await evaluations.first().textContent())).toContain('serves now')
    const tables = await evaluations.locator('.metrics').all()
    expect(await Promise.all(tables.map((table) => table.isVisible()))).toEqual([true, false, false])
    const headlines = page.locator('.evaluation-headline:visible')
    const [first, second, third] = measured
    expect((await headlines.allTextContents()).map(plain)).toEqual([third, first, second].map(headlineOf))
  })

  it('tells a screen reader what each line opens and whether it is open, each in words of its own', async () => {
    const page = await open()
    expect((await readFolds(page)).toSorted()).toEqual(FOLDS.toSorted())
  })

  it('has lost nothing: all of it is there when everything is opened', async () => {
    const page = await open()
    const rows = {
      '.refused-row': REFUSED,
      '.timeline li': VERSIONS,
      '.versions tbody tr': VERSIONS,
      '.evaluation .metrics': 3,
      '.evaluation .confusion': 3,
    }
    await openFolds(page)
    for (const [selector, count] of Object.entries(rows))
      expect(await page.locator(`${selector}:visible`).count(), selector).toBe(count)
    const differed = page.getByRole('table', { name: 'Where they differed last' })
    expect(await differed.locator('tbody tr:visible').count()).toBe(DIFFERED)
    expect(await page.locator('.markdown > :last-child').isVisible()).toBe(true)
  })

  it('compares what was measured of both versions, and folds what was measured of one alone', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'v1', exact: true }).click()
    const compare = page.locator('.compare')
    await compare.locator('table').first().waitFor()
    expect(await compare.locator('summary').count()).toBe(0)
    await compare.getByLabel('With').selectOption(UNMEASURED)
    await compare.getByText('Nothing was measured of both.').waitFor()
    expect(await compare.locator('table:visible').count()).toBe(0)
    await compare.getByText('1 measurement of one of them alone').click()
    expect(await compare.locator('table:visible').count()).toBe(1)
  })

  it.each([
    ['light', 1280],
    ['dark', 390],
    ['dark', 1280],
    ['light', 390],
  ] as const)(
    'has nothing against it that axe finds, and fits, folded and open (%s, %i)',
    async (colorScheme, width) => {
      const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true })
      for (const step of [async () => {}, openFolds]) {
        await step(page)
        expect(await inspect(page)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
        const lines = await page.locator('main summary').all()
        const heights = await Promise.all(lines.map(async (line) => (await line.boundingBox())?.height ?? 0))
        expect(Math.min(...heights)).toBeGreaterThanOrEqual(44)
      }
    },
  )

  // The last, for it promotes.
  it('opens and closes by keyboard, keeps the focus, and stays open while the page reads on', async () => {
    const page = await open()
    const first = page.getByText('finds more complaints, week 1”')
    const focused = (): Promise<unknown> => page.evaluate('document.activeElement.textContent')
    expect(await first.isVisible()).toBe(false)
    await page.locator('.versions .link').last().focus()
    for (let steps = 0; steps < 5 && !String(await focused()).startsWith('19 earlier'); steps++)
      await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await first.waitFor()
    expect(await focused()).toContain('19 earlier')
    await server.server.context.models.promote('v23', 'champion', { who: 'ada', why: 'from elsewhere' })
    await page.locator('summary', { hasText: '20 earlier' }).waitFor()
    expect(await first.isVisible()).toBe(true)
    expect(await focused()).toContain('20 earlier')
    await page.keyboard.press('Space')
    await first.waitFor({ state: 'hidden' })
  })
})

function headlineOf(evaluation: ModelFolder['manifest']['evaluations'][number] | undefined): string {
  const { value = 0, low = 0, high = 0 } = evaluation?.metrics.macroRecall ?? {}
  return `Macro recall ${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`
}

/** Name and state of each line that opens something, as assistive technology gets them. */
async function readFolds(page: Page): Promise<[string, boolean][]> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  return nodes
    .filter(({ role }) => role?.value === 'DisclosureTriangle')
    .map(({ name, properties }) => {
      const isOpen = properties?.find((property) => property.name === 'expanded')?.value.value
      return [String(name?.value), isOpen === true]
    })
}

async function openFolds(page: Page): Promise<void> {
  await page.evaluate('for (const fold of document.querySelectorAll("details")) fold.open = true')
}
