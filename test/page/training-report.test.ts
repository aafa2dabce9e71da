// The training report in a browser: readable by everyone, wide and narrow, light and dark, and nothing in it runs.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderTrainingReport } from '../../packages/models/src/report/render-training-report.ts'
import { makeReport } from '../../packages/models/src/report/test-report.ts'
import { launchBrowser, NO_BROWSER, named, visit } from './support/browser.ts'
import { inspect } from './support/inspect.ts'

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 375 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 375 },
] as const

describe.skipIf(NO_BROWSER !== '')(named('the training report'), () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
  })

  it.each(LOOKS)('has nothing against it ($colorScheme, $width)', async ({ colorScheme, width }) => {
    const visitor = await visit(browser, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
    await visitor.page.setContent(renderTrainingReport(makeReport({ includeTexts: true })))
    await visitor.page.evaluate('document.querySelectorAll("details").forEach((part) => { part.open = true })')
    expect(await inspect(visitor.page)).toEqual([])
    expect(await visitor.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await visitor.close()
  })

  it('runs nothing of what posts, labels and names say', async () => {
    const visitor = await visit(browser)
    const evil = `"'></td><script>window.ran = 1</script><img src=x onerror="window.ran = 2">`
    const data = makeReport({ includeTexts: true })
    const evaluations = data.evaluations.map((measured) => ({
      ...measured,
      dataSet: evil,
      mistakes: measured.mistakes.map((mistake) => ({ ...mistake, label: evil, text: evil })),
    }))
    await visitor.page.setContent(
      renderTrainingReport({ ...data, evaluations, manifest: { ...data.manifest, name: evil } }),
    )
    expect(await visitor.page.evaluate('window.ran ?? null')).toBeNull()
    expect(await visitor.page.evaluate('document.querySelectorAll("script, img").length')).toBe(0)
    expect(await visitor.page.locator('h1').textContent()).toContain(evil)
    expect(visitor.complaints).toEqual([])
    await visitor.close()
  })
})
