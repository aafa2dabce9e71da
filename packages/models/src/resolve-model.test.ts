// Tests of model references.
import { mkdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { createHubClient } from './hub/hub-client.ts'
import { listModels, resolveModel } from './resolve-model.ts'
import { copyModelFolder, removeTemporaryFolders, temporaryFolder } from './test-fixtures.ts'

afterEach(removeTemporaryFolders)

describe('resolveModel', () => {
  test('finds the embedded model, a folder, and a name in the data folder', async () => {
    const home = await temporaryFolder()
    const defaultFolder = await copyModelFolder()
    const options = { home, defaultFolder }
    expect((await resolveModel('default', options)).path).toBe(defaultFolder)
    expect((await resolveModel(defaultFolder, options)).path).toBe(defaultFolder)
    await mkdir(join(home, 'models'))
    const named = join(home, 'models', 'mine')
    await rename(await copyModelFolder(), named)
    expect((await resolveModel('mine', options)).path).toBe(named)
    expect(await listModels(home, options)).toEqual([
      { reference: 'default', path: defaultFolder },
      { reference: 'mine', path: named },
    ])
  })

  test('says what is known when a reference is not', async () => {
    const home = await temporaryFolder()
    const defaultFolder = await copyModelFolder()
    await expect(resolveModel('nobody', { home, defaultFolder })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: expect.stringMatching(/no model "nobody".*\(default\)/),
    })
    await expect(resolveModel('nobody', { home, defaultFolder: join(home, 'gone') })).rejects.toThrow('(none)')
  })

  test.each(['https://example.org/model', 's3://bucket/model', 'latest'])(
    'refuses %s as not supported',
    async (reference) => {
      const home = await temporaryFolder()
      await expect(resolveModel(reference, { home })).rejects.toMatchObject({ code: 'MODEL_REFERENCE_UNSUPPORTED' })
    },
  )

  test('asks the Hub for hf:owner/name, and nobody where that is switched off', async () => {
    const home = await temporaryFolder()
    const hub = createHubClient({ env: { HF_HUB_OFFLINE: '1', HF_HOME: home } })
    await expect(resolveModel('hf:someone/model', { home, hub })).rejects.toMatchObject({ code: 'HUB_UNREACHABLE' })
    await expect(resolveModel('hf:../model', { home, hub })).rejects.toMatchObject({ code: 'HUB_NAME_INVALID' })
  })
})
