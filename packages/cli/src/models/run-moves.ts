// `renown models promote | rollback`.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { AliasMove, Evidence, SignedMove } from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, printJson, writeAll } from '../io.ts'
import { openHomeRegistry, type SignedFlags, signedBy } from './open-registry.ts'

export interface MoveFlags extends SignedFlags {
  readonly reason: string
  readonly evidence?: readonly string[]
  readonly expect?: string
}

/** What `--expect` says for an alias that is not set. */
const NOTHING = 'none'

export async function promoteModel(io: Io, reference: string, alias: string, flags: MoveFlags): Promise<number> {
  const { registry } = await openHomeRegistry(io, flags)
  const { version } = await registry.show(reference)
  return await tell(io, await registry.promote(version, alias, await toMove(io, flags)), flags)
}

export async function rollbackAlias(io: Io, alias: string, flags: MoveFlags): Promise<number> {
  const { registry } = await openHomeRegistry(io, flags)
  return await tell(io, await registry.rollback(alias, await toMove(io, flags)), flags)
}

async function toMove(io: Io, flags: MoveFlags): Promise<SignedMove> {
  const { expect, evidence = [] } = flags
  return {
    ...signedBy(io, flags, flags.reason),
    evidence: await Promise.all(evidence.map(readEvidence)),
    ...(expect === undefined ? {} : { expect: expect === NOTHING ? null : expect }),
  }
}

/** The file stays where it is: its hash tells later whether it is the one that was meant. */
async function readEvidence(path: string): Promise<Evidence> {
  const content = await readFile(path).catch((cause: Error) => {
    throw new CliError('INPUT_NOT_FOUND', `--evidence: "${path}" can't be read: ${cause.message}`, { cause })
  })
  return { name: basename(path), sha256: createHash('sha256').update(content).digest('hex') }
}

async function tell(io: Io, move: AliasMove, { json }: MoveFlags): Promise<number> {
  if (json === true) return await printJson(io, move)
  const { alias, version } = move.current
  const before = move.from === null ? '' : `; it was ${move.from}`
  await writeAll(io.stdout, `${alias} is ${version}${move.moved ? before : ' already'}\n`)
  return EXIT_OK
}
