// Settings by flag, environment or file, in that order, and where each came from.
import { readFile } from 'node:fs/promises'
import { codeOf, ServerError } from '../errors.ts'
import { type OtelValue, type OwnTraces, type ReadOtel, readOtel } from './otel/read-otel.ts'
import { show } from './otel/variables.ts'
import { type Config, SETTINGS, type SettingName } from './settings.ts'

export type SettingOrigin = 'flag' | 'environment' | 'file' | 'default'

export interface SettingValue {
  readonly name: SettingName
  /** The variable that may give it, or did: one of OpenTelemetry's for traces. */
  readonly env: string
  readonly flag: string
  readonly value: unknown
  readonly origin: SettingOrigin
}

export interface ConfigSources {
  /** By the setting's name, as the command line was parsed; undefined: not given. */
  readonly flags?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, string | undefined>>
  /** What the settings file holds, by the setting's name. */
  readonly file?: Readonly<Record<string, unknown>>
  /** Where variables of OpenTelemetry are looked for: they come last, and are nobody's business where none is traced. */
  readonly otel?: Readonly<Record<string, string | undefined>>
}

export interface ReadConfig {
  readonly config: Config
  readonly values: readonly SettingValue[]
  /** What else variables of OpenTelemetry give, as it may be shown. */
  readonly otel: readonly OtelValue[]
  /** RENOWN_… variables and names in the file that no setting has: likely misspelt. */
  readonly unknown: readonly string[]
}

/** Throws SETTING_INVALID with every wrong value at once. */
export function readConfig(sources: ConfigSources = {}): ReadConfig {
  const problems: string[] = []
  const own = settingNames().map((name) => {
    const setting = SETTINGS[name]
    const { given, origin } = findGiven(name, sources)
    const shown = { name, env: setting.env, flag: setting.flag, origin }
    if (origin === 'default') return { ...shown, value: setting.default }
    try {
      return { ...shown, value: setting.parse(given) }
    } catch (error) {
      problems.push(`${calledBy(name, origin)}: ${(error as Error).message}, got ${show(given)}`)
      return { ...shown, value: setting.default }
    }
  })
  const read = readOtel(sources.otel ?? {}, toOwnTraces(own))
  problems.push(...read.problems)
  if (problems.length > 0) throw new ServerError('SETTING_INVALID', problems.join('\n'))
  const values = own.map((value) => withOtel(value, read))
  return { config: toConfig(values, read), values, otel: read.shown, unknown: findUnknown(sources) }
}

function toOwnTraces(values: readonly SettingValue[]): OwnTraces {
  const given = new Map(values.filter(({ origin }) => origin !== 'default').map(({ name, value }) => [name, value]))
  const endpoint = given.get('tracesEndpoint')
  return {
    endpoint: endpoint === undefined ? null : String(endpoint),
    hasHeaders: given.has('tracesHeadersFile'),
    hasRatio: given.has('tracesRatio'),
  }
}

/** Only settings that nothing of our own gives are left to a variable of OpenTelemetry. */
function withOtel(own: SettingValue, { tracesEndpoint, tracesRatio }: ReadOtel): SettingValue {
  const found = [tracesEndpoint, tracesRatio].find((value) => value?.name === own.name) ?? null
  return found === null ? own : { ...own, value: found.value, env: found.env, origin: 'environment' }
}

/** The settings file (JSON, by the names of the settings), or nothing where there is none. Throws SETTING_INVALID. */
export async function readSettingsFile(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return null
    throw new ServerError('SETTING_INVALID', `settings file ${path}: ${(error as Error).message}`, { cause: error })
  })
  if (text === null) return null
  const parsed = parseJson(text, path)
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed }
  throw new ServerError('SETTING_INVALID', `settings file ${path}: expected a JSON object of settings`)
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ServerError('SETTING_INVALID', `settings file ${path}: expected JSON`, { cause })
  }
}

function settingNames(): SettingName[] {
  return Object.keys(SETTINGS) as SettingName[]
}

// The values were made by the parsers of the very same table.
function toConfig(values: readonly SettingValue[], { headers, resource, followsParent, warnings }: ReadOtel): Config {
  const otel = { headers, resource, followsParent, warnings }
  return { ...Object.fromEntries(values.map(({ name, value }) => [name, value])), otel } as unknown as Config
}

function findGiven(name: SettingName, sources: ConfigSources): { given: unknown; origin: SettingOrigin } {
  const flag = sources.flags?.[name]
  if (flag !== undefined) return { given: flag, origin: 'flag' }
  const env = sources.env?.[SETTINGS[name].env]
  if (env !== undefined && env !== '') return { given: env, origin: 'environment' }
  const file = sources.file?.[name]
  if (file !== undefined) return { given: file, origin: 'file' }
  return { given: undefined, origin: 'default' }
}

function findUnknown(sources: ConfigSources): string[] {
  const names = settingNames()
  const variables = new Set(names.map((name) => SETTINGS[name].env))
  const known = new Set<string>(names)
  const env = Object.keys(sources.env ?? {}).filter((key) => key.startsWith('RENOWN_') && !variables.has(key))
  return [...env, ...Object.keys(sources.file ?? {}).filter((key) => !known.has(key))]
}

function calledBy(name: SettingName, origin: SettingOrigin): string {
  if (origin === 'flag') return SETTINGS[name].flag
  return origin === 'environment' ? SETTINGS[name].env : `${name} in the settings file`
}
