// A real Chromium, where there is one; otherwise the reason why the tests of the page are skipped.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
]

const executable: string | undefined = (process.env.PATH ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find((path) => existsSync(path))

/** Why there is no browser; empty where there is one. */
export const NO_BROWSER: string = executable === undefined ? `no ${NAMES.join(', ')} on the PATH` : ''

/** The name of a group of tests, with the reason where it is skipped. */
export function named(name: string): string {
  return NO_BROWSER === '' ? name : `${name} (skipped: ${NO_BROWSER})`
}

export async function launchBrowser(): Promise<Browser> {
  if (executable === undefined) throw new Error(NO_BROWSER)
  return await chromium.launch({ executablePath: executable, args: ARGS })
}

export interface Visitor {
  readonly page: Page
  /** What the page complained about: uncaught errors and violations of its content security policy. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

/** A fresh visitor: no cookies, nothing remembered. */
export async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    const text = message.text()
    // The browser notes every refused request; those are part of what is tested.
    if (message.type() === 'error' && !text.startsWith('Failed to load resource')) complaints.push(text)
  })
  return { page, complaints, close: () => context.close() }
}
