// `renown serve`: its options, made from the table of settings, and the help that teaches them.
import { SETTINGS } from '@renown/server/settings'
import type { Command } from 'commander'
import type { ServeFlags } from '../run-serve.ts'
import type { CommandContext } from './command-context.ts'
import { addCommonOptions } from './options.ts'

const HELP = `
Examples:
  renown serve                              the API and the page at http://127.0.0.1:8000
  renown serve --port 0                     at a free port, which is printed
  renown serve --model ./my-model
  RENOWN_PORT=9000 renown serve
  renown keys create --name team && renown serve --host 0.0.0.0

On a loopback address no login is needed. Any other address needs an API key first.

  curl -X POST http://127.0.0.1:8000/predict -H 'Content-Type: application/json' -d '{"text": "Love it"}'

Traces also go by the standard variables of OpenTelemetry, such as OTEL_EXPORTER_OTLP_ENDPOINT, where no option, variable
or file of Renown says otherwise; \`renown doctor\` shows what holds and where it comes from.

The API is described at /docs. Ctrl-C stops the server when what it has accepted is answered; a second Ctrl-C at once.`

export function define(command: Command, { io, setExitCode }: CommandContext): void {
  command.description('Starts the API and the page.').addHelpText('after', HELP)
  for (const setting of Object.values(SETTINGS)) {
    const { flag, argument, env, description } = setting
    command.option(`${flag} <${argument.toLowerCase()}>`, `${description} (${env}; ${showDefault(setting.default)})`)
  }
  addCommonOptions(command).action(async (flags: ServeFlags) => {
    const { runServe } = await import('../run-serve.ts')
    setExitCode(await runServe(io, flags))
  })
}

function showDefault(value: unknown): string {
  return Array.isArray(value) && value.length === 0 ? 'none' : String(value)
}
