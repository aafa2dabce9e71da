// Ed25519 keys as people handle them: the private one in a PEM file, the public one in a line.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { ModelsError } from '../errors.ts'

const PREFIX = 'ed25519:'
const KEY_BYTES = 32

export interface SigningKeys {
  /** PKCS #8, PEM. */
  readonly privatePem: string
  /** Such as `ed25519:` and 43 characters. */
  readonly publicKey: string
}

export function createSigningKeys(): SigningKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return {
    privatePem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: renderPublicKey(publicKey),
  }
}

/** Throws SIGNING_KEY_INVALID; the message never holds the key. */
export function readPrivateKey(pem: string): KeyObject {
  const key = parse(() => createPrivateKey(pem))
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new ModelsError('SIGNING_KEY_INVALID', 'expected a private Ed25519 key in PEM, as `renown models keygen` makes')
}

/** Throws SIGNING_KEY_INVALID. */
export function readPublicKey(line: string): KeyObject {
  const x = line.startsWith(PREFIX) ? line.slice(PREFIX.length) : ''
  const isWhole = /^[\w-]{43}$/.test(x) && Buffer.from(x, 'base64url').length === KEY_BYTES
  const key = isWhole ? parse(() => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })) : null
  if (key !== null) return key
  throw new ModelsError('SIGNING_KEY_INVALID', `expected a public key such as ${PREFIX}MCow…, got "${line}"`)
}

/** Of a private or a public key. */
export function renderPublicKey(key: KeyObject): string {
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  return `${PREFIX}${x}`
}

function parse(read: () => KeyObject): KeyObject | null {
  try {
    return read()
  } catch {
    return null
  }
}
