// `renown pull`: its options, and the help that teaches them.
import type { Command } from 'commander'
import type { PullFlags } from '../pull/run-pull.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions } from './options.ts'

const HELP = `
Examples:
  renown pull someone/my-model --to ./my-model
  renown pull someone/my-model@v1.2.0 --to ./earlier
  renown pull my-model --to ./champion --missing-ok --outputs facts.env

Everywhere else hf:owner/name names the same model without a copy. The copy is whole or isn't there.
--missing-ok is for pipelines whose first run has nothing to pull: HF_TOKEN is needed then, because without it a private
repository looks like a missing one.
The best version is found by the macro recall that renown.json records, on rows that two versions were both measured on.
The facts are model=FOLDER, name=owner/name, commit=HASH and best=FOLDER, with none in the place of what isn't there;
GitHub Actions reads them as a step's outputs, GitLab as a dotenv report.
docs/hub.md says more.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Copies a model of the Hugging Face Hub into a folder.')
    .argument('<repository>', 'owner/name[@revision]; without an owner that of HF_USERNAME')
    .requiredOption('--to <folder>', 'new or empty')
    .option('--missing-ok', 'a repository that does not exist, or holds no model, is no error')
    .option('--best-to <folder>', 'copy the best version that was ever tagged there, where it is better than this one')
    .option('--outputs <file>', 'append what was found to this file, as lines of name=value')
    .option('--home <folder>', 'data folder (RENOWN_HOME; .renown)')
    .addHelpText('after', HELP)
    .action(async (repository: string, flags: PullFlags) => {
      const { runPull } = await import('../pull/run-pull.ts')
      setExitCode(await runPull(io, repository, flags))
    })
  addCommonOptions(command)
}
