// `renown models keygen | sign`: who vouches for a model.
import { readFile, writeFile } from 'node:fs/promises'
import { createSigningKeys, locateModel, signModel } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, printJson, writeAll } from '../io.ts'
import { readModelSettings } from '../settings.ts'
import type { RegistryFlags } from './open-registry.ts'

export interface SignFlags extends RegistryFlags {
  readonly key?: string
}

/** The private key goes into the file and nowhere else. */
export async function makeSigningKeys(io: Io, file: string, { json }: RegistryFlags): Promise<number> {
  const { privatePem, publicKey } = createSigningKeys()
  await writeFile(file, privatePem, { flag: 'wx', mode: 0o600 }).catch((cause: NodeJS.ErrnoException) => {
    const code = cause.code === 'EEXIST' ? 'OUTPUT_REFUSED' : 'OUTPUT_FAILED'
    throw new CliError(code, `the private key was not written to "${file}": ${cause.message}`, { cause })
  })
  if (json === true) return await printJson(io, { file, publicKey })
  await writeAll(io.stdout, `The private key is in ${file}: keep it secret. Servers trust models that it signs with\n`)
  await writeAll(io.stdout, `  --trusted-keys ${publicKey}\n`)
  return EXIT_OK
}

export async function signNamedModel(io: Io, reference: string, flags: SignFlags): Promise<number> {
  const pem = await readKey(io, flags)
  const { home } = await readModelSettings(io, flags)
  const folder = await locateModel(reference, { home })
  const publicKey = await signModel(folder, pem)
  if (flags.json === true) return await printJson(io, { folder, publicKey })
  await writeAll(io.stdout, `${folder} is signed by ${publicKey}\n`)
  return EXIT_OK
}

async function readKey(io: Io, { key }: SignFlags): Promise<string> {
  const given = io.env.RENOWN_SIGNING_KEY
  if (key === undefined && given !== undefined && given !== '') return given
  if (key === undefined) {
    throw new CliError('USAGE_INVALID', 'expected --key FILE, or the private key itself in RENOWN_SIGNING_KEY')
  }
  return await readFile(key, 'utf8').catch((cause: Error) => {
    throw new CliError('INPUT_NOT_FOUND', `--key: "${key}" can't be read: ${cause.message}`, { cause })
  })
}
