// `renown models add`.
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, printJson, writeAll } from '../io.ts'
import { openNamedModel } from '../open-named-model.ts'
import { openHomeRegistry, type SignedFlags, signedBy } from './open-registry.ts'

export interface AddFlags extends SignedFlags {
  readonly name?: string
}

export async function addModel(io: Io, reference: string, flags: AddFlags): Promise<number> {
  const { home, registry } = await openHomeRegistry(io, flags)
  const { path, origin } = await openNamedModel(io, { model: reference, home })
  const { version, isNew } = await registry.add(path, {
    ...signedBy(io, flags, `added from ${reference}`),
    ...(flags.name === undefined ? {} : { name: flags.name }),
    ...(origin === undefined ? {} : { origin }),
  })
  if (flags.json === true) return await printJson(io, { ...version, isNew })
  const name = `${version.name} ${version.modelVersion}`
  const text = isNew ? `${name} is version ${version.version}` : `${name} was ${version.version} already`
  await writeAll(io.stdout, `${text}\n`)
  return EXIT_OK
}
