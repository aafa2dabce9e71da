// Tests of a model of the Hub on the command line, against a stand-in for the Hub.
import { type HubStandIn, readFolder, startHubStandIn } from '@renown/models/testing/hub-stand-in'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { cleanUp, runCli, TINY_MODEL, temporaryFolder } from './test-cli.ts'

const TOKEN = 'hf_notARealTokenOfAnybody'
let hub: HubStandIn

beforeAll(async () => {
  hub = await startHubStandIn({ token: TOKEN })
  const names = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'vocab.txt', 'model.safetensors']
  hub.add({ name: 'someone/tiny', files: await readFolder(TINY_MODEL, names) })
})
afterAll(async () => await hub.close())
afterEach(cleanUp)

test('hf:owner/name answers as its folder does, also without a network afterwards', async () => {
  const cache = await temporaryFolder()
  const args = ['predict', 'The soup was cold', '--model']
  const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, HF_TOKEN: TOKEN }
  const fetched = await runCli([...args, 'hf:someone/tiny'], { env })
  expect(fetched.stdout).not.toBe('')
  expect(fetched).toMatchObject({ code: 0, stdout: (await runCli([...args, TINY_MODEL])).stdout })
  const offline = await runCli([...args, 'hf:someone/tiny'], { env: { ...env, HF_HUB_OFFLINE: '1' } })
  expect(offline).toMatchObject({ code: 0, stdout: fetched.stdout })
  const unreachable = { ...env, HF_ENDPOINT: 'http://127.0.0.1:9' }
  const bridged = await runCli([...args, 'hf:someone/tiny'], { env: unreachable })
  expect(bridged).toMatchObject({ code: 0, stdout: fetched.stdout })
  expect(bridged.stderr).toMatch(
    /can't be reached .*using commit [0-9a-f]{12} of the model someone\/tiny from the cache/,
  )
})

test('what the Hub refuses is one line with a code, without the token', async () => {
  const env = { HF_ENDPOINT: hub.url, HF_HUB_CACHE: await temporaryFolder(), HF_TOKEN: TOKEN }
  const missing = await runCli(['predict', 'x', '--model', 'hf:someone/gone'], { env })
  expect(missing).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^renown: .*someone\/gone.*\(HUB_NOT_FOUND\)\n$/),
  })
  const wrong = await runCli(['predict', 'x', '--model', 'hf:someone/tiny', '--verbose'], {
    env: { ...env, HF_TOKEN: 'hf_expired' },
  })
  expect(wrong.stderr).toContain('(HUB_UNAUTHORIZED)')
  expect(missing.stderr + wrong.stderr).not.toMatch(/hf_(notARealToken|expired)/)
})
