// renown.sig: who vouches for a model. It signs renown.json, which holds the hash of every file.
import { sign, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ModelsError } from '../errors.ts'
import { MANIFEST_FILE, SIGNATURE_FILE } from '../manifest.ts'
import { isVersionFolder } from '../registry/registry-paths.ts'
import { replaceFile } from '../replace-file.ts'
import { readPrivateKey, readPublicKey, renderPublicKey } from './keys.ts'

/** So that a signature of something else is never taken for one of a model. */
const CONTEXT = 'renown model manifest, format 1\n'

interface SignatureFile {
  readonly publicKey: string
  readonly signature: string
}

/**
 * Writes renown.sig beside renown.json and returns the public key. What changes renown.json afterwards makes it invalid.
 * Throws SIGNING_KEY_INVALID, SIGNING_REFUSED (no renown.json, or a version of the registry, which never changes).
 */
export async function signModel(folder: string, privatePem: string): Promise<string> {
  const key = readPrivateKey(privatePem)
  if (isVersionFolder(folder)) {
    throw new ModelsError(
      'SIGNING_REFUSED',
      `"${folder}" is a version of the registry, which never changes: sign the folder that it was added from, and add that`,
    )
  }
  const manifest = await readFile(join(folder, MANIFEST_FILE)).catch((cause: unknown) => {
    throw new ModelsError('SIGNING_REFUSED', `"${folder}" has no ${MANIFEST_FILE} to sign: make a model folder first`, {
      cause,
    })
  })
  const publicKey = renderPublicKey(key)
  const signature = sign(null, signedBytes(manifest), key).toString('base64url')
  const document = { format: 1, algorithm: 'ed25519', public_key: publicKey, signature }
  await replaceFile(join(folder, SIGNATURE_FILE), `${JSON.stringify(document, null, 2)}\n`)
  return publicKey
}

/**
 * Whether one of the keys signed the model; returns which. The manifest that is checked must be the one that is used: open
 * the folder after this, and compare hashes. Throws MODEL_UNSIGNED, MODEL_SIGNATURE_INVALID, SIGNING_KEY_INVALID.
 */
export async function checkSignature(folder: string, trusted: readonly string[]): Promise<string> {
  const [text, manifest] = await Promise.all([readOrNull(folder, SIGNATURE_FILE), readOrNull(folder, MANIFEST_FILE)])
  if (text === null || manifest === null) {
    throw new ModelsError(
      'MODEL_UNSIGNED',
      `"${folder}" has no ${SIGNATURE_FILE}: only models signed by a trusted key serve`,
    )
  }
  const { publicKey, signature } = parseSignature(text.toString('utf8'))
  if (!trusted.includes(publicKey)) {
    throw new ModelsError('MODEL_SIGNATURE_INVALID', `"${folder}" is signed by ${publicKey}, which is no trusted key`)
  }
  const isSound = verify(null, signedBytes(manifest), readPublicKey(publicKey), Buffer.from(signature, 'base64url'))
  if (isSound) return publicKey
  throw new ModelsError(
    'MODEL_SIGNATURE_INVALID',
    `${SIGNATURE_FILE} in "${folder}" doesn't belong to its ${MANIFEST_FILE}: one of them was changed; sign it again`,
  )
}

function signedBytes(manifest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(CONTEXT), manifest])
}

function parseSignature(text: string): SignatureFile {
  const fields = tryParse(text)
  const { format, public_key: publicKey, signature } = fields
  if (format === 1 && typeof publicKey === 'string' && typeof signature === 'string') return { publicKey, signature }
  throw new ModelsError('MODEL_SIGNATURE_INVALID', `${SIGNATURE_FILE}: expected format 1 with public_key and signature`)
}

function tryParse(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>
  } catch {
    return {}
  }
}

async function readOrNull(folder: string, name: string): Promise<Buffer | null> {
  return await readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}
