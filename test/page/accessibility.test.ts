// Every view and its main states, light and dark, wide and narrow: no finding of axe, nothing that overflows.

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, NO_BROWSER, named, visit } from './support/browser.ts'
import { inspect } from './support/inspect.ts'
import { type PageServer, startPageServer } from './support/page-server.ts'
import { asFile, makePosts, toCsv } from './support/posts.ts'
import { score, settle, upload } from './support/steps.ts'

const POSTS = toCsv(makePosts(12, 40))

const SCENES: Readonly<Record<string, (page: Page, url: string) => Promise<void>>> = {
  'Try it, empty': async (page, url) => {
    await page.goto(`${url}/#/try`)
    await page.locator('.verdict').waitFor()
  },
  'Try it, answered': async (page, url) => {
    await page.goto(`${url}/#/try`)
    await page.locator('.example').first().click()
    await page.locator('.history-row').waitFor()
  },
  'Try it, refused': async (page, url) => {
    await page.goto(`${url}/#/try`)
    await page.getByLabel('Text of the post').fill('word '.repeat(5000))
    await page.getByRole('alert').waitFor()
  },
  'Score a file': async (page, url) => {
    await page.goto(`${url}/#/score`)
    await page.locator('.drop').waitFor()
  },
  'Score a file, columns': async (page, url) => {
    await upload(page, url, asFile('columns.csv', POSTS))
    await page.getByRole('table').waitFor()
  },
  'Score a file, answer': async (page, url) => {
    await score(page, url, asFile('answer.csv', `${POSTS}2024-03-04,x,""\n`))
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    await page.locator('.reject-row').waitFor()
  },
  'Score a file, too few': async (page, url) => {
    await score(page, url, asFile('few.csv', toCsv(makePosts(2, 2))))
  },
  'Score a file, posts': async (page, url) => {
    await score(page, url, asFile('posts.csv', POSTS))
    await page.locator('.split-item').first().click()
    await page.getByRole('dialog').locator('.post').first().waitFor()
  },
  Model: async (page, url) => {
    await page.goto(`${url}/#/model`)
    await page.locator('[aria-labelledby="facts-heading"] .facts').waitFor()
    await page.getByText('No version is kept yet').waitFor()
  },
}

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 375 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 375 },
] as const

describe.skipIf(NO_BROWSER !== '')(named('the page: accessibility'), () => {
  let browser: Browser
  let server: PageServer

  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchBrowser(), startPageServer()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  for (const { colorScheme, width } of LOOKS) {
    it.each(Object.keys(SCENES))(`has nothing against it: %s (${colorScheme}, ${width})`, async (name) => {
      const visitor = await visit(browser, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true })
      await SCENES[name]?.(visitor.page, server.url)
      await settle(visitor.page)
      expect(await inspect(visitor.page)).toEqual([])
      expect(await visitor.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
      await visitor.close()
    })
  }

  it('gives every control a target of 44 px on a narrow screen, links in running text aside', async () => {
    const visitor = await visit(browser, { viewport: { width: 375, height: 800 } })
    for (const name of ['Try it, answered', 'Score a file, columns']) {
      await SCENES[name]?.(visitor.page, server.url)
      const small = await visitor.page.evaluate(
        `[...document.querySelectorAll('button, select, textarea, input:not([tabindex="-1"]), nav a, .split-item')]
          .filter((element) => element.checkVisibility() && !element.classList.contains('skip'))
          .filter((element) => { const box = element.getBoundingClientRect(); return box.height < 44 || box.width < 24 })
          .map((element) => element.outerHTML.slice(0, 120))`,
      )
      expect(small).toEqual([])
    }
    await visitor.close()
  })
})
