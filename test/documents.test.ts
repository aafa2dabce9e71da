// What the documents name exists: commands, flags, scripts, settings, files, links.
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { PassThrough } from 'node:stream'
import { beforeAll, describe, expect, test } from 'vitest'
import { COMMANDS, createProgram } from '../packages/cli/src/program.ts'
import { TRAINING_GROUPS } from '../packages/cli/src/train/train-flags.ts'
import { TRAIN_OPTION_GROUPS, TRAIN_OPTIONS } from '../packages/cli/src/train/train-options.ts'
import { HONOURED } from '../packages/server/src/config/otel/variables.ts'
import { SETTINGS } from '../packages/server/src/config/settings.ts'
import { documents, filesUnder, type PackageJson, packages, ROOT, read, readJson } from './support/workspace.ts'

const pages = [
  ...documents(),
  'bench/README.md',
  ...packages().flatMap(({ name }) => filesUnder(`packages/${name}`, ['README.md'])),
].map((path) => ({ path, text: read(path) }))

/** Inline code, and the lines of code blocks, fenced or indented. */
function codeOf(text: string): string[] {
  const fenced = [...text.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) => block.split('\n'))
  const rest = text.replace(/^```[\s\S]*?^```/gm, '')
  const indented = [...rest.matchAll(/^ {4}(.*)$/gm)].map(([, line = '']) => line)
  const inline = [...rest.replace(/^ {4}.*$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return [...fenced, ...indented, ...inline].map((line) => line.trim())
}

const snippets = pages.flatMap(({ path, text }) => codeOf(text).map((code) => ({ path, code })))

type Command = Awaited<ReturnType<typeof createProgram>>

function flagsOf(command: Pick<Command, 'options' | 'commands'>): string[] {
  return [...command.options.map(({ long }) => long ?? ''), ...command.commands.flatMap((child) => flagsOf(child))]
}

const flags = new Map<string, string[]>()

beforeAll(async () => {
  const io = {
    stdin: new PassThrough(),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env: {},
    cwd: () => ROOT,
  }
  for (const name of Object.keys(COMMANDS)) {
    const context = { io: io as never, setExitCode: () => {} }
    const program = await createProgram([name], context)
    const command = program.commands.find((candidate) => candidate.name() === name)
    flags.set(name, [...flagsOf(program), ...(command === undefined ? [] : flagsOf(command)), '--help'])
  }
})

/** What follows `renown` in a snippet, up to a comment, a pipe or the next command; npm start is `renown serve`. */
function invocations(code: string): { command: string; args: string[] }[] {
  // The service of compose.yaml bears the same name.
  const asRenown = code
    .replace(/\bnpm start(?: --)?/g, 'renown serve')
    .replace(/\bcompose exec renown\b/g, 'compose exec')
  return [...asRenown.matchAll(/(?:^|[\s;|&(])renown (?=[a-z-])([^|;&#\n]*)/g)].map(([, rest = '']) => {
    const words =
      rest
        .split(/ {2,}/)[0]
        ?.replace(/"[^"]*"|'[^']*'/g, '…')
        .split(/\s+/) ?? []
    return { command: words[0] ?? '', args: words.slice(1) }
  })
}

describe('the command line', () => {
  const calls = snippets.flatMap(({ path, code }) => invocations(code).map((call) => ({ path, ...call })))

  test('every command that the documents name exists', () => {
    expect(calls.length).toBeGreaterThan(10)
    expect(calls.filter(({ command }) => !command.startsWith('-') && COMMANDS[command] === undefined)).toEqual([])
  })

  test('every flag that the documents name belongs to its command', () => {
    const unknown = calls.flatMap(({ path, command, args }) =>
      args
        .filter((word) => word.startsWith('--') && word.length > 2)
        .map((word) => word.split('=')[0] ?? '')
        .filter((flag) => !flags.get(command)?.includes(flag))
        .map((flag) => ({ path, command, flag })),
    )
    expect(unknown).toEqual([])
  })

  test('every npm script that the documents name exists', () => {
    const scripts = readJson<PackageJson>('package.json').scripts ?? {}
    const named = snippets.flatMap(({ path, code }) =>
      [...code.matchAll(/\bnpm (?:run ([\w-]+)|(start|test)\b)/g)].map(([, run, short]) => ({
        path,
        script: run ?? short ?? '',
      })),
    )
    expect(named.filter(({ script }) => scripts[script] === undefined)).toEqual([])
  })

  test('every benchmark that the documents name exists', () => {
    const named = snippets.flatMap(({ code }) =>
      [...code.matchAll(/npm run bench -- ([\w-]+)/g)].map(([, name]) => name),
    )
    expect(named.filter((name) => !existsSync(join(ROOT, `bench/${name}.ts`)))).toEqual([])
  })
})

describe('settings', () => {
  const operate = read('docs/operate.md')

  test.each(Object.values(SETTINGS).map((setting) => [setting.env, setting.flag]))(
    '%s is in the settings table with its flag',
    (env, flag) => {
      const row = operate.split('\n').find((line) => line.startsWith('|') && line.includes(`\`${env}\``))
      expect(row).toContain(`\`${flag}\``)
    },
  )

  test('every variable of OpenTelemetry that is honoured has a row, and no other has', () => {
    const rows = operate.split('\n').filter((line) => line.startsWith('| `OTEL_'))
    const named = rows.flatMap((row) => row.split('|')[1]?.match(/OTEL_\w+/g) ?? [])
    expect(named.sort()).toEqual([...HONOURED].sort())
  })

  test('every variable that the documents name is read somewhere', () => {
    const sources = ['packages', 'scripts', 'test', 'bench'].flatMap((folder) => filesUnder(folder, ['.ts', '.mjs']))
    const known = new Set(sources.flatMap((file) => read(file).match(/RENOWN_[A-Z_]*[A-Z]/g) ?? []))
    const named = pages.flatMap(({ path, text }) =>
      (text.match(/RENOWN_[A-Z_]*[A-Z]/g) ?? []).map((name) => ({ path, name })),
    )
    expect(named.filter(({ name }) => !known.has(name))).toEqual([])
  })
})

describe('training options', () => {
  const page = read('docs/train.md')
  const rows = page.split('\n').filter((line) => line.startsWith('| `--'))
  const cellsOf = (name: string): string[] =>
    rows
      .find((row) => row.startsWith(`| \`--${name.replaceAll('_', '-')}\` |`))
      ?.split('|')
      .map((cell) => cell.trim()) ?? []

  test('of the command are in the page', () => {
    expect(Object.keys(TRAIN_OPTIONS).filter((name) => cellsOf(name).length === 0)).toEqual([])
  })

  test('of the Trainer are in the page, each with its default', () => {
    const entries = Object.values(TRAINING_GROUPS).flatMap((group) => Object.entries(group))
    const wrong = entries.flatMap(([name, { default: standard }]) => {
      const shown = cellsOf(name)[2]
      const isRight = standard === null ? shown === '–' : shown === String(standard) || Number(shown) === standard
      return isRight ? [] : [{ name, standard, shown }]
    })
    expect(wrong).toEqual([])
  })

  test('are all that the page lists, under the headings of the help', () => {
    const known = [
      ...Object.keys(TRAIN_OPTIONS),
      ...Object.values(TRAINING_GROUPS).flatMap((group) => Object.keys(group)),
    ]
    expect(rows).toHaveLength(known.length)
    for (const heading of [...TRAIN_OPTION_GROUPS, ...Object.keys(TRAINING_GROUPS)])
      expect(page).toContain(`### ${heading}\n`)
  })
})

describe('files', () => {
  test('every link inside the repository leads somewhere', () => {
    const broken = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)]
        .map(([, target = '']) => posix.join(posix.dirname(path), target))
        .filter((target) => !existsSync(join(ROOT, target)))
        .map((target) => ({ path, target })),
    )
    expect(broken).toEqual([])
  })

  test('every file and folder of the repository that the documents name exists', () => {
    const named = snippets.filter(({ code }) =>
      /^(packages|docs|test|bench|scripts|models\/default|\.ci|\.github)\/[\w./-]*$/.test(code),
    )
    const lost = named.filter(({ code }) => !/[A-Z]{3,}/.test(code) && !existsSync(join(ROOT, code)))
    expect(lost).toEqual([])
  })

  test('no document names a path of one machine', () => {
    const machine = pages.flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![\w.~])\/(?:work|root|home|tmp|Users)\/\S*/g)].map(([found]) => ({ path, found })),
    )
    expect(machine).toEqual([])
  })
})
