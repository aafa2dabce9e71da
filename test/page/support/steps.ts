// Steps that several tests of the page take.
import type { Page } from 'playwright-core'

export interface UploadedFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** Chooses a file with the button, and waits for the columns. */
export async function upload(page: Page, url: string, file: UploadedFile): Promise<void> {
  await page.goto(`${url}/#/score`)
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a file' }).click(),
  ])
  await chooser.setFiles(file)
}

/** From the file to its answer. */
export async function score(page: Page, url: string, file: UploadedFile): Promise<void> {
  await upload(page, url, file)
  await page.getByRole('button', { name: /^Score / }).click()
  await page.locator('.answer-headline').waitFor({ timeout: 60_000 })
}

/** Non-breaking and thin spaces as plain ones. */
export function plain(text: string | null): string {
  return (text ?? '').replace(/[\u00a0\u202f]/g, ' ').trim()
}

/** Waits until the look is at rest: fonts are there and nothing moves. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => new Promise(requestAnimationFrame))')
}
