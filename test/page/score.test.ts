// "Score a file" in a real browser against the real server: from the file to its posts.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser, NO_BROWSER, named, type Visitor, visit } from './support/browser.ts'
import { type PageServer, startPageServer } from './support/page-server.ts'
import { asFile, makePosts, toCsv, toJsonl } from './support/posts.ts'
import { plain, score, upload } from './support/steps.ts'

const POSTS = makePosts(12, 40)

describe.skipIf(NO_BROWSER !== '')(named('the page: Score a file'), () => {
  let browser: Browser
  let server: PageServer
  let visitor: Visitor

  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchBrowser(), startPageServer()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  beforeEach(async () => {
    visitor = await visit(browser)
  })
  afterEach(async () => {
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  it('goes from a CSV file over its columns to the sentence, the chart, the split and the posts', async () => {
    const { page } = visitor
    await upload(page, server.url, asFile('spring.csv', toCsv(POSTS)))
    await page.getByRole('heading', { level: 1, name: 'spring.csv' }).waitFor()
    expect(await page.getByLabel('Text').locator('option:checked').textContent()).toBe('text')
    expect(await page.getByLabel('Date').locator('option:checked').textContent()).toBe('created_at')
    expect(await page.getByRole('table').locator('tbody tr').count()).toBe(5)
    expect(page.url()).toMatch(/#\/score\/\S+$/)
    await page.getByRole('button', { name: /^Score / }).click()

    const headline = page.locator('.answer-headline')
    await headline.waitFor({ timeout: 60_000 })
    expect(plain(await headline.textContent())).toMatch(/^Net sentiment is [+−]?\d+ .+ over 440 posts: /)
    expect(plain(await page.locator('.answer-detail').first().textContent())).toMatch(
      /^It fell \d+ points, from \+\d+ .+ \(4–\d+ March 2024\) to −\d+ .+ \(1\d–15 March 2024\)\.$/,
    )
    expect(await page.getByRole('heading', { name: 'Net sentiment fell' }).count()).toBe(1)
    expect(plain(await page.locator('.chart-subtitle').textContent())).toContain('n = 440')
    expect(await page.locator('.chart canvas').count()).toBe(1)
    const shares = (await page.locator('.split-count').allTextContents()).map((share) => Number.parseInt(share, 10))
    expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100)).toBeLessThanOrEqual(1)
    expect(await page.locator('.strongest .post').count()).toBe(9)
  })

  it('reads the chart out by keyboard and pointer, opens the posts of a bucket, and gives the numbers', async () => {
    const { page } = visitor
    await score(page, server.url, asFile('chart.csv', toCsv(POSTS)))
    const chart = page.getByRole('slider')
    await chart.focus()
    await page.keyboard.press('Home')
    expect(plain(await page.locator('.read-out').textContent())).toMatch(
      /^4 March 2024 Net \+\d+ .*40 posts: \d+ negative/,
    )
    expect(await chart.getAttribute('aria-valuetext')).toMatch(/^4 March 2024/)
    for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowRight')
    expect(plain(await page.locator('.read-out').textContent())).toBe('9 March 2024 no posts')
    await page.keyboard.press('Home')
    await page.keyboard.press('Enter')
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('heading', { name: '40 posts, 4 March 2024' }).waitFor()
    await sheet.locator('.post').first().waitFor()
    const dates = await sheet
      .locator('.post time')
      .evaluateAll((times) => times.map((time) => time.getAttribute('datetime')))
    expect(new Set(dates.map((date) => date?.slice(0, 10)))).toEqual(new Set(['2024-03-04']))
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    await page.waitForURL((url) => !url.hash.includes('posts'))

    const box = await page.locator('.chart .u-over').boundingBox()
    if (box === null) throw new Error('the chart has no plot')
    await page.mouse.move(box.x + box.width - 4, box.y + 60)
    expect(plain(await page.locator('.read-out').textContent())).toMatch(/^15 March 2024 Net −/)
    await page.mouse.click(box.x + box.width - 4, box.y + 60)
    await sheet.getByRole('heading', { name: '40 posts, 15 March 2024' }).waitFor()
    await sheet.getByRole('button', { name: 'Close' }).click()

    await page.getByRole('button', { name: 'Table', exact: true }).click()
    const rows = page.locator('.numbers tbody tr')
    expect(await rows.count()).toBe(12)
    expect(await rows.nth(5).textContent()).toBe('9 March 20240000––')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByRole('button', { name: 'Copy the table' }).click()
    await page.getByText('Copied.').waitFor()
    const copied = String(await page.evaluate('navigator.clipboard.readText()'))
    expect(copied.split('\n')).toHaveLength(14)
    expect(copied.split('\n')[1]?.split('\t').slice(0, 2)).toEqual(['2024-03-04T00:00:00.000Z', '40'])
  })

  it('cuts no label of the chart off on a narrow screen', async () => {
    const { page } = visitor
    await page.setViewportSize({ width: 360, height: 800 })
    await score(page, server.url, asFile('narrow.csv', toCsv(POSTS)))
    const rightEdge = await page.evaluate(`(() => {
      const canvas = document.querySelector('.chart canvas')
      return [...canvas.getContext('2d').getImageData(canvas.width - 1, 0, 1, canvas.height).data]
    })()`)
    expect(new Set(rightEdge as number[])).toEqual(new Set([0]))
  })

  it('leads from each number to its posts, page by page, in both orders', async () => {
    const { page } = visitor
    await score(page, server.url, asFile('posts.csv', toCsv(POSTS)))
    await page.locator('.split-item').first().click()
    const sheet = page.getByRole('dialog')
    await sheet.getByRole('heading', { name: /^\d+ negative posts$/ }).waitFor()
    await sheet.locator('.post').first().waitFor()
    expect(new Set(await sheet.locator('.post .mark span:last-child').allTextContents())).toEqual(new Set(['Negative']))
    const surest = (await sheet.locator('.post-label .figure').allTextContents()).map((text) =>
      Number.parseInt(text.replace('>', ''), 10),
    )
    expect(surest).toEqual([...surest].sort((a, b) => b - a))
    await sheet.getByLabel('All').check({ force: true })
    await sheet.getByRole('heading', { name: '440 posts' }).waitFor()
    await sheet.getByLabel('Order').selectOption('As in the file')
    await sheet.getByText('line 2', { exact: true }).waitFor()
    expect(await sheet.locator('.post').count()).toBe(20)
    await sheet.getByRole('button', { name: 'Show more' }).click()
    await sheet.getByText('line 41', { exact: true }).waitFor()
    expect(await sheet.locator('.post').count()).toBe(40)
    // The address leads back to the same posts.
    await page.reload()
    await page.getByRole('dialog').getByRole('heading', { name: '440 posts' }).waitFor()
  })

  it('names the rows that were left out, and hands out the scored file and those rows', async () => {
    const { page } = visitor
    const csv = `${toCsv(POSTS.slice(0, 60))}2024-03-04T10:00:00Z,nobody,""\n2024-03-04T10:00:00Z,nobody,"   "\n`
    await score(page, server.url, asFile('rejects.csv', csv))
    await page.getByRole('heading', { name: '2 rows left out' }).waitFor()
    await page.locator('.reject-row').waitFor()
    expect(plain(await page.locator('.reject-row').textContent())).toMatch(/2 rows.*lines 62, 63/)
    const download = async (name: string): Promise<string> => {
      const started = page.waitForEvent('download')
      await page.getByRole('link', { name }).click()
      return readFileSync(await (await started).path(), 'utf8')
    }
    const scored = (await download('Download the scored file as CSV')).trim().split('\n')
    expect(scored[0]).toMatch(/created_at,author,text,label,score/)
    expect(scored).toHaveLength(61)
    const lines = (await download('Download the scored file as JSON Lines')).trim().split('\n')
    expect(Object.keys(JSON.parse(lines[0] ?? '{}'))).toEqual(
      expect.arrayContaining(['text', 'label', 'score', 'negative', 'neutral', 'positive']),
    )
    expect(await download('Download these rows')).toMatch(/62/)
  })

  it.each([
    ['TSV', 'posts.tsv', toCsv(POSTS.slice(0, 80)).replaceAll(',', '\t')],
    ['JSON', 'posts.json', JSON.stringify(POSTS.slice(0, 80))],
    ['JSON Lines, gzip', 'posts.jsonl.gz', gzipSync(toJsonl(POSTS.slice(0, 80)))],
  ])('takes %s', async (format, name, content) => {
    const { page } = visitor
    await score(page, server.url, asFile(name, content))
    expect(await page.locator('.file-facts').textContent()).toContain(format)
    expect(plain(await page.locator('.answer-headline').textContent())).toContain('over 80 posts')
  })

  it('takes a file that is dropped anywhere on the page', async () => {
    const { page } = visitor
    await page.goto(`${server.url}/#/score`)
    const csv = toCsv(POSTS.slice(0, 30))
    const transfer = await page.evaluateHandle(
      `(() => { const transfer = new DataTransfer(); transfer.items.add(new File([${JSON.stringify(csv)}], 'dropped.csv')); return transfer })()`,
    )
    // The page listens from its first paint on; a drag that came before is followed by another one.
    const invitation = page.getByText('Let go to upload it')
    const drag = async (): Promise<boolean> => {
      await page.dispatchEvent('body', 'dragenter', { dataTransfer: transfer })
      return invitation.isVisible()
    }
    await expect.poll(drag, { timeout: 15_000 }).toBe(true)
    await page.dispatchEvent('body', 'drop', { dataTransfer: transfer })
    await page.getByRole('heading', { level: 1, name: 'dropped.csv' }).waitFor()
  })

  it('asks for the column of the posts where it cannot guess it, and draws no chart without a date', async () => {
    const { page } = visitor
    await upload(page, server.url, asFile('odd.csv', 'a,b\n1,2\n3,4\n'))
    const button = page.getByRole('button', { name: /^Score / })
    await button.waitFor()
    if ((await page.getByLabel('Text').inputValue()) === '') expect(await button.isDisabled()).toBe(true)
    await page.getByLabel('Text').selectOption('b')
    await page.getByLabel('Date').selectOption('None')
    await button.click()
    await page.locator('.answer-headline').waitFor()
    expect(await page.locator('.no-chart').textContent()).toContain('No column holds dates')
    expect(await page.locator('.chart').count()).toBe(0)
  })

  it('counts where there are too few posts for percentages', async () => {
    const { page } = visitor
    await score(page, server.url, asFile('few.csv', toCsv(POSTS.slice(0, 4))))
    expect(plain(await page.locator('.answer-headline').textContent())).toMatch(
      /^4 posts: \d negative, \d neutral, \d positive\.$/,
    )
    expect(await page.locator('.split-list').textContent()).not.toContain('%')
    expect(await page.locator('.no-chart').textContent()).toContain('Too few posts')
  })

  it.each([
    ['an empty file', 'empty.csv', ''],
    ['a truncated Parquet file', 'cut.parquet', `PAR1${'x'.repeat(500)}`],
    ['a damaged gzip file', 'cut.csv.gz', gzipSync(toCsv(POSTS)).subarray(0, 200)],
  ])('says with a code why it cannot read %s', async (_, name, content) => {
    const { page } = visitor
    await upload(page, server.url, asFile(name, content))
    const start = page.getByRole('button', { name: /^Score / })
    const alert = page.getByRole('alert').filter({ hasText: 'Code' })
    await start.or(alert).first().waitFor()
    if (await start.isVisible()) await start.click()
    await alert.waitFor()
    expect(await alert.locator('code').first().textContent()).toMatch(/^[A-Z_]{6,}$/)
  })

  it('lists what was scored in the last day, and deletes only when asked twice', async () => {
    const { page } = visitor
    await score(page, server.url, asFile('listed.csv', toCsv(POSTS.slice(0, 40))))
    await page.getByRole('link', { name: 'Score another file' }).click()
    const row = page.locator('.recent-row', { hasText: 'listed.csv' })
    await row.waitFor()
    expect(plain(await row.textContent())).toMatch(/Net .+ over 40 posts.*just now, removed in 1 day/)
    await row.getByRole('button').click()
    expect(await row.getByRole('button').textContent()).toBe('Delete for good')
    await page.keyboard.press('Escape')
    expect(await row.getByRole('button').textContent()).toBe('Delete')
    await row.getByRole('button').click()
    await row.getByRole('button').click()
    await row.waitFor({ state: 'detached' })
  })

  it('says that a scoring is gone when its address is old', async () => {
    const { page } = visitor
    await page.goto(`${server.url}/#/score/AAAAAAAAAAAAAAAAAAAAAA`)
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('SCORING_NOT_FOUND')
  })
})
