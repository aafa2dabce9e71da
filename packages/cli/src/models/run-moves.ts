// `renown models promote | rollback`.

import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  type AliasMove,
  checkAlias,
  type EvidenceDocument,
  judgePromotion,
  type SignedMove,
  toEvidence,
} from '@renown/models'
import { CliError } from '../errors.ts'
import { EXIT_OK } from '../exit-codes.ts'
import { type Io, printJson, writeAll } from '../io.ts'
import { openHomeRegistry, type SignedFlags, signedBy } from './open-registry.ts'

export interface MoveFlags extends SignedFlags {
  readonly reason: string
  readonly evidence?: readonly string[]
  readonly expect?: string
  readonly withoutGate?: boolean
}

/** What `--expect` says for an alias that is not set. */
const NOTHING = 'none'

export async function promoteModel(io: Io, reference: string, alias: string, flags: MoveFlags): Promise<number> {
  const { registry } = await openHomeRegistry(io, flags)
  checkAlias(alias)
  const version = await registry.show(reference)
  const wish = {
    ...toMove(io, flags),
    documents: await readDocuments(flags),
    withoutGate: flags.withoutGate === true,
  }
  const move = await judgePromotion(registry, version, alias, wish)
  return await tell(io, await registry.promote(version.version, alias, move), flags)
}

export async function rollbackAlias(io: Io, alias: string, flags: MoveFlags): Promise<number> {
  const { registry } = await openHomeRegistry(io, flags)
  const evidence = (await readDocuments(flags)).map(toEvidence)
  return await tell(io, await registry.rollback(alias, { ...toMove(io, flags), evidence }), flags)
}

function toMove(io: Io, flags: MoveFlags): Omit<SignedMove, 'evidence'> {
  const { expect } = flags
  return {
    ...signedBy(io, flags, flags.reason),
    ...(expect === undefined ? {} : { expect: expect === NOTHING ? null : expect }),
  }
}

/** The files stay where they are: their hashes tell later whether they are the ones that were meant. */
async function readDocuments({ evidence = [] }: MoveFlags): Promise<readonly EvidenceDocument[]> {
  return await Promise.all(evidence.map(async (path) => ({ name: basename(path), content: await readDocument(path) })))
}

async function readDocument(path: string): Promise<Buffer> {
  return await readFile(path).catch((cause: Error) => {
    throw new CliError('INPUT_NOT_FOUND', `--evidence: "${path}" can't be read: ${cause.message}`, { cause })
  })
}

async function tell(io: Io, move: AliasMove, { json }: MoveFlags): Promise<number> {
  if (json === true) return await printJson(io, move)
  const { alias, version } = move.current
  const before = move.from === null ? '' : `; it was ${move.from}`
  await writeAll(io.stdout, `${alias} is ${version}${move.moved ? before : ' already'}\n`)
  return EXIT_OK
}
