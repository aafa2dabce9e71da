// `renown summary`: its options, and the help that teaches them.
import type { Command } from 'commander'
import type { SummaryFlags } from '../summary/run-summary.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions } from './options.ts'

const HELP = `
Examples:
  renown summary ./my-model
  renown publish ./my-model --to my-model --json > publication.json
  renown summary ./my-model --publication publication.json >> "$GITHUB_STEP_SUMMARY"

Reads what renown train --gate has left in the folder (renown.json, gate.json, gate.md) and what renown publish has
printed. A step that didn't come to an end has left nothing: that is no error, and the summary says so.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Tells in Markdown what a training, its gate and its publication came to.')
    .argument('<folder>', 'the output of renown train')
    .option('--publication <file>', 'what renown publish --json has printed')
    .addHelpText('after', HELP)
    .action(async (folder: string, flags: SummaryFlags) => {
      const { runSummary } = await import('../summary/run-summary.ts')
      setExitCode(await runSummary(io, folder, flags))
    })
  addCommonOptions(command)
}
