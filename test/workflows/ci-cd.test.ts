// Runs the pipeline: the steps of .github/workflows/ci-cd.yml, in a clean checkout, with a stand-in for the Hub.
//
// What is emulated of GitHub Actions; a key, action, input, name or function that isn't listed fails the test:
// - `on`: push to branches, pull_request, schedule, workflow_dispatch with inputs; `needs`; `strategy.matrix` with one
//   entry, that of the running Node.js where it is listed
// - `if` with success(), failure(), always(), cancelled(), and with what is added to one without them
// - `${{ }}`: names of github, runner, matrix, inputs, vars, secrets, env and steps.*.outputs; texts, numbers,
//   ==, !=, &&, ||, !, parentheses; hashFiles of one plain path
// - `env` of workflow, job and step; GITHUB_OUTPUT and GITHUB_ENV with values of one line; GITHUB_STEP_SUMMARY
// - `run` by `bash -e`; the output is taken as it is, without the mask that GitHub lays over secrets
// - `uses`: checkout (the clone), setup-node (the Node.js that is there), cache (finds and keeps nothing),
//   upload-artifact (reads plain paths). What these actions do themselves is not run
// Read and not acted on: permissions, concurrency, runs-on, timeout-minutes, fail-fast, cron.
//
// The checkout is a clone with what isn't committed yet. Its packages are linked from here instead of being installed,
// and what is compiled here is copied. So that this test doesn't run itself, RENOWN_WORKFLOW_TEST=1 limits the inner
// `npm test` to two files (scripts/test.mjs) and the inner `npm run verify` to format and lint of scripts/
// (scripts/verify.mjs). Everything else of the steps is as it is.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type HubStandIn, startHubStandIn } from '../../packages/models/src/hub/testing/hub-stand-in.ts'
import { parseManifest } from '../../packages/models/src/manifest.ts'
import { read } from '../support/workspace.ts'
import { checkOut, whyNoCheckout } from './support/checkout.ts'
import { fillHub } from './support/hub-contents.ts'
import { readWorkflow } from './support/read-workflow.ts'
import { runWorkflow, type Scenario, type WorkflowRun } from './support/run-workflow.ts'

const TOKEN = 'hf_notARealTokenOfAnybody'
const MINUTES = 60_000
const reason = whyNoCheckout()
const workflow = readWorkflow(read('.github/workflows/ci-cd.yml'))

/** As the pipeline's own, with settings by which a tiny base learns in a second. */
const RECIPE = `dataset: tweet_eval
dataset_config: sentiment
labels: negative,neutral,positive
learning_rate: 3e-3
save_strategy: "no"
seed: 42
threads: 1
name: mood
`
/** Some hundred rows can't show much: what they would decide by chance is allowed. */
const POLICY = `gate_share: 0.4
margin: 15
class_margin: 60
quantised_margin: 15
calibration_margin: 100
slice_margin: 100
latency_ratio: 1000
`
const KEPT = ['LANG', 'TMPDIR']

let hub: HubStandIn
let parent: string
let scenario: Scenario

beforeAll(async () => {
  if (reason !== '') return
  parent = await mkdtemp(join(tmpdir(), 'renown workflow ö '))
  hub = await startHubStandIn({ token: TOKEN })
  await fillHub(hub)
  for (const folder of ['home', 'temporary']) await mkdir(join(parent, folder))
  const [recipe, policy] = [join(parent, 'recipe.yaml'), join(parent, 'gate.yaml')]
  await writeFile(recipe, RECIPE)
  await writeFile(policy, POLICY)
  scenario = {
    workspace: join(parent, 'checkout'),
    temporary: join(parent, 'temporary'),
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha: checkOut(join(parent, 'checkout')),
    inputs: { samples: 240, epochs: 12 },
    vars: { RENOWN_RECIPE: recipe, RENOWN_POLICY: policy },
    secrets: { HF_TOKEN: TOKEN, HF_USERNAME: 'someone' },
    env: {
      ...Object.fromEntries(KEPT.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value !== '')),
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`,
      HOME: join(parent, 'home'),
      HF_ENDPOINT: hub.url,
      RENOWN_WORKFLOW_TEST: '1',
    },
  }
}, 5 * MINUTES)

afterAll(async () => {
  if (reason !== '') return
  await hub.close()
  await rm(parent, { recursive: true, force: true })
}, 5 * MINUTES)

/** In the same checkout, without what an earlier run has made. */
async function run(change: Partial<Scenario> = {}): Promise<WorkflowRun> {
  for (const made of ['candidate', 'champion', 'best', 'publication.json', '.renown']) {
    await rm(join(scenario.workspace, made), { recursive: true, force: true })
  }
  const done = await runWorkflow(workflow, { ...scenario, ...change })
  const told = [...done.steps.map(({ output }) => output), done.summary]
  for (const files of done.artifacts.values()) told.push(...files.values())
  expect(told.filter((text) => text.includes(TOKEN))).toEqual([])
  return done
}

/** What the commands of a job came to, by the titles of the steps. */
function outcomesOf({ steps }: WorkflowRun, job = 'train-and-deploy'): Record<string, string> {
  const commands = steps.filter((each) => each.job === job && each.step.run !== null)
  return Object.fromEntries(commands.map(({ step, outcome }) => [step.title, outcome]))
}

function outputOf({ steps }: WorkflowRun, title: string): string {
  return steps.find(({ step }) => step.title === title)?.output ?? ''
}

/** For messages: what the first step that failed has said. */
function complaint({ steps }: WorkflowRun): string {
  return steps.find(({ outcome }) => outcome === 'failure')?.output ?? ''
}

const PUBLISHED = 'someone/renown-sentiment'
const TESTED = { test: 'success' } as const
const NOT_PUBLISHED = {
  Build: 'success',
  Champion: 'success',
  'Train, evaluate and judge': 'failure',
  Publish: 'skipped',
  Summary: 'success',
}

function filesOf({ artifacts }: WorkflowRun): string[] {
  return [...(artifacts.get('reports')?.keys() ?? [])]
}

describe('the pipeline', { timeout: 10 * MINUTES }, () => {
  beforeEach((context) => context.skip(reason !== '', reason))

  test('trains nothing where a test fails', async () => {
    const broken = join(scenario.workspace, 'test/licences-broken.test.ts')
    await writeFile(broken, "import { expect, test } from 'vitest'\n\ntest('holds', () => expect(1).toBe(2))\n")
    hub.requests.splice(0)
    const done = await run().finally(() => rm(broken))
    expect(done.results).toEqual({ test: 'failure', 'train-and-deploy': 'skipped' })
    expect(outcomesOf(done, 'test')).toEqual({ 'npm test': 'failure', 'npm run verify': 'skipped' })
    expect(outputOf(done, 'npm test')).toMatch(/^\d+ passed, 1 failed, \d+ skipped$/m)
    expect(hub.requests).toEqual([])
  })

  test('tests, trains, judges and publishes', async () => {
    const done = await run()
    expect(done.results, complaint(done)).toEqual({ test: 'success', 'train-and-deploy': 'success' })
    expect(outputOf(done, 'npm test')).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/m)
    expect(outputOf(done, 'Train, evaluate and judge')).toContain('the base alone is the bar')
    const { commit, files } = hub.inspect(PUBLISHED) ?? {}
    const weights = ['model.safetensors', 'onnx/model.onnx', 'onnx/model_quantized.onnx']
    const names = [...(files?.keys() ?? [])]
    expect(names).toEqual(expect.arrayContaining(['README.md', 'config.json', 'renown.json', ...weights]))
    const manifest = parseManifest(JSON.parse(files?.get('renown.json')?.content.toString() ?? ''))
    expect(manifest).toMatchObject({
      name: 'mood',
      license: 'apache-2.0',
      base: { name: 'sentence-transformers/all-MiniLM-L6-v2' },
      training: { commit: scenario.sha, recipe: { gate_share: 0.4, num_train_epochs: 12 } },
    })
    expect(files?.get('README.md')?.content.toString()).toContain('model-index:')
    expect(hub.inspect(PUBLISHED, `v${manifest.version}`)?.commit).toBe(commit)
    expect(done.summary).toMatch(/^# \[someone\/renown-sentiment\]\(.*\) is published\n/)
    expect(done.summary).toContain('## Gate: pass')
    expect(filesOf(done)).toEqual(expect.arrayContaining(['candidate/gate.html', 'candidate/report.html']))
  })

  test('does not publish what is worse than the champion', async () => {
    const before = hub.inspect(PUBLISHED)
    expect(before).not.toBeNull()
    const done = await run({ done: TESTED, inputs: { samples: 30, epochs: 1 } })
    expect(done.results, outputOf(done, 'Train, evaluate and judge')).toEqual({
      ...TESTED,
      'train-and-deploy': 'failure',
    })
    expect(outcomesOf(done)).toEqual(NOT_PUBLISHED)
    expect(done.summary).toMatch(/^# Nothing was published\n\nThe model failed the gate/)
    expect(done.summary).toMatch(/^\| .*champion.* \*\*FAIL\*\* /m)
    expect(filesOf(done)).toContain('candidate/gate.html')
    expect(hub.inspect(PUBLISHED)?.commit).toBe(before?.commit)
  })

  test('on its schedule takes its own recipe and policy, and publishes no model that learnt nothing', async () => {
    const done = await run({ done: TESTED, event: 'schedule', inputs: {}, vars: { HF_MODEL_ID: 'someone/other' } })
    expect(outcomesOf(done), complaint(done)).toEqual(NOT_PUBLISHED)
    expect(done.summary).toMatch(/^# Nothing was published\n\nThe (model failed the gate|gate has too few posts)/)
    expect(done.summary).toMatch(/^\| num\\_train\\_epochs \| 3 \|$/m)
    expect(hub.inspect('someone/other')).toBeNull()
  })

  test('says what is missing where there is no token, and trains nothing', async () => {
    const done = await run({ done: TESTED, secrets: {} })
    expect(outcomesOf(done)).toEqual({
      ...NOT_PUBLISHED,
      Champion: 'failure',
      'Train, evaluate and judge': 'skipped',
    })
    expect(outputOf(done, 'Champion')).toContain('HF_USERNAME')
    expect(done.summary).toMatch(/^# No model was made\n/)
  })

  test.each([
    ['a pull request', { event: 'pull_request', ref: 'refs/pull/7/merge' }],
    ['a pull request with the name of main', { event: 'pull_request', ref: 'refs/heads/main' }],
    ['another branch by hand', { event: 'workflow_dispatch', ref: 'refs/heads/idea' }],
  ] as const)('never trains or publishes from %s', async (_name, change) => {
    hub.requests.splice(0)
    const done = await run({ done: TESTED, ...change })
    expect(done.results).toEqual({ ...TESTED, 'train-and-deploy': 'skipped' })
    expect([done.steps, hub.requests]).toEqual([[], []])
  })

  test('does not begin for a push to another branch', async () => {
    const { steps, results } = await run({ event: 'push', ref: 'refs/heads/idea', inputs: {} })
    expect([steps, results]).toEqual([[], {}])
  })
})
