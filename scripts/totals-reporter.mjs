// A vitest reporter that counts tests, and writes the counts and the names behind them to a file.
import { writeFileSync } from 'node:fs'

/** @typedef {{ passed: number, failed: number, skipped: number, skips: string[], failures: string[] }} Totals */

export default class TotalsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env.TEST_TOTALS_FILE
    if (file !== undefined) writeFileSync(file, JSON.stringify(countTests(modules, unhandledErrors)))
  }
}

/**
 * A file that doesn't load and an error outside every test count as a failure each.
 * @param {readonly import('vitest/node').TestModule[]} modules
 * @param {readonly unknown[]} unhandledErrors
 * @returns {Totals}
 */
function countTests(modules, unhandledErrors) {
  /** @type {Totals} */
  const totals = { passed: 0, failed: 0, skipped: 0, skips: [], failures: [] }
  for (const module of modules) countModule(module, totals)
  totals.failed += unhandledErrors.length
  totals.failures.push(...unhandledErrors.map((error) => `outside every test: ${messageOf(error)}`))
  return totals
}

/**
 * @param {import('vitest/node').TestModule} module
 * @param {Totals} totals
 */
function countModule(module, totals) {
  const file = module.relativeModuleId
  for (const error of module.errors()) {
    totals.failed++
    totals.failures.push(`${file}: ${messageOf(error)}`)
  }
  for (const suite of module.children.allSuites()) {
    for (const error of suite.errors()) {
      totals.failed++
      totals.failures.push(`${file}: ${suite.fullName}: ${messageOf(error)}`)
    }
  }
  for (const test of module.children.allTests()) {
    const result = test.result()
    const name = `${file}: ${test.fullName}`
    if (result.state === 'passed') totals.passed++
    else if (result.state === 'failed') {
      totals.failed++
      totals.failures.push(name)
    } else {
      totals.skipped++
      totals.skips.push(`${name}${reasonOf(result)}`)
    }
  }
}

/**
 * @param {import('vitest/node').TestResult} result
 * @returns {string}
 */
function reasonOf(result) {
  return result.state === 'skipped' && result.note ? `: ${result.note}` : ''
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function messageOf(error) {
  const message = /** @type {{ message?: unknown } | null} */ (error)?.message
  return String(message ?? error).split('\n')[0] ?? ''
}
