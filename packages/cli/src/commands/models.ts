// `renown models`: its subcommands, and the help that teaches them.
import type { Command } from 'commander'
import { EXIT_CODES_HELP } from '../exit-codes.ts'
import type { RegistryFlags } from '../models/open-registry.ts'
import type { AddFlags } from '../models/run-add.ts'
import type { HistoryFlags } from '../models/run-history.ts'
import type { MoveFlags } from '../models/run-moves.ts'
import type { PruneFlags } from '../models/run-prune.ts'
import type { SignFlags } from '../models/run-sign.ts'
import type { ModelsFlags } from '../run-models.ts'
import type { CommandContext } from './command-context.ts'
import { addSubcommand, MODEL_REFERENCE, parseNumber } from './options.ts'

const HELP = `
Examples:
  renown models list
  renown models show champion
  renown models add ./my-model --reason "trained on March"
  renown models compare champion v4
  renown models promote v4 champion --expect v3 --reason "passed the gate" --evidence gate/gate.json
  renown models rollback champion --reason "errors since noon"
  renown models history champion --at 2026-03-01T12:00:00Z
  renown models prune --keep 5 --days 30 --dry-run
  renown models verify
  renown models keygen release.pem
  renown models sign ./my-model --key release.pem

A model is named by a reference, the same everywhere. In this order it is: hf:owner/name, which is fetched; "default", the
one that comes with Renown; a version of the registry, v4; an alias of it, champion, challenger or your own; a folder in
HOME/models; the path of a folder. "add" keeps a copy of a model as a version that never changes; "promote" and "rollback"
say which version an alias names, and every move is recorded with who, when and why. The champion is replaced only with a
report of a gate that passed the version against it: the one in the version, or --evidence. docs/registry.md tells more.
${EXIT_CODES_HELP}`

export function define(command: Command, context: CommandContext): void {
  command.description('Keeps versions of models, and says which one serves.').addHelpText('after', HELP)
  defineReading(command, context)
  defineMoves(command, context)
  defineStore(command, context)
  defineSigning(command, context)
}

function defineReading(command: Command, { io, setExitCode }: CommandContext): void {
  addHome(addSubcommand(command, 'list', 'list the models that can be named', io)).action(async (flags: ModelsFlags) =>
    setExitCode(await (await load()).listKnownModels(io, flags)),
  )
  addHome(addSubcommand(command, 'show', 'show what a model is, and how well it works', io))
    .argument('[reference]', MODEL_REFERENCE)
    .action(async (reference: string | undefined, flags: ModelsFlags) =>
      setExitCode(await (await load()).showModel(io, reference, flags)),
    )
  addHome(addSubcommand(command, 'compare', 'show the recorded evaluations of two models side by side', io))
    .argument('<one>', MODEL_REFERENCE)
    .argument('<other>', 'the same')
    .action(async (one: string, other: string, flags: ModelsFlags) => {
      const { compareModels } = await import('../models/run-compare.ts')
      setExitCode(await compareModels(io, one, other, flags))
    })
  addHome(addSubcommand(command, 'history', 'show who moved what, when and why', io))
    .argument('[alias]', 'which versions this alias named; without it, everything that happened')
    .option('--at <time>', 'what the alias (champion) named then, such as 2026-03-01T12:00:00Z')
    .action(async (alias: string | undefined, flags: HistoryFlags) => {
      const { showHistory } = await import('../models/run-history.ts')
      setExitCode(await showHistory(io, alias, flags))
    })
}

function defineMoves(command: Command, { io, setExitCode }: CommandContext): void {
  addMove(addSubcommand(command, 'promote', 'let an alias name a version', io))
    .argument('<version>', 'a version, v4, or an alias that names it now')
    .argument('[alias]', 'champion, challenger or your own', 'champion')
    .option('--without-gate', 'also where no gate has passed it against what is the champion now; recorded')
    .action(async (version: string, alias: string, flags: MoveFlags) => {
      const { promoteModel } = await import('../models/run-moves.ts')
      setExitCode(await promoteModel(io, version, alias, flags))
    })
  addMove(addSubcommand(command, 'rollback', 'let an alias name the version before', io))
    .argument('[alias]', 'champion, challenger or your own', 'champion')
    .action(async (alias: string, flags: MoveFlags) => {
      const { rollbackAlias } = await import('../models/run-moves.ts')
      setExitCode(await rollbackAlias(io, alias, flags))
    })
}

function defineStore(command: Command, { io, setExitCode }: CommandContext): void {
  addHome(addSigned(addSubcommand(command, 'add', 'keep a copy of a model as a new version', io)))
    .argument('<model>', MODEL_REFERENCE)
    .option('--name <name>', "what to call it; by default the manifest's name")
    .option('--reason <text>', 'why; recorded')
    .action(async (model: string, flags: AddFlags) => {
      const { addModel } = await import('../models/run-add.ts')
      setExitCode(await addModel(io, model, flags))
    })
  addHome(addSigned(addSubcommand(command, 'prune', 'remove versions that nobody needs', io)))
    .option('--keep <number>', 'the newest versions, and the last ones of each alias, stay', parseCount, 5)
    .option('--days <number>', 'what an alias named within so many days stays', parseNumber(0), 30)
    .option('--reason <text>', 'why; recorded')
    .option('--dry-run', 'only say which')
    .action(async (flags: PruneFlags) => {
      const { pruneModels } = await import('../models/run-prune.ts')
      setExitCode(await pruneModels(io, flags))
    })
  addHome(addSubcommand(command, 'verify', 'compare files with their hashes: of one model, or of all versions', io))
    .argument('[reference]', `${MODEL_REFERENCE}; without it, the model of the settings and the whole registry`)
    .action(async (reference: string | undefined, flags: ModelsFlags) =>
      setExitCode(await (await load()).verifyModel(io, reference, flags)),
    )
}

function defineSigning(command: Command, { io, setExitCode }: CommandContext): void {
  addHome(addSubcommand(command, 'keygen', 'make a pair of keys for signing models', io))
    .argument('<file>', 'where the private key goes; the public one is printed')
    .action(async (file: string, flags: RegistryFlags) => {
      const { makeSigningKeys } = await import('../models/run-sign.ts')
      setExitCode(await makeSigningKeys(io, file, flags))
    })
  addHome(addSubcommand(command, 'sign', 'vouch for a model: writes renown.sig beside renown.json', io))
    .argument('<model>', 'a model folder that is not a version yet')
    .option('--key <file>', 'the private key (RENOWN_SIGNING_KEY holds the key itself)')
    .action(async (model: string, flags: SignFlags) => {
      const { signNamedModel } = await import('../models/run-sign.ts')
      setExitCode(await signNamedModel(io, model, flags))
    })
}

function load(): Promise<typeof import('../run-models.ts')> {
  return import('../run-models.ts')
}

function addHome(command: Command): Command {
  return command.option('--home <folder>', 'data folder (RENOWN_HOME; .renown)').option('--json', 'print JSON')
}

function addSigned(command: Command): Command {
  return command.option('--by <name>', "who does it; recorded (RENOWN_ACTOR; the system's user)")
}

function addMove(command: Command): Command {
  return addHome(addSigned(command))
    .requiredOption('--reason <text>', 'why; recorded')
    .option('--evidence <file>', 'what it rests on, such as gate.json; its hash is recorded; may be repeated', append)
    .option('--expect <version>', 'refuse unless the alias names this now; "none": unless it is not set')
}

function append(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function parseCount(value: string): number {
  return Math.floor(parseNumber(0)(value))
}
