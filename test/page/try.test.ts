// "Try it" in a real browser against the real server.
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser, NO_BROWSER, named, type Visitor, visit } from './support/browser.ts'
import { type PageServer, startPageServer } from './support/page-server.ts'
import { plain } from './support/steps.ts'

const OVERLOADED = JSON.stringify({
  type: '/docs/errors#OVERLOADED',
  title: 'The server is overloaded',
  status: 429,
  detail: 'x',
  code: 'OVERLOADED',
})

describe.skipIf(NO_BROWSER !== '')(named('the page: Try it'), () => {
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
    await visitor.page.goto(server.url)
    await field().waitFor()
  })
  afterEach(async () => {
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })

  const field = () => visitor.page.getByLabel('Text of the post')
  const verdict = () => visitor.page.locator('.verdict-label')

  it('is the first view, and says what to do before anything is typed', async () => {
    expect(await visitor.page.title()).toBe('Try it · Renown')
    expect(await visitor.page.getByRole('heading', { level: 1 }).textContent()).toBe('Try it')
    expect(await verdict().textContent()).toBe('The label appears here')
    expect(await visitor.page.getByRole('link', { name: 'Try it' }).getAttribute('aria-current')).toBe('page')
  })

  it('shows label, probabilities, model and time as you type, for the ear as well', async () => {
    await field().pressSequentially('I love this shop, the staff are wonderful', { delay: 5 })
    await visitor.page.locator('.verdict-label', { hasText: 'Positive' }).waitFor()
    const shares = await visitor.page.locator('.probabilities dd').allTextContents()
    expect(shares).toHaveLength(3)
    for (const share of shares) expect(share).toMatch(/^[<>]?\d{1,3}%$/)
    expect(await visitor.page.locator('.verdict-facts').textContent()).toMatch(/^Model \S+ · (under )?\d+(\.\d)? m?s$/)
    expect(await visitor.page.locator('.try-result [role=status]').textContent()).toMatch(/^Positive, [<>]?\d+%\./)
    expect(await visitor.page.locator('.verdict [role=img]').getAttribute('aria-label')).toMatch(
      /^Probability: negative/,
    )
    expect(await visitor.page.locator('#try-count').textContent()).toBe('41 characters')

    await field().fill('Terrible service, I hate it')
    await visitor.page.locator('.verdict-label', { hasText: 'Negative' }).waitFor()
    await visitor.page.getByRole('button', { name: 'Clear' }).click()
    await visitor.page.locator('.verdict-label', { hasText: 'The label appears here' }).waitFor()
  })

  it('asks for the pause, not for every key', async () => {
    const asked: string[] = []
    visitor.page.on('request', (request) => {
      if (request.url().endsWith('/predict')) asked.push(request.postData() ?? '')
    })
    await field().pressSequentially('a wonderful evening', { delay: 20 })
    await expect
      .poll(() => JSON.parse(asked.at(-1) ?? '{}'), { timeout: 60_000 })
      .toEqual({ text: 'a wonderful evening' })
    expect(asked.length).toBeLessThan(8)
  })

  it('offers examples, and remembers what was tried, across views', async () => {
    const examples = visitor.page.locator('.example')
    expect(await examples.count()).toBeGreaterThanOrEqual(3)
    await examples.nth(1).click()
    await visitor.page.locator('.history-row').waitFor()
    const first = await examples.nth(1).textContent()
    await visitor.page.getByRole('link', { name: 'Model' }).click()
    await visitor.page.getByRole('heading', { level: 1, name: 'Model' }).waitFor()
    await visitor.page.goBack()
    expect(await visitor.page.locator('.history-row bdi').allTextContents()).toEqual([first])
    await visitor.page.locator('.history-row').click()
    expect(await field().inputValue()).toBe(first)
    await visitor.page.locator('.verdict-facts', { hasText: 'Model' }).waitFor()
  })

  it('says that a long text is read in several parts, and refuses one that is far too long', async () => {
    await field().fill('The staff were friendly and the room was clean. '.repeat(80))
    await visitor.page.getByText(/Long text: read in \d+ overlapping parts/).waitFor()
    await field().fill('word '.repeat(5000))
    await visitor.page.getByRole('alert').waitFor()
    expect(await visitor.page.getByRole('alert').textContent()).toContain('TEXT_TOO_LONG')
    expect(await visitor.page.getByRole('alert').textContent()).toContain('belongs to the text before')
  })

  it.each([
    ['a lone surrogate', 'good \ud800 morning'],
    ['NUL and control characters', 'good \u0001\u0007 morning'],
    ['a right-to-left override', 'good \u202egninrom'],
    ['script and tags', '<script>window.pwned = 1</script><img src=x onerror="window.pwned = 1"> lovely'],
    ['one very long word', 'a'.repeat(10_000)],
  ])('takes %s as text', async (_, text) => {
    await visitor.page.evaluate(
      `(() => { const field = document.getElementById('try-text'); field.value = ${JSON.stringify(text)}; field.dispatchEvent(new Event('input', { bubbles: true })) })()`,
    )
    await visitor.page.locator('.verdict-facts', { hasText: 'Model' }).waitFor()
    await visitor.page.locator('.history-row').waitFor()
    expect(await visitor.page.evaluate('window.pwned')).toBeUndefined()
    expect(await visitor.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  })

  it('waits for a busy server as long as it asks, and goes on by itself', async () => {
    let busy = true
    await visitor.page.route('**/predict', async (route) => {
      if (!busy) return await route.continue()
      busy = false
      await route.fulfill({
        status: 429,
        headers: { 'retry-after': '1' },
        contentType: 'application/problem+json',
        body: OVERLOADED,
      })
    })
    await field().fill('What a wonderful shop')
    await visitor.page.getByText('The server is busy.').waitFor()
    expect(await visitor.page.getByRole('alert').textContent()).toContain('OVERLOADED')
    await visitor.page.locator('.verdict-label', { hasText: 'Positive' }).waitFor()
    expect(await visitor.page.getByRole('alert').count()).toBe(0)
  })

  it('says quietly that the server is gone, keeps the old answer, and goes on when it is back', async () => {
    await field().fill('What a wonderful shop')
    await visitor.page.locator('.verdict-label', { hasText: 'Positive' }).waitFor()
    await visitor.page.context().setOffline(true)
    await field().fill('Terrible service, I hate it')
    await visitor.page.locator('.connection p').waitFor()
    expect(await visitor.page.getByRole('alert').textContent()).toContain('SERVER_UNREACHABLE')
    expect(plain(await verdict().textContent())).toContain('Positive')
    expect(await visitor.page.locator('.verdict.is-stale').count()).toBe(1)
    await visitor.page.context().setOffline(false)
    await visitor.page.locator('.verdict-label', { hasText: 'Negative' }).waitFor()
    await visitor.page.locator('.connection p').waitFor({ state: 'detached' })
  })

  it('shows what comes after 200 ms of waiting, and moves nothing when it is there', async () => {
    await visitor.page.route('**/predict', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 700))
      await route.continue()
    })
    await visitor.page.evaluate(
      "window.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) window.shift += entry.value }).observe({ type: 'layout-shift', buffered: true })",
    )
    await field().fill('What a wonderful shop')
    await visitor.page.locator('.verdict.is-waiting').waitFor()
    await visitor.page.locator('.verdict-label', { hasText: 'Positive' }).waitFor()
    await visitor.page.waitForTimeout(100)
    expect(await visitor.page.evaluate('window.shift')).toBe(0)
  })
})
