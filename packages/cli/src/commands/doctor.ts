// `renown doctor`: its options, and the help that teaches them.
import type { Command } from 'commander'
import type { DoctorFlags } from '../doctor/run-doctor.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions, addModelOptions } from './options.ts'

const HELP = `
Examples:
  renown doctor
  renown doctor --model ./my-model --port 9000
  RENOWN_HOME=/srv/renown renown doctor --json

✓ works, ! works with a caveat, ✗ keeps Renown from working: then the exit code is 1. Below the checks stands every
setting with its value, where the value comes from, and the variable that changes it.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command
    .description('Says what works on this machine, and what does not.')
    .option('--host <address>', 'address that the server would listen on (RENOWN_HOST)')
    .option('--port <number>', 'port that the server would listen on (RENOWN_PORT)')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import('../doctor/run-doctor.ts')
      setExitCode(await runDoctor(io, flags))
    })
  addModelOptions(command)
  addCommonOptions(command)
}
