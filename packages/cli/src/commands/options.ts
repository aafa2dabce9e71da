// Options that several commands share, and how their values are read.
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Io } from '../io.ts'
import { isolate } from './command-context.ts'

export const MODEL_REFERENCE =
  'default, a version or alias of the registry, a name in HOME/models, a folder, or hf:owner/name'

export function addCommonOptions(command: Command): Command {
  return command
    .option('--config <file>', 'settings file, instead of renown.yaml or renown.json in the working folder')
    .option('--verbose', 'show where an error comes from')
    .helpOption('-h, --help', 'show this help')
}

export function addModelOptions(command: Command): Command {
  return command
    .option('--model <reference>', `${MODEL_REFERENCE} (RENOWN_MODEL)`)
    .option('--home <folder>', 'data folder (RENOWN_HOME; .renown)')
    .option('--threads <number>', 'threads for inference; 0: all that the process may use (RENOWN_THREADS)')
    .addOption(
      new Option('--encoding <name>', 'how weights are held; auto probes the CPU (RENOWN_ENCODING)').choices([
        'auto',
        'int8',
        'uint8',
        'float32',
      ]),
    )
}

export function addSubcommand(parent: Command, nameAndArguments: string, summary: string, io: Io): Command {
  const command = parent.command(nameAndArguments).description(`${summary}.`).summary(summary)
  isolate(command, io)
  return addCommonOptions(command)
}

export function parseNumber(least: number): (value: string) => number {
  return (value) => {
    const number = Number(value)
    if (value.trim() !== '' && Number.isFinite(number) && number >= least) return number
    throw new InvalidArgumentError(`expected a number from ${least}, got "${value}"`)
  }
}

export function parseList(value: string): readonly string[] {
  const items = value.split(',').map((item) => item.trim())
  if (items.every((item) => item !== '')) return items
  throw new InvalidArgumentError(`expected names separated by commas, got "${value}"`)
}
