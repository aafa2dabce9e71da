// "Model", as far as it is about versions: what serves and why, the way back, promoting, and who may.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createKey } from '../../packages/server/src/auth/keys.ts'
import { makeTestModel, type TestModel } from '../../packages/server/src/registry/test-models.ts'
import { type ListeningServer, openTestServer } from '../../packages/server/src/test-support.ts'
import { launchBrowser, NO_BROWSER, named, type Visitor, visit } from './support/browser.ts'
import { inspect } from './support/inspect.ts'
import { buildPage } from './support/page-server.ts'
import { plain, settle } from './support/steps.ts'

const FORWARDED = { 'x-forwarded-for': '203.0.113.7' }
const BY = { who: 'ada (key 0123456789ab)', why: 'a test' }
const FAILED = [{ rule: 'champion', subject: 'x', status: 'fail', sentence: 'a loss of 0.4 points' }] as const
const SINCE = '2026-02-01T12:00:00.000Z'
const LONG = 'delivery'.repeat(40)

describe.skipIf(NO_BROWSER !== '')(named('the page: versions of models'), { timeout: 120_000 }, () => {
  let browser: Browser
  let pageFolder: string
  let server: ListeningServer
  let visitor: Visitor | null = null

  beforeAll(async () => {
    ;[browser, pageFolder] = await Promise.all([launchBrowser(), buildPage()])
    server = await openTestServer({ pageFolder })
  })
  afterEach(async () => {
    expect(visitor?.complaints ?? []).toEqual([])
    await visitor?.close()
    visitor = null
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  async function open(options: Parameters<typeof visit>[1] = {}): Promise<Page> {
    visitor = await visit(browser, options)
    // The machine may be busy with other tests.
    visitor.page.setDefaultTimeout(50_000)
    await visitor.page.goto(`${server.url}/#/model`)
    return visitor.page
  }

  async function add(model: TestModel): Promise<string> {
    const { models } = server.server.context
    const folder = await makeTestModel(server.home, model)
    return (await models.add(folder, { ...BY, why: `trained for ${model.name}` })).version.version
  }

  async function aliasNow(alias: string): Promise<string> {
    return (await server.server.context.models.current(alias)).version
  }

  it('says how to make a registry where there is none, and adds a model from there', async () => {
    const page = await open()
    await page.getByText('No version is kept yet').waitFor()
    expect(await page.getByRole('heading', { name: /^History/ }).count()).toBe(0)
    expect(plain(await page.locator('.in-service').textContent())).toContain('Nothing: it serves default')
    await makeTestModel(server.home, { name: 'first', version: '1', recall: 0.7, gate: {} })
    await page.getByRole('button', { name: 'Add a model' }).click()
    await page.getByLabel('Model', { exact: true }).fill('/etc')
    await page.getByLabel('Why').fill('the first')
    await page.getByRole('button', { name: 'Add a model', exact: true }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('MODEL_REFERENCE_REFUSED')
    await page.getByLabel('Model', { exact: true }).fill('first')
    await page.getByRole('button', { name: 'Add a model', exact: true }).click()
    await page.getByText('first is v1.').waitFor()
    await page.getByRole('button', { name: 'v1', exact: true }).waitFor()
    expect(plain(await page.locator('.versions').textContent())).toContain('local (no key)')
  })

  it('promotes by keyboard alone, with a reason, and shows it in the history', async () => {
    const page = await open()
    await page.getByRole('button', { name: 'v1', exact: true }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H3')
    const promote = page.getByRole('button', { name: 'Promote v1 to champion' })
    expect(await promote.isDisabled()).toBe(true)
    await page.getByLabel('Why').focus()
    await page.keyboard.type('better than <b>guessing</b>')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'History of champion' }).waitFor()
    expect(await aliasNow('champion')).toBe('v1')
    const history = plain(await page.locator('.timeline').textContent())
    expect(history).toContain('Promoted by local (no key): “better than <b>guessing</b>”')
    expect(history).toContain('Evidence: gate.json')
    expect(await page.locator('.timeline b').count()).toBe(0)
    await page.getByText('It is champion already.').waitFor()
  })

  it('warns where the gate failed, and promotes then only without it', async () => {
    await add({ name: 'second', version: '2', recall: 0.72, gate: { verdict: 'fail', rules: [...FAILED] } })
    const page = await open()
    await page.getByRole('button', { name: 'v2', exact: true }).click()
    const panel = page.locator('.version-panel')
    await panel.getByText('a loss of 0.4 points').waitFor()
    await panel.locator('.compare').getByText('+2.0').first().waitFor()
    await panel.getByText('It failed its gate.').waitFor()
    await panel.getByLabel('Why').fill('a try')
    await panel.getByRole('button', { name: 'Promote v2 to champion' }).click()
    await panel.getByRole('alert').waitFor()
    expect(await panel.getByRole('alert').textContent()).toContain('GATE_NOT_PASSED')
    expect(await aliasNow('champion')).toBe('v1')
    await panel.getByLabel('Promote it without the gate').check()
    await panel.getByRole('button', { name: 'Promote v2 to champion' }).click()
    await page.locator('.timeline').getByText('(without the gate: it failed the gate)').waitFor()
    expect(await aliasNow('champion')).toBe('v2')
  })

  it('decides on what is shown: an alias that was moved meanwhile stays where it is', async () => {
    const page = await open()
    // The page goes on with what it has read.
    await page.getByRole('button', { name: 'v1', exact: true }).click()
    await page.getByLabel('Alias').first().selectOption('challenger')
    await page.route('**/api/v1/registry', (route) => route.abort())
    await server.server.context.models.promote('v2', 'challenger', BY)
    await page.getByLabel('Why').fill('mine')
    await page.getByRole('button', { name: 'Promote v1 to challenger' }).click()
    await page.getByText('ALIAS_MOVED').waitFor()
    expect(await aliasNow('challenger')).toBe('v2')
  })

  it('rolls an alias back with a reason, and takes it back with Escape', async () => {
    const page = await open()
    const roll = page.getByRole('button', { name: 'Roll champion back to v1…' })
    await roll.click()
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('INPUT')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Roll champion back to v1…')
    expect(await page.getByLabel('Why').count()).toBe(0)
    await roll.click()
    await page.getByLabel('Why').fill('more complaints are missed')
    await page.keyboard.press('Enter')
    await page.locator('.timeline').getByText('Rolled back to by local (no key)').waitFor()
    expect(await aliasNow('champion')).toBe('v1')
  })

  it('has every version read through, and names what is damaged', async () => {
    const page = await open()
    const verify = page.getByRole('button', { name: 'Verify every version' })
    await verify.click()
    await page.getByText('The registry was verified, and is whole.').waitFor()
    const folder = join(server.home, 'models/.registry/blobs/00')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'f'.repeat(64)), 'not what its name says')
    await verify.click()
    await page.getByText('1 thing in the registry is damaged.').waitFor()
    expect(await page.locator('.task li').textContent()).toContain('has another hash')
    await rm(join(folder, 'f'.repeat(64)))
  })

  describe('with a deployment that has much to say', () => {
    beforeAll(async () => {
      await add({ name: 'third', version: '3', papers: { 'gate.html': '<p>', 'report.html': '<p>' } })
      const version = (reference: string): typeof server.deployment.state.serving => {
        return { reference, name: 'tiny', version: reference, hash: 'a'.repeat(64), since: SINCE }
      }
      server.deployment.state = {
        following: 'champion',
        serving: version('v1'),
        previous: version('v2'),
        loading: { reference: 'v5', step: 'load', since: SINCE },
        refused: [{ reference: 'v4', hash: 'b'.repeat(64), at: SINCE, code: 'ANSWERS_DIFFER', reason: LONG }],
        checked: { at: SINCE, error: 'the registry could not be read' },
        challenger: {
          version: version('v3'),
          share: 0.1,
          compared: 200,
          agreed: 190,
          labels: { negative: { negative: 100, neutral: 10 }, positive: { positive: 90 } },
          disagreements: [
            { at: SINCE, served: 'negative', challenger: 'neutral', servedScore: 0.6, challengerScore: 0.5 },
          ],
        },
      }
      server.deployment.told.length = 0
    })

    it('says what serves, why, what comes, what is refused, and how often the challenger agrees', async () => {
      const page = await open()
      const service = page.locator('.in-service')
      // The deployment and the registry answer one after the other.
      await service.getByText('v5 is being loaded.').waitFor()
      await service.getByText('more complaints are missed').waitFor()
      await page.getByText('of 200 posts').first().waitFor()
      const words = plain(await service.textContent())
      expect(words).toContain('tiny v1 (v1) serves now.')
      expect(words).toContain('Rolled back to by local (no key): “more complaints are missed”')
      expect(words).toContain('champion, an alias of the registry')
      expect(words).toContain('failed: the registry could not be read')
      expect(words).toContain('(ANSWERS_DIFFER)')
      expect(plain(await page.locator('main').textContent())).toContain('labels 95% (91–97%) of 200 posts the same')
    })

    it('goes back at once with a reason, looks for something new, and lets a refused version try again', async () => {
      const page = await open()
      await page.getByRole('button', { name: 'Go back to v2…' }).click()
      await page.getByLabel('Why').fill('too slow')
      await page.keyboard.press('Enter')
      await expect.poll(() => server.deployment.told).toContain('rollback: too slow')
      await page.getByRole('button', { name: 'Let it try again: v4' }).click()
      await expect.poll(() => server.deployment.told).toContain('allow: v4')
      await page.getByRole('button', { name: 'Look for a new version now' }).click()
      await expect.poll(() => server.deployment.told).toContain('check')
    })

    it('shows a promotion of somebody else without being asked', async () => {
      const page = await open()
      await page.getByRole('heading', { name: 'History of challenger' }).or(page.locator('.timeline')).first().waitFor()
      await server.server.context.models.promote('v3', 'champion', { ...BY, why: 'from elsewhere' })
      await page.locator('.timeline').getByText('from elsewhere').waitFor()
    })

    it.each([
      ['light', 1280],
      ['dark', 375],
      ['dark', 1280],
      ['light', 375],
    ] as const)('has nothing against it that axe finds, and fits (%s, %i)', async (colorScheme, width) => {
      const page = await open({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
      await page.getByRole('button', { name: 'v2', exact: true }).click()
      await page.locator('.compare table').waitFor({ state: 'attached' })
      await page.getByRole('button', { name: 'Go back to v2…' }).click()
      await settle(page)
      expect(await inspect(page)).toEqual([])
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      const small = await page.evaluate(
        `[...document.querySelectorAll('main button, main select, main input:not([type="checkbox"])')]
          .filter((element) => element.getBoundingClientRect().height < 44)
          .map((element) => element.outerHTML.slice(0, 120))`,
      )
      expect(width === 375 ? small : []).toEqual([])
    })

    it('opens a report of a version as a page that can do nothing', async () => {
      const page = await open()
      await page.getByRole('button', { name: 'v3', exact: true }).click()
      const link = page.getByRole('link', { name: 'Report of the gate' })
      const [report] = await Promise.all([page.waitForEvent('popup'), link.click()])
      await report.waitForLoadState()
      expect(report.url()).toBe(`${server.url}/api/v1/registry/versions/v3/reports/gate.html`)
      expect(await report.evaluate('origin')).toBe('null')
    })

    it('shows no button to who may not use it, and all of them to who may', async () => {
      const keys = await Promise.all(
        (['read', 'deploy'] as const).map(
          async (scope) => (await createKey({ home: server.home, name: scope, scopes: [scope] })).key,
        ),
      )
      for (const [index, key] of keys.entries()) {
        const guest = await visit(browser, { extraHTTPHeaders: FORWARDED })
        guest.page.setDefaultTimeout(60_000)
        await guest.page.goto(`${server.url}/#/model`)
        await guest.page.getByLabel('API key').fill(key)
        await guest.page.getByRole('button', { name: 'Log in' }).click()
        await guest.page.getByRole('button', { name: 'v2', exact: true }).click()
        await guest.page.locator('.compare table').waitFor({ state: 'attached' })
        const buttons = guest.page.getByRole('button', { name: /^(Promote|Roll|Go back|Add|Verify|Look|Let it)/ })
        expect((await buttons.count()) > 0).toBe(index === 1)
        await guest.close()
      }
    })
  })
})
