// A recipe: a YAML or JSON file with what would otherwise be flags.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { findNearestName, isTrainingArgument, TRAINING_ARGUMENTS } from '@renown/ml'
import { parse } from 'yaml'
import { CliError } from '../errors.ts'
import { type Given, type GivenValues, isPlainObject } from './given-values.ts'
import { RECIPE_ONLY_KEYS, SOURCE_KEYS, TRAIN_OPTIONS } from './train-options.ts'

/** Keys whose value is always a path. */
const PATH_KEYS: readonly string[] = [
  'train_file',
  'unlabelled_file',
  'validation_file',
  'test_file',
  'gate_file',
  'gate_policy',
  'output',
  'output_dir',
  'file',
]
/** Keys whose value is a name, or a path if it starts with a dot. */
const REFERENCE_KEYS: readonly string[] = ['base', 'dataset', 'teacher', 'champion', 'best']

const OWN_KEYS: readonly string[] = [...Object.keys(TRAIN_OPTIONS), ...RECIPE_ONLY_KEYS]

/**
 * Reads a recipe: options of the command, sources and training arguments, in snake_case or kebab-case. Paths are from the
 * recipe's folder. Throws INPUT_NOT_FOUND, and USAGE_INVALID on what can't be read and on keys that nobody knows.
 */
export async function readRecipe(path: string): Promise<GivenValues> {
  const document = parseRecipe(path, await readRecipeFile(path))
  const values: Record<string, Given> = {}
  for (const [key, value] of readEntries(
    path,
    document,
    (name) => OWN_KEYS.includes(name) || isTrainingArgument(name),
  )) {
    const isSource = RECIPE_ONLY_KEYS.some((name) => name === key)
    const where = `${key} in ${path}`
    values[key] = { value: isSource ? readSourceEntries(path, where, value) : placePath(path, key, value), where }
  }
  return values
}

async function readRecipeFile(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch((cause: Error) => {
    throw new CliError('INPUT_NOT_FOUND', `--recipe: "${path}" can't be read: ${cause.message}`, { cause })
  })
}

function parseRecipe(path: string, text: string): Readonly<Record<string, unknown>> {
  const document = parseYaml(path, text)
  if (isPlainObject(document)) return document
  throw new CliError('USAGE_INVALID', `${path}: expected keys and values, such as "learning_rate: 2e-5"`)
}

/** YAML reads JSON too. */
function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    // The lines of the file come after the first line, which has the place.
    const [what = ''] = (cause as Error).message.split(/:?\n/)
    throw new CliError('USAGE_INVALID', `${path}: expected YAML or JSON: ${what}`, { cause })
  }
}

/** Entries with a value, by snake_case key. */
function* readEntries(
  where: string,
  document: Readonly<Record<string, unknown>>,
  isKnown: (key: string) => boolean,
): Generator<[string, unknown]> {
  const seen = new Set<string>()
  for (const [written, value] of Object.entries(document)) {
    const key = written.replaceAll('-', '_')
    if (!isKnown(key)) refuseKey(where, written, key)
    if (seen.has(key)) throw new CliError('USAGE_INVALID', `${where}: "${key}" is there twice`)
    seen.add(key)
    if (value !== null && value !== undefined) yield [key, value]
  }
}

function refuseKey(where: string, written: string, key: string): never {
  const nearest = findNearestName(key, [...OWN_KEYS, ...SOURCE_KEYS, ...Object.keys(TRAINING_ARGUMENTS)])
  const hint = nearest === undefined ? '`renown train --help` has them all' : `did you mean "${nearest}"?`
  throw new CliError('USAGE_INVALID', `${where}: there is no key "${written}" here: ${hint}`)
}

/** One entry or a list of them; a text is a file. */
function readSourceEntries(path: string, where: string, value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const entries = Array.isArray(value) ? value : [value]
  return entries.map((entry, index) => {
    const place = entries.length > 1 ? `${where}, entry ${index + 1}` : where
    if (typeof entry === 'string') return { file: placePath(path, 'file', entry) }
    if (!isPlainObject(entry)) {
      throw new CliError('USAGE_INVALID', `${place}: expected a file, or keys such as {file: a.csv, weight: 2}`)
    }
    const parts = [...readEntries(place, entry, (name) => SOURCE_KEYS.some((known) => known === name))]
    return Object.fromEntries(parts.map(([key, part]) => [key, placePath(path, key, part)]))
  })
}

function placePath(recipe: string, key: string, value: unknown): unknown {
  if (Array.isArray(value) && [...PATH_KEYS, ...REFERENCE_KEYS].includes(key))
    return value.map((item) => placePath(recipe, key, item))
  if (typeof value !== 'string') return value
  const isPath = PATH_KEYS.includes(key) || (REFERENCE_KEYS.includes(key) && value.startsWith('.'))
  return isPath && !value.startsWith('/') ? join(dirname(recipe), value) : value
}
