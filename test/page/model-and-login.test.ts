// "Model", the login, the colours and addresses that lead nowhere.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT, readJson } from '../support/workspace.ts'
import { launchBrowser, NO_BROWSER, named, visit } from './support/browser.ts'
import { type PageServer, startPageServer } from './support/page-server.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly evaluations: readonly { readonly metrics: Readonly<Record<string, { value: number }>> }[]
}

/** What a proxy adds: such a request needs credentials, also on a loopback address. */
const FORWARDED = { 'x-forwarded-for': '203.0.113.7' }

function createKey(home: string, scopes: readonly string[]): string {
  const args = [
    '--conditions=source',
    '--import',
    'tsx',
    join(ROOT, 'packages/cli/src/main.ts'),
    'keys',
    'create',
    '--name',
    'page',
  ]
  const output = execFileSync(process.execPath, [...args, '--scopes', scopes.join(',')], {
    cwd: ROOT,
    env: { ...process.env, RENOWN_HOME: home },
    encoding: 'utf8',
  })
  const key = /rk_\S+/.exec(output)?.[0]
  if (key === undefined) throw new Error('renown keys create printed no key')
  return key
}

describe.skipIf(NO_BROWSER !== '')(named('the page: model, login, frame'), () => {
  let browser: Browser
  let server: PageServer

  beforeAll(async () => {
    ;[browser, server] = await Promise.all([launchBrowser(), startPageServer()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })

  it('tells what serves, how well it does, and shows its card', async () => {
    const manifest = readJson<Manifest>('models/default/renown.json')
    const { page, complaints, close } = await visit(browser)
    await page.goto(`${server.url}/#/model`)
    await page.getByRole('heading', { name: `${manifest.name} ${manifest.version}` }).waitFor()
    const facts = (await page.locator('[aria-labelledby="facts-heading"] .facts').textContent()) ?? ''
    for (const word of ['Hash', 'Weights', 'Reads at once', 'Licence', 'Loaded', 'just now'])
      expect(facts).toContain(word)
    expect(await page.locator('.evaluation').count()).toBe(manifest.evaluations.length)
    const scores = await page.locator('.metrics tbody tr').all()
    const hints = await Promise.all(scores.map(async (score) => await score.locator('.metric-hint').count()))
    expect(hints, 'each score says what it means').toEqual(scores.map(() => 1))
    for (const { metrics } of manifest.evaluations) {
      for (const { value } of Object.values(metrics)) {
        expect(
          await page
            .locator('.metrics')
            .allTextContents()
            .then((texts) => texts.join(' ')),
        ).toContain(value.toFixed(3))
      }
    }
    expect(await page.locator('.markdown').textContent()).toContain(manifest.name)
    expect(await page.locator('.markdown').textContent()).not.toContain('license:')
    expect(complaints).toEqual([])
    await close()
  })

  it('asks a visitor from outside for a key, lets them in with it, and out again', async () => {
    const key = createKey(server.home, ['read', 'write'])
    const { page, close } = await visit(browser, { extraHTTPHeaders: FORWARDED })
    await page.goto(`${server.url}/#/score`)
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor()
    expect(await page.getByRole('navigation').count()).toBe(0)
    const field = page.getByLabel('API key')
    expect(await field.getAttribute('type')).toBe('password')
    await field.fill('rk_wrong')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toContain('KEY_INVALID')

    await field.fill(key)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { level: 1, name: 'Score a file' }).waitFor()
    const [cookie] = await page.context().cookies()
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' })
    expect(
      await page.evaluate('JSON.stringify(localStorage) + document.cookie + document.body.innerHTML'),
    ).not.toContain(key)
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Score a file' }).waitFor()
    await page.getByRole('button', { name: 'Log out' }).click()
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor()
    await close()
  })

  it('comes back to the login when the session ends while the page is open', async () => {
    const key = createKey(server.home, ['read'])
    const { page, close } = await visit(browser, { extraHTTPHeaders: FORWARDED })
    await page.goto(`${server.url}/#/try`)
    await page.getByLabel('API key').fill(key)
    await page.keyboard.press('Enter')
    await page.getByLabel('Text of the post').waitFor()
    await page.context().clearCookies()
    await page.getByLabel('Text of the post').fill('hello')
    await page.getByRole('heading', { level: 1, name: 'Log in' }).waitFor()
    await close()
  })

  it('wears the colours of the system until others are chosen, and remembers the choice', async () => {
    const { page, close } = await visit(browser, { colorScheme: 'dark' })
    const paper = (): Promise<unknown> => page.evaluate('getComputedStyle(document.body).backgroundColor')
    await page.goto(server.url)
    expect(await paper()).toBe('rgb(20, 23, 27)')
    await page.getByRole('button', { name: /^Colours: Auto/ }).click()
    expect(await paper()).toBe('rgb(251, 250, 247)')
    await page.reload()
    expect(await paper()).toBe('rgb(251, 250, 247)')
    await page.getByRole('button', { name: /^Colours: Light/ }).click()
    expect(await paper()).toBe('rgb(20, 23, 27)')
    await close()
  })

  it('can be walked by keyboard alone, and starts each view at its heading', async () => {
    const { page, close } = await visit(browser)
    const chosen: unknown[] = []
    page.on('filechooser', (chooser) => chosen.push(chooser))
    await page.goto(server.url)
    await page.getByLabel('Text of the post').waitFor()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('content')
    await page.getByRole('link', { name: 'Score a file' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Score a file' }).waitFor()
    // The view is painted before its effects run: the heading is there a moment before it has the focus.
    await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1')
    await expect.poll(() => page.title()).toBe('Score a file · Renown')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await expect.poll(() => chosen.length).toBe(1)
    await close()
  })

  it('says so where an address leads nowhere', async () => {
    const { page, close } = await visit(browser)
    await page.goto(`${server.url}/#/nothing`)
    await page.getByRole('heading', { level: 1, name: 'There is nothing here' }).waitFor()
    await page.getByRole('link', { name: 'Go to the first page' }).click()
    await page.getByLabel('Text of the post').waitFor()
    await close()
  })
})
