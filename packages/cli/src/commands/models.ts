// `renown models`: its subcommands, and the help that teaches them.
import type { Command } from 'commander'
import type { ModelsFlags } from '../run-models.ts'
import type { CommandContext } from './command-context.ts'
import { addSubcommand } from './options.ts'

const HELP = `
Examples:
  renown models list
  renown models show default
  renown models verify ./models/mine

A model is named by a reference, the same everywhere: "default" is the one that comes with Renown, a name is a folder in
HOME/models, and anything else is the path of a folder. To add a model, put its folder into HOME/models, or make it there:
  renown export ./checkpoint --output .renown/models/mine`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command.description('Lists, shows and verifies models.').addHelpText('after', HELP)
  addHome(addSubcommand(command, 'list', 'list the models that can be named', io)).action(async (flags: ModelsFlags) =>
    setExitCode(await (await load()).listKnownModels(io, flags)),
  )
  addHome(addSubcommand(command, 'show', 'show what a model is, and how well it works', io))
    .argument('[reference]', 'default, a name in HOME/models, a folder, or hf:owner/name')
    .action(async (reference: string | undefined, flags: ModelsFlags) =>
      setExitCode(await (await load()).showModel(io, reference, flags)),
    )
  addHome(addSubcommand(command, 'verify', "compare a model's files with their hashes", io))
    .argument('[reference]', 'default, a name in HOME/models, a folder, or hf:owner/name')
    .action(async (reference: string | undefined, flags: ModelsFlags) =>
      setExitCode(await (await load()).verifyModel(io, reference, flags)),
    )
}

function load(): Promise<typeof import('../run-models.ts')> {
  return import('../run-models.ts')
}

function addHome(command: Command): Command {
  return command.option('--home <folder>', 'data folder (RENOWN_HOME; .renown)').option('--json', 'print JSON')
}
