// npm test: set up, run every test, and end with the totals.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tool } from './run.mjs'
import { prepare, runScript } from './setup.mjs'
import { ensureTestTools } from './test-tools.mjs'

/** @typedef {import('./totals-reporter.mjs').Totals} Totals */

/** The test of the pipeline runs this very command, and must not run itself. */
const isInner = process.env.RENOWN_WORKFLOW_TEST === '1'
const filters = isInner ? ['packages/reputation/src/summary', 'test/licences'] : process.argv.slice(2)

await runScript(async () => {
  await prepare()
  await ensureTestTools(filters)
  const folder = mkdtempSync(join(tmpdir(), 'renown-test-'))
  const file = join(folder, 'totals.json')
  try {
    const reporters = ['--reporter=default', '--reporter=./scripts/totals-reporter.mjs']
    const env = { ...process.env, TEST_TOTALS_FILE: file }
    const code = await tool('vitest', ['run', ...reporters, ...filters], { env })
    const totals = readTotals(file)
    if (code !== 0 && totals.failed === 0) totals.failed = 1
    printTotals(totals)
    return totals.failed === 0 ? 0 : code || 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

/**
 * @param {string} file
 * @returns {Totals} one failure if the run ended without a report
 */
function readTotals(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: 0, skips: [], failures: ['the test run itself: it ended without a report'] }
  }
}

/** @param {Totals} totals */
function printTotals({ passed, failed, skipped, skips, failures }) {
  if (skips.length > 0) console.log(`Skipped:\n${skips.map((line) => `  ${line}`).join('\n')}`)
  if (failures.length > 0) console.log(`Failed:\n${failures.map((line) => `  ${line}`).join('\n')}`)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
}
