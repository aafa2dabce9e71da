// The flags of `renown train`, made from the tables of options.
import {
  type ArgumentEntry,
  BATCH_ARGUMENTS,
  LEARNING_ARGUMENTS,
  listUnsupported,
  MODEL_ARGUMENTS,
  REPORT_ARGUMENTS,
  readArgumentText,
} from '@renown/ml'
import { type Command, Option } from 'commander'
import { CliError } from '../errors.ts'
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
  for (const name of REFUSED) addRefused(command, name)
  return command
}

/** What the Trainer knows and Renown doesn't: taken as flags, so that the refusal says why. */
const REFUSED: readonly string[] = listUnsupported().filter(
  (name) => !Object.entries(TRAIN_OPTIONS).some(([own, { aliases = [] }]) => own === name || aliases.includes(name)),
)

function addRefused(command: Command, name: string): void {
  for (const spelling of new Set([toFlag(name), name])) {
    command.addOption(new NamedOption(`--${spelling} [value]`, name, '').hideHelp())
  }
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
  const known = new Set([...names, ...REFUSED, ...Object.keys(TRAIN_OPTIONS)])
  const entries = Object.entries(values).filter(([name]) => known.has(name))
  return Object.fromEntries(
    entries.map(([name, value]): [string, Given] => {
      const read = names.has(name) && typeof value === 'string' ? readArgumentText(name, value) : value
      return [name, { value: read, where: `--${toFlag(name)}` }]
    }),
  )
}

/**
 * Aliases become the names that they stand for, so that a flag finds what it overrides in a recipe. Throws USAGE_INVALID
 * where two names of one option have different values.
 */
export function withoutAliases(given: GivenValues): GivenValues {
  const named: Record<string, Given | undefined> = {}
  for (const [alias, value] of Object.entries(given)) {
    const name = ALIASES.get(alias) ?? alias
    const other = named[name]
    if (other !== undefined && JSON.stringify(other.value) !== JSON.stringify(value?.value)) {
      throw new CliError(
        'USAGE_INVALID',
        `${other.where} and ${value?.where} are the same option: expected one of them`,
      )
    }
    named[name] = value
  }
  return named
}

const ALIASES: ReadonlyMap<string, string> = new Map(
  [...listArguments(), ...Object.entries(TRAIN_OPTIONS)].flatMap(([name, { aliases = [] }]) =>
    aliases.map((alias): [string, string] => [alias, name]),
  ),
)

function toFlag(name: string): string {
  return name.replaceAll('_', '-')
}

function addOption(command: Command, name: string, option: TrainOption): void {
  const value = option.kind === 'switch' ? '[boolean]' : `<${option.value ?? 'name'}>`
  addSpellings(command, [name, ...(option.aliases ?? [])], name, value, option.help, `${option.group}:`, option)
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
    if (traits.choices !== undefined) addChoices(option, traits.kind, traits.choices)
    if (traits.kind === 'list') option.argParser(appendTo)
    command.addOption(index === 0 ? option : option.hideHelp())
  }
}

/** Training arguments check their values themselves, and understand more: `eval_loss` is `loss`. */
function addChoices(option: Option, kind: Traits['kind'], choices: readonly string[]): void {
  if (kind === 'choice') option.choices(choices)
  else if (kind === undefined) option.argChoices = [...choices]
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
