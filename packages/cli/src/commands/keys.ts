// `renown keys`: its subcommands, and the help that teaches them.
import type { Command } from 'commander'
import type { CreateKeyFlags, KeysFlags } from '../run-keys.ts'
import type { CommandContext } from './command-context.ts'
import { addSubcommand, parseList } from './options.ts'

const HELP = `
Examples:
  renown keys create --name dashboard --scopes read
  renown keys create --name importer --scopes read,write
  renown keys list
  renown keys revoke importer

A server that listens on anything but a loopback address needs a key, and so does every request to it. Scopes: read may
score and look, write may also upload and remove, deploy may also add, promote, roll back and prune models, admin may do
everything. The key is printed once and stored nowhere; what is stored (HOME/keys.json) is its hash. A revoked key stops
working at once, also in a server that runs.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command.description('Creates, lists and revokes API keys.').addHelpText('after', HELP)
  addHome(addSubcommand(command, 'create', 'make a key and print it once', io))
    .requiredOption('--name <name>', 'what the key is for')
    .option('--scopes <names>', 'read, write, deploy, admin, separated by commas', parseList, ['read'])
    .action(async (flags: CreateKeyFlags) => setExitCode(await (await load()).createNewKey(io, flags)))
  addHome(addSubcommand(command, 'list', 'list the keys: name, scopes, when used', io)).action(
    async (flags: KeysFlags) => setExitCode(await (await load()).listAllKeys(io, flags)),
  )
  addHome(addSubcommand(command, 'revoke', 'revoke a key', io))
    .argument('<key>', 'id or name of the key')
    .action(async (key: string, flags: KeysFlags) => setExitCode(await (await load()).revokeOneKey(io, key, flags)))
}

function load(): Promise<typeof import('../run-keys.ts')> {
  return import('../run-keys.ts')
}

function addHome(command: Command): Command {
  return command.option('--home <folder>', 'data folder (RENOWN_HOME; .renown)').option('--json', 'print JSON')
}
