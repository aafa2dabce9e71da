// Tests of `renown publish` as a process, against a stand-in for the Hub.
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { defaultModelFolder } from '@renown/models'
import { type HubStandIn, startHubStandIn } from '@renown/models/testing/hub-stand-in'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { cleanUp, runCli, temporaryFolder } from '../test-cli.ts'

const TOKEN = 'hf_notARealTokenOfAnybody'
let hub: HubStandIn

beforeAll(async () => {
  hub = await startHubStandIn({ token: TOKEN })
})
afterAll(async () => await hub.close())
afterEach(cleanUp)

async function environment(): Promise<Record<string, string>> {
  return { HF_ENDPOINT: hub.url, HF_HUB_CACHE: await temporaryFolder(), HF_TOKEN: TOKEN, HF_USERNAME: 'someone' }
}

test('a model that is published answers by its name as its folder does', async () => {
  const env = await environment()
  const model = join(await temporaryFolder(), 'mood')
  await cp(defaultModelFolder(), model, { recursive: true })
  const planned = await runCli(['publish', model, '--to', 'mood', '--dry-run'], { env })
  expect(planned.stderr).toBe('')
  expect(planned.stdout).toMatch(/added +onnx\/model_quantized.onnx +\S+ MB/)
  expect(planned.stdout).toMatch(
    /Dry run, nothing was changed: the repository would be made, main would get one commit/,
  )
  expect(hub.inspect('someone/mood')).toBeNull()
  const published = await runCli(['publish', model, '--to', 'mood', '--tag', 'v9'], { env })
  expect(published).toMatchObject({ code: 0, stdout: expect.stringContaining('Use it as hf:someone/mood@v9') })
  await writeFile(join(model, 'gate.json'), '{"kind":"renown-gate"}')
  const republish = ['publish', model, '--to', 'mood', '--no-tag', '--json']
  const refused = await runCli(republish, { env })
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('speaks against it') })
  const again = await runCli([...republish, '--without-gate'], { env })
  expect(JSON.parse(again.stdout)).toMatchObject({ name: 'someone/mood', isCommitted: false, tag: null })
  const ask = ['predict', 'The soup was cold, and nobody minded', '--model']
  const answers = await Promise.all([runCli([...ask, model]), runCli([...ask, 'hf:someone/mood@v9'], { env })])
  expect(answers[1]).toMatchObject({ code: 0, stdout: answers[0].stdout })
})

test('that a version of the registry is published is in its history, once; of another folder nothing is noted', async () => {
  const home = await temporaryFolder()
  const env = { ...(await environment()), RENOWN_HOME: home, RENOWN_ACTOR: 'ada' }
  const elsewhere = await runCli(['publish', 'default', '--to', 'kept', '--tag', 'v1'], { env })
  expect(elsewhere).toMatchObject({ code: 0, stderr: '' })
  expect((await runCli(['models', 'history'], { env })).stderr).toContain('Nothing is recorded')
  await runCli(['models', 'add', 'default'], { env })
  const publish = ['publish', 'v1', '--to', 'kept', '--tag', 'v2', '--message', 'for everybody']
  expect(await runCli([...publish, '--dry-run'], { env })).toMatchObject({ code: 0 })
  for (let time = 0; time < 2; time++) expect(await runCli(publish, { env })).toMatchObject({ code: 0, stderr: '' })
  const { stdout } = await runCli(['models', 'history'], { env })
  expect(stdout.match(/published v1: hf:someone\/kept@v2 +ada +for everybody/g)).toHaveLength(1)
})

test('what is refused is one line with a code, without the token', async () => {
  const env = await environment()
  const to = ['publish', 'default', '--to', 'someone/other']
  const results = [
    await runCli(['publish', 'default', '--to', '../other'], { env }),
    await runCli(to, { env: { ...env, HF_TOKEN: '' } }),
    await runCli([...to, '--verbose'], { env: { ...env, HF_TOKEN: 'hf_expired' } }),
    await runCli(['publish', 'default'], { env }),
  ]
  expect(results.map(({ code }) => code)).toEqual([1, 1, 1, 2])
  expect(results[0]?.stderr).toMatch(/^renown: .*\(HUB_NAME_INVALID\)\n$/)
  expect(results[1]?.stderr).toMatch(/HF_TOKEN.*\(HUB_UNAUTHORIZED\)\n$/)
  expect(results[2]?.stderr).toContain('wrong or expired')
  expect(results.map(({ stderr }) => stderr).join('')).not.toMatch(/hf_(notARealToken|expired)/)
  expect(hub.inspect('someone/other')).toBeNull()
})
