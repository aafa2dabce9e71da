// `renown drift`: its subcommand, and the help that teaches it.
import type { Command } from 'commander'
import type { DriftFlags } from '../drift/run-drift-report.ts'
import type { CommandContext } from './command-context.ts'
import { addModelOptions, addSubcommand } from './options.ts'

const HELP = `
Examples:
  renown drift report
  renown drift report --model champion --home /srv/renown
  renown drift report --json

Reads what the servers of a data folder have counted of the posts that they scored in the last day, or in the last week
where the day has fewer than 250, and compares it with the posts that the model was measured on. Says whether the world
changed (drift) or the reputation did (news), how often the model is likely right, and whether a training is worth a
thought; it never starts one. docs/drift.md tells how, and how good the method is.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command.description('Says whether the world or the reputation changed.').addHelpText('after', HELP)
  const report = addSubcommand(command, 'report', 'report on the posts of late, with the evidence', io)
  report.option('--json', 'print JSON').action(async (flags: DriftFlags) => {
    const { runDriftReport } = await import('../drift/run-drift-report.ts')
    setExitCode(await runDriftReport(io, flags))
  })
  addModelOptions(report)
}
