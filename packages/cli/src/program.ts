// The commands of `renown`, and the help that teaches them. Only the command that was asked for is loaded.
import { Command } from 'commander'
import { type CommandContext, isolate } from './commands/command-context.ts'
import { CliError } from './errors.ts'
import { EXIT_CODES_HELP } from './exit-codes.ts'
import { readVersion } from './version.ts'

interface CommandModule {
  define(command: Command, context: CommandContext): void
}

interface CommandEntry {
  readonly summary: string
  readonly load: () => Promise<CommandModule>
}

export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: 'start the API and the page',
    load: () => import('./commands/serve.ts'),
  },
  predict: {
    summary: 'score texts, files or standard input',
    load: () => import('./commands/predict.ts'),
  },
  train: {
    summary: 'fine-tune a model on labelled posts',
    load: () => import('./commands/train.ts'),
  },
  evaluate: {
    summary: 'measure a model on labelled posts',
    load: () => import('./commands/evaluate.ts'),
  },
  gate: {
    summary: 'say whether a model may replace the one that serves',
    load: () => import('./commands/gate.ts'),
  },
  drift: {
    summary: 'say whether the world or the reputation changed',
    load: () => import('./commands/drift.ts'),
  },
  export: {
    summary: 'make a model folder from a transformers folder',
    load: () => import('./commands/export.ts'),
  },
  models: {
    summary: 'keep versions of models, and say which one serves',
    load: () => import('./commands/models.ts'),
  },
  publish: {
    summary: 'publish a model on the Hugging Face Hub',
    load: () => import('./commands/publish.ts'),
  },
  pull: {
    summary: 'copy a model of the Hugging Face Hub into a folder',
    load: () => import('./commands/pull.ts'),
  },
  summary: {
    summary: 'tell in Markdown what a training, its gate and its publication came to',
    load: () => import('./commands/summary.ts'),
  },
  keys: {
    summary: 'create, list and revoke API keys',
    load: () => import('./commands/keys.ts'),
  },
  doctor: {
    summary: 'say what works on this machine, and what does not',
    load: () => import('./commands/doctor.ts'),
  },
}

const EXAMPLES = `
Examples:
  renown serve                                  the API and the page at http://127.0.0.1:8000
  renown predict "The delivery was late again"  one text
  renown predict posts.csv --output scored.csv  a file
  renown doctor                                 what works on this machine

Every command has its own help with examples: renown predict --help

Settings are taken from flags, then from the environment (RENOWN_PORT, RENOWN_HOST, RENOWN_HOME, RENOWN_MODEL, …), then
from renown.yaml or renown.json in the working folder; \`renown doctor\` shows them all, and where each comes from.
${EXIT_CODES_HELP}`

/** Builds the program for these arguments. */
export async function createProgram(argv: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('renown')
  program
    .description('Sentiment of social-media posts: served, scored in files, measured.')
    .version(readVersion(), '-V, --version', 'print the version')
    .option('--verbose', 'show where an error comes from')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showHelpAfterError(false)
    .addHelpText('after', EXAMPLES)
  isolate(program, context.io)
  const asked = argv.find((argument) => !argument.startsWith('-'))
  for (const [name, entry] of Object.entries(COMMANDS)) {
    const command = program.command(name).summary(entry.summary)
    isolate(command, context.io)
    if (name === asked) (await entry.load()).define(command, context)
  }
  program.action(() => {
    if (asked === undefined) program.help()
    throw new CliError(
      'USAGE_INVALID',
      `there is no command "${asked}": expected one of ${Object.keys(COMMANDS).join(', ')}`,
    )
  })
  program.allowExcessArguments()
  return program
}
