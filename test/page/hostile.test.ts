// Posts that try to be more than text, everywhere that the page shows them.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, NO_BROWSER, named, visit } from './support/browser.ts'
import { type PageServer, startPageServer } from './support/page-server.ts'
import { asFile, toJsonl } from './support/posts.ts'
import { score, upload } from './support/steps.ts'

const SCRIPT = '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1"><b>I hate it</b>'
const OVERRIDE = 'I hate this \u202egnp.exe\u202c app'
const ROWS = [
  { text: SCRIPT, author: '<img src=x onerror="window.pwned = 1">', source: 'javascript:window.pwned=1' },
  { text: OVERRIDE, author: '\u202egnp.exe', source: 'x' },
  { text: `terrible ${'a'.repeat(10_000)}`, author: 'b'.repeat(300), source: 'x' },
  { text: 'awful\u0000 and \u0007 broken', author: 'nul\u0000', source: 'x' },
  { text: 'one\ntwo\nthree\nfour\nfive\nsix\nseven\neight, terrible', author: 'lines', source: 'x' },
  { text: 'كان الخدمة سيئة <b>جدا</b>', author: 'مرحبا', source: 'x' },
]

describe.skipIf(NO_BROWSER !== '')(named('the page: hostile posts'), () => {
  let browser: Browser
  let server: PageServer

  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchBrowser(), startPageServer()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it.each([
    ['wide', 1280],
    ['narrow', 375],
  ])('stay text in the preview, the answer and the sheet (%s)', async (_, width) => {
    const { page, complaints, close } = await visit(browser, { viewport: { width, height: 800 } })
    const name = '<img src=x onerror="window.pwned=1">.jsonl'
    const fits = async (): Promise<void> => {
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      expect(await page.evaluate('window.pwned')).toBeUndefined()
      expect(await page.evaluate("document.querySelectorAll('main script, main img, main b').length")).toBe(0)
    }
    await upload(page, server.url, asFile(name, toJsonl(ROWS)))
    await page.getByRole('table').waitFor()
    expect(await page.getByRole('table').textContent()).toContain(SCRIPT)
    await fits()

    await score(page, server.url, asFile(name, toJsonl(ROWS)))
    await fits()
    await page.goto(`${page.url()}?posts`)
    const sheet = page.getByRole('dialog')
    await sheet.getByText(SCRIPT, { exact: true }).waitFor()
    await sheet.getByText('line 2', { exact: true }).waitFor()
    const text = (await sheet.textContent()) ?? ''
    expect(text).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
    expect(text).toContain('awful\ufffd and \ufffd broken')
    const cut = await sheet
      .locator('.post-text')
      .evaluateAll((texts) => texts.filter((element) => element.scrollWidth > element.clientWidth).length)
    expect(cut).toBe(0)
    const wide = await sheet.evaluate((element) => element.scrollWidth - element.clientWidth)
    expect(wide).toBe(0)
    await fits()
    expect(complaints).toEqual([])
    await close()
  })

  it('fold after six lines, and only those that are longer', async () => {
    const { page, close } = await visit(browser)
    await score(page, server.url, asFile('lines.jsonl', toJsonl(ROWS)))
    await page.goto(`${page.url()}?posts`)
    const posts = page.getByRole('dialog').locator('.post')
    const lines = posts.filter({ hasText: 'seven' })
    await lines.waitFor()
    const height = async (): Promise<number> => (await lines.locator('.post-text').boundingBox())?.height ?? 0
    const folded = await height()
    await lines.getByRole('button', { name: 'Show all of it' }).click()
    expect(Math.round(((await height()) / folded) * 6)).toBe(8)
    expect(await posts.filter({ hasText: 'gnp.exe' }).first().getByRole('button').count()).toBe(0)
    await close()
  })
})
