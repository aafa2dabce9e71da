// Settings by flag, environment, file and default.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig, readSettingsFile } from './read-config.ts'
import { SETTINGS } from './settings.ts'

describe('settings', () => {
  test('every default is a value that its own parser accepts', () => {
    for (const setting of Object.values(SETTINGS)) {
      const written = Array.isArray(setting.default) ? setting.default : String(setting.default)
      expect(setting.parse(written)).toEqual(setting.default)
    }
  })

  test('names of flags and variables are all different', () => {
    const settings = Object.values(SETTINGS)
    expect(new Set(settings.map((s) => s.env)).size).toBe(settings.length)
    expect(new Set(settings.map((s) => s.flag)).size).toBe(settings.length)
  })

  test('a flag beats the environment, which beats the file, which beats the default', () => {
    const { config, values } = readConfig({
      flags: { port: '1111' },
      env: { RENOWN_PORT: '2222', RENOWN_HOST: '::1' },
      file: { port: 3333, host: '127.0.0.2', model: './mine' },
    })
    expect(config).toMatchObject({ port: 1111, host: '::1', model: './mine', home: '.renown' })
    const origins = Object.fromEntries(values.map((v) => [v.name, v.origin]))
    expect(origins).toMatchObject({ port: 'flag', host: 'environment', model: 'file', home: 'default' })
  })

  test('an empty variable counts as not set', () => {
    expect(readConfig({ env: { RENOWN_PORT: '' } }).config.port).toBe(8000)
  })

  test('every wrong value is named, with where it was given, what is expected and what it got', () => {
    const read = (): unknown =>
      readConfig({ flags: { port: 'eighty' }, env: { RENOWN_LOG_LEVEL: 'loud' }, file: { bodyLimit: '-1' } })
    expect(read).toThrow(/--port: expected a whole number from 0 to 65535, got "eighty"/)
    expect(read).toThrow(/RENOWN_LOG_LEVEL: expected one of trace, .*, got "loud"/)
    expect(read).toThrow(/bodyLimit in the settings file: expected a size/)
  })

  test.each([
    ['port', '70000'],
    ['port', '-1'],
    ['port', '1e3'],
    ['batchLimit', '0'],
    ['corsOrigins', '*'],
    ['corsOrigins', 'https://example.org/path'],
    ['allowedHosts', 'http://example.org'],
    ['allowedHosts', '*'],
    ['trustProxy', 'everyone'],
    ['trustProxy', '10.0.0.0/33'],
    ['host', '  '],
  ])('%s refuses "%s"', (name, value) => {
    expect(() => readConfig({ flags: { [name]: value } })).toThrow(/expected/)
  })

  test.each([
    ['4194304', 4_194_304],
    ['4 MB', 4_194_304],
    ['4m', 4_194_304],
    ['1.5GB', 1_610_612_736],
    [2048, 2048],
  ])('a size may be written %s', (written, bytes) => {
    expect(readConfig({ flags: { bodyLimit: written } }).config.bodyLimit).toBe(bytes)
  })

  test('lists are read from commas, hosts without case, brackets and trailing dot', () => {
    const { config } = readConfig({ env: { RENOWN_ALLOWED_HOSTS: 'Renown.Example.org., [::1]' } })
    expect(config.allowedHosts).toEqual(['renown.example.org', '::1'])
  })

  test('misspelt variables and names are reported', () => {
    const { unknown } = readConfig({ env: { RENOWN_PROT: '1', PATH: '/bin' }, file: { hots: 'x' } })
    expect(unknown).toEqual(['RENOWN_PROT', 'hots'])
  })
})

describe('the settings file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'renown-config-'))
  })
  afterEach(async () => await rm(folder, { recursive: true }))

  test('is optional', async () => {
    expect(await readSettingsFile(join(folder, 'none.json'))).toBeNull()
  })

  test.each(['{', '[1]', 'null', '"x"'])('that holds %s is refused by name', async (text) => {
    const path = join(folder, 'settings.json')
    await writeFile(path, text)
    await expect(readSettingsFile(path)).rejects.toMatchObject({ code: 'SETTING_INVALID' })
  })
})
