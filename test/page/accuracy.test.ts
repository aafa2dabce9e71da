// "Model", as far as it is about today: the verdict, and posts that a person labels without seeing the answer.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeTexts, makeWatchedModel } from '../../packages/server/src/drift/test-watched.ts'
import { type ListeningServer, openTestServer } from '../../packages/server/src/test-support.ts'
import { launchBrowser, NO_BROWSER, named, type Visitor, visit } from './support/browser.ts'
import { inspect } from './support/inspect.ts'
import { buildPage } from './support/page-server.ts'
import { plain } from './support/steps.ts'

describe.skipIf(NO_BROWSER !== '')(named('the page: how good the model is today'), { timeout: 120_000 }, () => {
  let browser: Browser
  let models: string
  let pageFolder: string
  let server: ListeningServer | null = null
  let visitor: Visitor | null = null

  beforeAll(async () => {
    models = await mkdtemp(join(tmpdir(), 'renown-page-'))
    ;[browser, pageFolder] = await Promise.all([launchBrowser(), buildPage()])
  })
  afterEach(async () => {
    expect(visitor?.complaints ?? []).toEqual([])
    await visitor?.close()
    await server?.close()
  })
  afterAll(async () => {
    await browser?.close()
    await rm(models, { recursive: true, force: true })
  })

  /** After 400 posts about bread, three of ten angry, that the server scored. */
  async function open(labelSample: 'on' | 'off'): Promise<Page> {
    const folder = await makeWatchedModel(models)
    server = await openTestServer({ pageFolder, folder, config: { labelSample } })
    await server.server.context.drift.report()
    const body = JSON.stringify({ texts: makeTexts('bread', 400, 3) })
    const headers = { 'content-type': 'application/json' }
    await fetch(`${server.url}/predict/batch`, { method: 'POST', headers, body })
    visitor = await visit(browser)
    visitor.page.setDefaultTimeout(50_000)
    await visitor.page.goto(`${server.url}/#/model`)
    await visitor.page.getByRole('heading', { name: 'Today' }).waitFor()
    return visitor.page
  }

  it('says that nothing changed, how often the model is right, and how labels are switched on', async () => {
    const page = await open('off')
    await page.getByText('Nothing changed that these 400 posts could show.').waitFor()
    const today = plain(
      await page
        .locator('section', { has: page.getByText('Right by labels') })
        .last()
        .textContent(),
    )
    expect(today).toMatch(/Right when measured90%/)
    expect(today).toMatch(/Probably right today\d\d% \(\d\d–\d\d%\)/)
    expect(today).toContain('Too few labels')
    expect(today).toContain('RENOWN_LABEL_SAMPLE=on')
    expect(await inspect(page)).toEqual([])
  })

  it('asks how posts feel without saying what the model said, and counts the labels', async () => {
    const page = await open('on')
    await page.getByRole('button', { name: 'Label recent posts' }).click()
    const question = page.getByRole('group', { name: 'How does this post feel as a whole?' })
    await question.waitFor()
    expect(plain(await question.textContent())).not.toMatch(/\d%/)
    expect(await inspect(page)).toEqual([])
    const text = await question.locator('blockquote').textContent()
    await question.getByRole('button', { name: 'neutral' }).press('Enter')
    await expect
      .poll(async () => await question.locator('blockquote').textContent(), { timeout: 50_000 })
      .not.toBe(text)
    await question.getByRole('button', { name: 'Can’t tell' }).press('Enter')
    await expect.poll(async () => (await server?.server.context.drift.report())?.labelled).toBe(1)
  })

  it('goes on to the next post where somebody else has labelled the one that it asks about', async () => {
    const page = await open('on')
    await page.getByRole('button', { name: 'Label recent posts' }).click()
    const question = page.getByRole('group', { name: 'How does this post feel as a whole?' })
    const text = await question.locator('blockquote').textContent()
    const drift = server!.server.context.drift
    for (const { id } of (await drift.nextTexts(200)).texts) await drift.label(id, null)
    await question.getByRole('button', { name: 'neutral' }).click()
    await expect
      .poll(async () => await question.locator('blockquote').textContent(), { timeout: 50_000 })
      .not.toBe(text)
  })
})
