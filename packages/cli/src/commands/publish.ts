// `renown publish`: its options, and the help that teaches them.
import type { Command } from 'commander'
import type { PublishFlags } from '../publish/run-publish.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions, MODEL_REFERENCE } from './options.ts'

const HELP = `
Examples:
  renown publish ./my-model --to someone/my-model --dry-run
  renown publish ./my-model --to someone/my-model --private
  renown publish ./my-model --to my-model --message "Newer posts" --tag v2

HF_TOKEN has a token with write access, HF_USERNAME the owner where --to names none, HF_ENDPOINT another Hub.
What renown.json lists is published, with renown.json and README.md; checkpoints, logs and report.html stay here.
All of it becomes one commit on main, or nothing does: if somebody else publishes meanwhile, this is refused. Files that
the Hub has are not sent again, so a publication that was cut goes on when it is asked for again.
docs/hub.md says more.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Publishes a model on the Hugging Face Hub.')
    .argument('<model>', MODEL_REFERENCE)
    .requiredOption('--to <repository>', 'owner/name; it is made if it does not exist')
    .option('--private', 'make the repository private, and refuse a public one')
    .option('--tag <name>', 'the tag of this version; by default v and the version, such as v1.2.0')
    .option('--no-tag', 'no tag')
    .option('--message <text>', "the commit's message")
    .option('--expect <commit>', 'publish only where main is at this commit, or at none for no repository yet')
    .option('--without-gate', "also where the folder's gate.json says that the model failed")
    .option('--dry-run', 'say what would change, and change nothing')
    .option('--json', 'print JSON')
    .option('-q, --quiet', 'no progress')
    .option('--home <folder>', 'data folder (RENOWN_HOME; .renown)')
    .addHelpText('after', HELP)
    .action(async (model: string, flags: PublishFlags) => {
      const { runPublish } = await import('../publish/run-publish.ts')
      setExitCode(await runPublish(io, model, flags))
    })
  addCommonOptions(command)
}
