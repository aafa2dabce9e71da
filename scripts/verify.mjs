// npm run verify: format, lint, types and unused code, side by side; in seconds.
import { runTool } from './run.mjs'
import { prepare, runScript } from './setup.mjs'

/** @type {readonly { name: string, tool: Parameters<typeof runTool>[0], args: string[] }[]} */
const CHECKS = [
  { name: 'format and lint', tool: 'biome', args: ['check', '--error-on-warnings', '.'] },
  { name: 'types', tool: 'tsc', args: ['-b'] },
  { name: 'unused code', tool: 'knip', args: ['--no-progress'] },
]

/**
 * @param {(typeof CHECKS)[number]} check
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
  const results = await Promise.all(CHECKS.map(passes))
  return results.every(Boolean) ? 0 : 1
})
