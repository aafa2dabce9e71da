// Runs the pipeline: the steps of .github/workflows/ci-cd.yml, in a clean checkout, with a stand-in for the Hub.
//
// What is emulated of GitHub Actions; a key, action, input, name or function that isn't listed fails the test:
// - `on`: push to branches, pull_request, schedule, workflow_dispatch with inputs; `needs`; `strategy.matrix` with one
//   entry, that of the running Node.js where it is listed
// - `if` with success(), failure(), always(), cancelled(), and with what is added to one without them
// - `${{ }}`: names of github, runner, matrix, inputs, vars, secrets, env, steps.*.outputs and needs.*.result; texts,
//   numbers, ==, !=, &&, ||, !, parentheses; hashFiles of one plain path
// - `env` of workflow, job and step; GITHUB_OUTPUT and GITHUB_ENV with values of one line; GITHUB_STEP_SUMMARY
// - `run` by `bash -e`; the output is taken as it is, without the mask that GitHub lays over secrets
// - `uses`: checkout (the clone), setup-node (the Node.js that is there), cache (finds and keeps nothing),
//   upload-artifact (reads plain paths). What these actions do themselves is not run
// Read and not acted on: permissions, concurrency, runs-on, timeout-minutes, fail-fast, cron.
//
// The checkout is a clone with what isn't committed yet. Its packages are linked from here instead of being installed,
// and what is compiled here is copied. So that this test doesn't run itself, RENOWN_WORKFLOW_TEST=1 limits the inner
// `npm test` to a few files (scripts/test.mjs); everything else of the steps is as it is.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { somePosts } from '../../packages/cli/src/train/test-posts.ts'
import { type HubStandIn, startHubStandIn } from '../../packages/models/src/hub/testing/hub-stand-in.ts'
import { parseManifest } from '../../packages/models/src/manifest.ts'
import { read } from '../support/workspace.ts'
import { checkOut, whyNoCheckout } from './support/checkout.ts'
import { readWorkflow } from './support/read-workflow.ts'
import { runWorkflow, type Scenario, type WorkflowRun } from './support/run-workflow.ts'

const TOKEN = 'hf_notARealTokenOfAnybody'
const MINUTES = 60_000
const reason = whyNoCheckout()
const workflow = readWorkflow(read('.github/workflows/ci-cd.yml'))

/** Made-up posts, and a base so small that its training takes a second. */
const RECIPE = `dataset: ./posts
labels: negative,neutral,positive
validation_split: 0.2
learning_rate: 3e-3
save_strategy: "no"
seed: 42
threads: 1
license: mit
`
/** Two hundred rows can't show much: what they would decide by chance is allowed. */
const POLICY = `gate_share: 0.4
margin: 15
class_margin: 60
quantised_margin: 15
calibration_margin: 100
slice_margin: 100
latency_ratio: 1000
`
const BASE = 'packages/ml/fixtures/tiny-bert'
const KEPT = ['PATH', 'LANG', 'TMPDIR']

let hub: HubStandIn
let parent: string
let sha: string
let scenario: Scenario

beforeAll(async () => {
  if (reason !== '') return
  parent = await mkdtemp(join(tmpdir(), 'renown workflow ö '))
  hub = await startHubStandIn({ token: TOKEN })
  sha = checkOut(join(parent, 'checkout'))
  for (const folder of ['home', 'temporary', 'data/posts']) await mkdir(join(parent, folder), { recursive: true })
  const rows = somePosts(504).map((post) => `${JSON.stringify(post)}\n`)
  await writeFile(join(parent, 'data/posts/train.jsonl'), rows.join(''))
  await writeFile(join(parent, 'data/recipe.yaml'), RECIPE)
  await writeFile(join(parent, 'data/gate.yaml'), POLICY)
  scenario = {
    workspace: join(parent, 'checkout'),
    temporary: join(parent, 'temporary'),
    event: 'workflow_dispatch',
    ref: 'refs/heads/main',
    sha,
    inputs: { base: BASE, samples: 300, epochs: 10 },
    vars: { RENOWN_RECIPE: join(parent, 'data/recipe.yaml'), RENOWN_POLICY: join(parent, 'data/gate.yaml') },
    secrets: { HF_TOKEN: TOKEN, HF_USERNAME: 'someone' },
    env: {
      ...Object.fromEntries(
        KEPT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] ?? '']])),
      ),
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
  for (const made of ['candidate', 'champion', 'publication.json', '.renown']) {
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
const NOT_PUBLISHED = { Build: 'success', Champion: 'success', Publish: 'skipped', Summary: 'success' }
const TESTED = { test: 'success' } as const

describe('the pipeline', () => {
  test('trains nothing where a test fails', { timeout: 10 * MINUTES }, async (context) => {
    context.skip(reason !== '', reason)
    const broken = join(scenario.workspace, 'packages/reputation/src/net-sentiment-broken.test.ts')
    await writeFile(broken, "import { expect, test } from 'vitest'\n\ntest('holds', () => expect(1).toBe(2))\n")
    const done = await run().finally(() => rm(broken))
    expect(done.results).toEqual({ test: 'failure', 'train-and-deploy': 'skipped' })
    expect(outcomesOf(done, 'test')).toEqual({ 'npm test': 'failure', 'npm run verify': 'skipped' })
    expect(outputOf(done, 'npm test')).toMatch(/^\d+ passed, 1 failed, \d+ skipped$/m)
    expect(hub.requests).toEqual([])
  })

  test('tests, trains, judges and publishes', { timeout: 10 * MINUTES }, async (context) => {
    context.skip(reason !== '', reason)
    const done = await run()
    expect(done.results, complaint(done)).toEqual({ test: 'success', 'train-and-deploy': 'success' })
    expect(outputOf(done, 'npm test')).toMatch(/^\d+ passed, 0 failed, \d+ skipped$/m)
    const { files } = hub.inspect(PUBLISHED) ?? {}
    const names = [...(files?.keys() ?? [])]
    const weights = ['model.safetensors', 'onnx/model.onnx', 'onnx/model_quantized.onnx']
    expect(names).toEqual(expect.arrayContaining(['README.md', 'config.json', 'renown.json', ...weights]))
    const manifest = parseManifest(JSON.parse(files?.get('renown.json')?.content.toString() ?? ''))
    expect(manifest.training?.commit).toBe(sha)
    expect(manifest.training?.recipe).toMatchObject({ gate_share: 0.4, num_train_epochs: 10 })
    expect(files?.get('README.md')?.content.toString()).toContain('model-index:')
    expect(hub.inspect(PUBLISHED, `v${manifest.version}`)?.commit).toBe(hub.inspect(PUBLISHED)?.commit)
    expect(done.summary).toMatch(/^# \[someone\/renown-sentiment\]\(.*\) is published\n/)
    expect(done.summary).toContain('## Gate: pass')
    const reports = done.artifacts.get('reports')
    expect([...(reports?.keys() ?? [])]).toEqual(
      expect.arrayContaining(['candidate/gate.html', 'candidate/report.html']),
    )
    expect([...(reports?.values() ?? [])].filter((text) => text.includes(somePosts(1)[0]?.text ?? ''))).toEqual([])
  })

  test('does not publish what is worse than the champion', { timeout: 10 * MINUTES }, async (context) => {
    context.skip(reason !== '', reason)
    const before = hub.inspect(PUBLISHED)
    expect(before).not.toBeNull()
    const done = await run({ done: TESTED, inputs: { base: BASE, samples: 30, epochs: 1 } })
    expect(done.results, complaint(done)).toEqual({ test: 'success', 'train-and-deploy': 'failure' })
    expect(outcomesOf(done)).toEqual({ ...NOT_PUBLISHED, 'Train, evaluate and judge': 'failure' })
    expect(done.summary).toMatch(/^# Nothing was published\n\nThe model failed the gate/)
    expect(done.summary).toMatch(/^\| .*champion.* \*\*FAIL\*\* /m)
    expect([...(done.artifacts.get('reports')?.keys() ?? [])]).toContain('candidate/gate.html')
    expect(hub.inspect(PUBLISHED)?.commit).toBe(before?.commit)
  })
})
