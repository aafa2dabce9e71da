// npm run verify: format, lint, types and unused code, side by side; in seconds.
import { runTool } from './run.mjs'
import { prepare, runScript } from './setup.mjs'

/** @typedef {{ name: string, tool: Parameters<typeof runTool>[0], args: string[] }} Check */

/** @type {readonly Check[]} */
const CHECKS = [
  { name: 'format and lint', tool: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'types', tool: 'tsc', args: ['-b'] },
  { name: 'unused code', tool: 'knip', args: ['--no-progress'] },
]

/**
 * For the test of the pipeline, which runs this very command: what it finds elsewhere is for the outer run to say.
 * @type {readonly Check[]}
 */
const INNER_CHECKS = [{ name: 'format and lint', tool: 'biome', args: ['check', '--error-on-warnings', 'scripts'] }]

/**
 * @param {Check} check
 * @returns {Promise<boolean>}
 */
async function passes(check) {
  const start = performance.now()
  const { code, output } = await runTool(check.tool, check.args, { capture: true })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${check.name}  ${seconds} s`)
  if (code !== 0) console.log(output.trimEnd())
  return code === 0
}

await runScript(async () => {
  await prepare({ build: false })
  const checks = process.env.RENOWN_WORKFLOW_TEST === '1' ? INNER_CHECKS : CHECKS
  const results = await Promise.all(checks.map(passes))
  return results.every(Boolean) ? 0 : 1
})
