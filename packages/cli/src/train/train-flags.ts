// The flags of `renown train`, made from the tables of options.
import {
  type ArgumentEntry,
  BATCH_ARGUMENTS,
  LEARNING_ARGUMENTS,
  MODEL_ARGUMENTS,
  REPORT_ARGUMENTS,
  readArgumentText,
} from '@renown/ml'
import { type Command, Option } from 'commander'
import type { Given, GivenValues } from './given-values.ts'
import { TRAIN_OPTIONS, type TrainOption } from './train-options.ts'

/** Values by snake_case name, as commander collects them from the options below. */
export type TrainFlagValues = Readonly<Record<string, unknown>>

/** Several spellings of one option: all of them set the same value. */
class NamedOption extends Option {
  readonly key: string

  constructor(flags: string, key: string, help: string) {
    super(flags, help)
    this.key = key
  }

  override attributeName(): string {
    return this.key
  }
}

export function addTrainFlags(command: Command): Command {
  command.configureHelp({ optionDescription: describeOption })
  for (const [name, option] of Object.entries(TRAIN_OPTIONS)) addOption(command, name, option)
  for (const [heading, group] of Object.entries(TRAINING_GROUPS)) {
    for (const [name, entry] of Object.entries(group)) addArgument(command, name, entry, `${heading}:`)
  }
  return command
}

/** Without commander's word for what a flag means that stands alone. */
function describeOption({ description, argChoices }: Option): string {
  return argChoices === undefined ? description : `${description}: ${argChoices.join(', ')}`
}

/** The older name of `--train-sampling-strategy group_by_length`, which people know. */
const GROUP_BY_LENGTH: ArgumentEntry = {
  type: 'boolean',
  default: false,
  help: 'The same as --train-sampling-strategy group_by_length.',
}

/** Training arguments by the headings of the help, in its order. */
export const TRAINING_GROUPS: Readonly<Record<string, Readonly<Record<string, ArgumentEntry>>>> = {
  'Training: how long, how fast': LEARNING_ARGUMENTS,
  'Training: batches': { ...BATCH_ARGUMENTS, group_by_length: GROUP_BY_LENGTH },
  'Training: logs, evaluations, checkpoints': REPORT_ARGUMENTS,
  'Training: the loss, and what is trained': MODEL_ARGUMENTS,
}

function listArguments(): readonly (readonly [string, ArgumentEntry])[] {
  return Object.values(TRAINING_GROUPS).flatMap((group) => Object.entries(group))
}

/** What was given, with the flag's name for messages. Flags come as text: training arguments are read as their types. */
export function givenFlags(values: TrainFlagValues): GivenValues {
  const names = new Set(listArguments().map(([name]) => name))
  const entries = Object.entries(values).filter(([name]) => names.has(name) || Object.hasOwn(TRAIN_OPTIONS, name))
  return Object.fromEntries(
    entries.map(([name, value]): [string, Given] => {
      const read = names.has(name) && typeof value === 'string' ? readArgumentText(name, value) : value
      return [name, { value: read, where: `--${toFlag(name)}` }]
    }),
  )
}

/** Aliases become the names that they stand for, so that a flag finds what it overrides in a recipe. */
export function withoutAliases(given: GivenValues): GivenValues {
  const names = new Map(
    listArguments().flatMap(([name, { aliases = [] }]) => aliases.map((alias): [string, string] => [alias, name])),
  )
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [names.get(name) ?? name, value]))
}

function toFlag(name: string): string {
  return name.replaceAll('_', '-')
}

function addOption(command: Command, name: string, option: TrainOption): void {
  const value = option.kind === 'switch' ? '[boolean]' : `<${option.value ?? 'name'}>`
  addSpellings(command, [name], name, value, option.help, `${option.group}:`, option)
}

const VALUE_NAMES: Readonly<Record<ArgumentEntry['type'], string>> = {
  integer: '<number>',
  number: '<number>',
  boolean: '[boolean]',
  choice: '<name>',
  text: '<text>',
  resume: '[folder]',
  'class weights': '<weights>',
}

function addArgument(command: Command, name: string, entry: ArgumentEntry, heading: string): void {
  const isPlain = entry.default === null || entry.default === false
  const standard = isPlain
    ? ''
    : ` (${typeof entry.default === 'number' ? formatNumber(entry.default) : entry.default})`
  const help = `${lowerFirst(entry.help).replace(/\.$/, '')}${standard}`
  addSpellings(command, [name, ...(entry.aliases ?? [])], name, VALUE_NAMES[entry.type], help, heading, entry)
}

interface Traits {
  readonly kind?: TrainOption['kind']
  readonly choices?: readonly string[]
}

/** In kebab-case, which the help shows, and in snake_case; aliases in both. */
function addSpellings(
  command: Command,
  names: readonly string[],
  key: string,
  value: string,
  help: string,
  group: string,
  traits: Traits,
): void {
  const spellings = new Set(names.flatMap((name) => [toFlag(name), name]))
  for (const [index, spelling] of [...spellings].entries()) {
    const option = new NamedOption(`--${spelling} ${value}`, key, help).helpGroup(group)
    if (value.startsWith('[')) option.preset(true)
    if (traits.choices !== undefined && traits.kind !== 'switch') option.choices(traits.choices)
    if (traits.kind === 'list') option.argParser(appendTo)
    command.addOption(index === 0 ? option : option.hideHelp())
  }
}

function appendTo(value: string, before: unknown): readonly string[] {
  return [...(Array.isArray(before) ? before : []), value]
}

function formatNumber(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text
}
