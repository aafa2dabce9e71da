// Signatures: what verifies, what doesn't, and that they travel with the model.
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { fetchHubModel } from '../hub/fetch-hub-model.ts'
import { publishModel } from '../hub/publish/publish-model.ts'
import { openWritableHub } from '../hub/publish/test-publish.ts'
import { stopStandIns } from '../hub/test-hub.ts'
import { openModelFolder } from '../open-model-folder.ts'
import { recordEvaluation } from '../record-evaluation.ts'
import { openRegistry } from '../registry/registry.ts'
import { copyModelFolder, EVALUATION, removeTemporaryFolders, temporaryFolder } from '../test-fixtures.ts'
import { createSigningKeys } from './keys.ts'
import { checkSignature, signModel } from './sign-model.ts'

afterEach(removeTemporaryFolders)
afterEach(stopStandIns)

const BY = { who: 'somebody', why: 'for a test' }
const ours = createSigningKeys()
const others = createSigningKeys()

async function signedFolder(): Promise<string> {
  const folder = await copyModelFolder()
  await recordEvaluation(folder, EVALUATION)
  await signModel(folder, ours.privatePem)
  return folder
}

describe('a signature', () => {
  test('verifies with the key that made it, among others', async () => {
    const folder = await signedFolder()
    expect(await checkSignature(folder, [others.publicKey, ours.publicKey])).toBe(ours.publicKey)
    expect(await readFile(join(folder, 'renown.sig'), 'utf8')).not.toContain('PRIVATE')
  })

  test('of a key that nobody trusts is refused', async () => {
    const folder = await signedFolder()
    const check = checkSignature(folder, [others.publicKey])
    await expect(check).rejects.toMatchObject({ code: 'MODEL_SIGNATURE_INVALID' })
  })

  test('is missed where there is none', async () => {
    const folder = await copyModelFolder()
    await expect(checkSignature(folder, [ours.publicKey])).rejects.toMatchObject({ code: 'MODEL_UNSIGNED' })
  })

  test('of another manifest doesn’t verify, whatever key it claims', async () => {
    const folder = await signedFolder()
    await appendFile(join(folder, 'renown.json'), '\n')
    await expect(checkSignature(folder, [ours.publicKey])).rejects.toMatchObject({ code: 'MODEL_SIGNATURE_INVALID' })
    const path = join(folder, 'renown.sig')
    await signModel(folder, others.privatePem)
    const claimed = (await readFile(path, 'utf8')).replace(others.publicKey, ours.publicKey)
    await writeFile(path, claimed)
    await expect(checkSignature(folder, [ours.publicKey])).rejects.toMatchObject({ code: 'MODEL_SIGNATURE_INVALID' })
  })

  test.each(['', '{}', 'not JSON', '{"format": 1, "public_key": 1, "signature": "x"}', '[]', 'null'])(
    'that reads %j is refused',
    async (text) => {
      const folder = await signedFolder()
      await writeFile(join(folder, 'renown.sig'), text)
      await expect(checkSignature(folder, [ours.publicKey])).rejects.toMatchObject({ code: 'MODEL_SIGNATURE_INVALID' })
    },
  )

  test('is not made with a key of another kind, and of no version of the registry', async () => {
    const folder = await copyModelFolder()
    await expect(signModel(folder, ours.publicKey)).rejects.toMatchObject({ code: 'SIGNING_KEY_INVALID' })
    await expect(signModel(await temporaryFolder(), ours.privatePem)).rejects.toMatchObject({ code: 'SIGNING_REFUSED' })
    const registry = openRegistry(await temporaryFolder())
    const { version } = (await registry.add(folder, BY)).version
    const { path } = await registry.show(version)
    await expect(signModel(path, ours.privatePem)).rejects.toMatchObject({ code: 'SIGNING_REFUSED' })
  })

  test('survives the registry, publishing and fetching, and goes when an unsigned model follows', async () => {
    const registry = openRegistry(await temporaryFolder())
    const { version } = (await registry.add(await signedFolder(), BY)).version
    const { path } = await registry.show(version)
    await checkSignature(path, [ours.publicKey])
    const { client, withEnv, hub } = await openWritableHub()
    await publishModel(await openModelFolder(path), { to: 'someone/tiny', hub: client })
    const other = withEnv({ HF_HUB_CACHE: await temporaryFolder() })
    const fetched = await fetchHubModel('hf:someone/tiny', { hub: other })
    expect(await checkSignature(fetched.path, [ours.publicKey])).toBe(ours.publicKey)
    const unsigned = await signedFolder()
    await rm(join(unsigned, 'renown.sig'))
    await publishModel(await openModelFolder(unsigned), { to: 'someone/tiny', hub: client, tag: null })
    expect(hub.inspect('someone/tiny')?.files.has('renown.sig')).toBe(false)
  })
})
