// `renown doctor`: every check, every setting with its origin, and whether all is well.
import { isLoopbackAddress } from '@renown/server'
import { listKeys } from '@renown/server/keys'
import { readConfig } from '@renown/server/read-config'
import type { Config } from '@renown/server/settings'
import { CliError } from '../errors.ts'
import { EXIT_FAILURE, EXIT_OK } from '../exit-codes.ts'
import { formatTable } from '../format/table.ts'
import { type Io, writeAll } from '../io.ts'
import { type CommandSettings, type ModelFlags, readServerSettings, toModelSettings } from '../settings.ts'
import { type Check, describeCheck, fail, pass, warn } from './check.ts'
import { checkMemory, checkNode, checkProcessor } from './check-machine.ts'
import { checkModel, checkRuntime } from './check-model.ts'
import { checkHome, checkKeys, checkPort } from './check-surroundings.ts'

export interface DoctorFlags extends ModelFlags {
  readonly host?: string
  readonly port?: string
  readonly json?: boolean
}

export async function runDoctor(io: Io, flags: DoctorFlags): Promise<number> {
  const { settings, check } = await checkSettings(io, flags)
  const checks = [checkNode(process.version), checkProcessor(), checkMemory(), await checkRuntime(), check]
  checks.push(...(await checkModel(toModelSettings(settings.config))), ...(await checkServer(settings.config)))
  const isWell = checks.every(({ status }) => status !== 'failure')
  await writeAll(
    io.stdout,
    flags.json === true ? renderJson(checks, settings, isWell) : renderText(checks, settings, isWell),
  )
  return isWell ? EXIT_OK : EXIT_FAILURE
}

/** Settings that are wrong are a finding; the other checks then go by the defaults. */
async function checkSettings(io: Io, flags: DoctorFlags): Promise<{ settings: CommandSettings; check: Check }> {
  const { json: _, config, ...given } = flags
  try {
    const settings = await readServerSettings(io, given, config)
    const from = settings.file === null ? 'no settings file' : `settings file ${settings.file}`
    const warnings = [...settings.config.otel.warnings]
    if (settings.unknown.length > 0) warnings.unshift(`no setting is called ${settings.unknown.join(', ')}`)
    if (warnings.length === 0) return { settings, check: pass('Settings', from) }
    return { settings, check: warn('Settings', [from, ...warnings].join('; ')) }
  } catch (error) {
    if (!(error instanceof CliError) && (error as { code?: unknown }).code !== 'SETTING_INVALID') throw error
    return { settings: { ...readConfig(), file: null }, check: fail('Settings', (error as Error).message) }
  }
}

async function checkServer({ host, port, home }: Config): Promise<readonly Check[]> {
  const keys = await listKeys({ home }).catch((error: Error) => error)
  const keysCheck =
    keys instanceof Error
      ? fail('API keys', keys.message)
      : checkKeys(host, isLoopbackAddress(host), keys.filter((key) => key.revoked === null).length)
  return [await checkPort(host, port), await checkHome(home), keysCheck]
}

function renderText(checks: readonly Check[], settings: CommandSettings, isWell: boolean): string {
  const rows = settings.values.map(({ name, value, origin, env }) => [name, showSetting(value), origin, env])
  for (const { name, value, env } of settings.otel) rows.push([name, value, 'environment', env])
  const verdict = isWell ? 'Renown works here.' : 'Renown does not work here before what is marked ✗ is put right.'
  return `${checks.map(describeCheck).join('\n')}\n\n${formatTable(['setting', 'value', 'from', 'variable'], rows)}\n\n${verdict}\n`
}

function showSetting(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ')
  return String(value)
}

function renderJson(checks: readonly Check[], settings: CommandSettings, isWell: boolean): string {
  const { values, otel, file, unknown } = settings
  return `${JSON.stringify({ ok: isWell, checks, settings: values, opentelemetry: otel, settings_file: file, unknown }, null, 2)}\n`
}
