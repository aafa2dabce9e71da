// A scoring on its way: progress, a cut line, cancelling; many rows, so that it takes a while.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, NO_BROWSER, named, visit } from './support/browser.ts'
import { type PageServer, startPageServer } from './support/page-server.ts'
import { asFile, toJsonl } from './support/posts.ts'
import { plain, upload } from './support/steps.ts'

/** Distinct texts, for each subject others: nothing comes from the cache, whatever another test has scored. */
function makeLong(rows: number, subject: string): string {
  const words = 'the staff shop was parcel late friendly broken lovely nobody answered phone again monday price'.split(
    ' ',
  )
  return toJsonl(
    Array.from({ length: rows }, (_, row) => ({
      text:
        Array.from({ length: 24 }, (_, index) => words[(row * 7 + index * (1 + (row % 11))) % words.length]).join(' ') +
        ` ${subject} ${row}`,
    })),
  )
}

describe.skipIf(NO_BROWSER !== '')(named('the page: a scoring on its way'), () => {
  let browser: Browser
  let server: PageServer
  const long = makeLong(20_000, 'long')

  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchBrowser(), startPageServer()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('shows progress, rate and time left, comes back after a cut line, and keeps what was scored when cancelled', async () => {
    const { page, complaints, close } = await visit(browser)
    await upload(page, server.url, asFile('long.jsonl', long))
    await page.getByRole('button', { name: /^Score / }).click()
    await page.getByText(/rows a second · .+ left$/).waitFor()
    const bar = page.getByRole('progressbar')
    const now = async (): Promise<number> => Number(await bar.getAttribute('aria-valuenow'))
    const before = await now()
    expect(before).toBeGreaterThanOrEqual(0)

    await page.context().setOffline(true)
    await page.locator('.connection p').waitFor()
    await page.context().setOffline(false)
    await page.locator('.connection p').waitFor({ state: 'detached' })
    await page.reload()
    await bar.waitFor()
    expect(await now()).toBeGreaterThanOrEqual(before)

    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText(/You cancelled this scoring|was cancelled/).waitFor()
    expect(plain(await page.locator('.answer-headline').textContent())).toMatch(/posts/)
    expect(complaints).toEqual([])
    await close()
  })

  it('goes on when the page is closed, and stands in the list', async () => {
    const { page, close } = await visit(browser)
    await upload(page, server.url, asFile('closed.jsonl', makeLong(3000, 'closed')))
    await page.getByRole('button', { name: /^Score / }).click()
    await page.getByRole('progressbar').waitFor()
    await close()
    const later = await visit(browser)
    await later.page.goto(`${server.url}/#/score`)
    await later.page.getByRole('link', { name: 'closed.jsonl' }).click()
    await later.page.locator('.answer-headline').waitFor({ timeout: 60_000 })
    expect(plain(await later.page.locator('.answer-headline').textContent())).toContain('3,000 posts')
    expect(later.complaints).toEqual([])
    await later.close()
  })

  it('can take back an upload', async () => {
    const { page, close } = await visit(browser)
    const devtools = await page.context().newCDPSession(page)
    await page.goto(`${server.url}/#/score`)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: 200_000,
    })
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Choose a file' }).click()
    await (await chooser).setFiles(asFile('slow.jsonl', long))
    await page.getByRole('progressbar', { name: 'Upload' }).waitFor()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    expect(await page.getByRole('alert').filter({ hasText: 'Code' }).count()).toBe(0)
    await close()
  })
})
