// Tests of the command line as a whole: help, usage errors, settings.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { COMMANDS } from './program.ts'
import { cleanUp, runCli, temporaryFolder } from './test-cli.ts'

afterEach(cleanUp)

describe('help', () => {
  test('names every command, and each has its own with examples', async () => {
    const { code, stdout } = await runCli(['--help'])
    expect(code).toBe(0)
    for (const name of Object.keys(COMMANDS)) expect(stdout).toMatch(new RegExp(`^  ${name} `, 'm'))
    const helps = await Promise.all(Object.keys(COMMANDS).map((name) => runCli([name, '--help'])))
    for (const help of helps) expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('Examples:') })
  })

  test('is shown where no command is given, and the version on request', async () => {
    expect(await runCli([])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage: renown') })
    expect((await runCli(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('what is not understood', () => {
  test.each([
    [['predcit'], 'there is no command "predcit": expected one of serve, predict'],
    [['predict', '--colour'], "unknown option '--colour'"],
    [['predict', '--to', 'xml', 'x'], "argument 'xml' is invalid"],
    [['evaluate'], "required option '--data <file>' not specified"],
    [['export'], "required option '-o, --output <folder>' not specified"],
    [['keys', 'create'], "required option '--name <name>' not specified"],
    [
      ['keys', 'create', '--name', 'x', '--scopes', 'everything'],
      'expected some of read, write, deploy, admin, got "everything"',
    ],
    [['keys', 'burn'], "unknown command 'burn'"],
  ])('%j ends with 2 and one line that says what', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/^renown: .*\(USAGE_INVALID\)\n$/)
  })
})

describe('settings', () => {
  test('come from flags, then the environment, then the file, and doctor shows from where', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'renown.yaml'), 'port: 9101\nhost: 127.0.0.1\ncacheEntries: 7\n')
    const env = { RENOWN_PORT: '9102', RENOWN_HOST: '127.0.0.2' }
    const { stdout } = await runCli(['doctor', '--json', '--port', '0'], { cwd, env })
    const { settings, settings_file } = JSON.parse(stdout) as {
      settings: { name: string; value: unknown; origin: string }[]
      settings_file: string
    }
    const found = Object.fromEntries(settings.map(({ name, value, origin }) => [name, [value, origin]]))
    expect(found).toMatchObject({
      port: [0, 'flag'],
      host: ['127.0.0.2', 'environment'],
      cacheEntries: [7, 'file'],
      home: ['.renown', 'default'],
    })
    expect(settings_file).toBe('renown.yaml')
  })

  test('may stand in a JSON file, or in one that is named; a manifest of a model is no such file', async () => {
    const cwd = await temporaryFolder()
    await mkdir(join(cwd, 'conf'))
    await writeFile(join(cwd, 'conf', 'mine.yml'), 'threads: 3')
    await writeFile(join(cwd, 'renown.json'), JSON.stringify({ format: 1, files: {}, name: 'a model' }))
    const read = async (...args: string[]) =>
      JSON.parse((await runCli(['doctor', '--json', '--port', '0', ...args], { cwd })).stdout)
    expect(await read()).toMatchObject({ settings_file: null, unknown: [] })
    expect(await read('--config', 'conf/mine.yml')).toMatchObject({ settings_file: 'conf/mine.yml' })
    await writeFile(join(cwd, 'renown.json'), '{"threads": 2}')
    expect(await read()).toMatchObject({ settings_file: 'renown.json' })
  })

  test('that are wrong are named, with where they were given', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'renown.yaml'), 'port: eighty\n')
    const serve = await runCli(['serve'], { cwd, env: { RENOWN_LOG_LEVEL: 'loud' } })
    expect(serve.code).toBe(2)
    expect(serve.stderr).toContain('port in the settings file: expected a whole number')
    expect(serve.stderr).toContain('RENOWN_LOG_LEVEL')
    const missing = await runCli(['predict', 'x', '--config', 'none.yaml'], { cwd })
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('"none.yaml" can\'t be read') })
    await writeFile(join(cwd, 'renown.yaml'), 'port: [1\n')
    expect((await runCli(['predict', 'x'], { cwd })).stderr).toContain('settings file "renown.yaml"')
  })
})
