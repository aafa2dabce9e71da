// What holds for every workflow: pinned actions, least permissions, an end for every job, no input that becomes a script.

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { filesUnder, read } from '../support/workspace.ts'

interface Step {
  readonly name?: string
  readonly run?: string
  readonly uses?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly if?: string
  readonly needs?: string
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly env?: unknown
  readonly steps: readonly Step[]
}

interface Document {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly concurrency?: { readonly group?: string }
  readonly env?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const paths = filesUnder('.github/workflows', ['.yml', '.yaml'])

/** What each job may do beside reading the code; whoever adds something has to write it here too. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'codeql.yml analyze': ['security-events'],
  'release.yml packages': ['attestations', 'id-token'],
  'release.yml image': ['attestations', 'id-token', 'packages'],
}

test('there are the pipeline, code scanning, the review of dependencies and releases', () => {
  const names = ['ci-cd', 'codeql', 'dependency-review', 'release']
  expect(paths.sort()).toEqual(names.map((name) => `.github/workflows/${name}.yml`))
})

describe.each(paths)('%s', (path) => {
  const text = read(path)
  const document = parse(text) as Document
  const jobs = Object.entries(document.jobs)
  const steps = jobs.flatMap(([, job]) => job.steps)

  test('pins every action by its commit, and says which version that is', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line))
    expect(lines.length).toBeGreaterThan(0)
    expect(lines.filter((line) => !/uses: [\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([])
  })

  test('gives nothing by default, and each job the least it needs, with an end', () => {
    expect(document.permissions).toEqual({})
    for (const [id, job] of jobs) {
      const { contents, ...more } = job.permissions ?? {}
      expect({ id, contents }).toEqual({ id, contents: 'read' })
      expect(Object.keys(more).sort()).toEqual(ALLOWED[`${path.split('/').at(-1)} ${id}`] ?? [])
      expect(job['timeout-minutes']).toBeLessThanOrEqual(120)
    }
    expect(document.concurrency?.group).toContain('github.ref')
  })

  test('leaves no credentials behind, and puts nothing into a script that somebody else may have written', () => {
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'))
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([])
    expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([])
    expect(Object.keys(document.on)).not.toContain('pull_request_target')
  })

  test('keeps secrets to the steps that need them', () => {
    expect(JSON.stringify([document.env, jobs.map(([, { env }]) => env)])).not.toContain('secrets.')
    const holders = steps.filter((step) => JSON.stringify(step).includes('secrets.'))
    const names = holders.map(({ name, uses }) => name ?? uses?.split('@')[0])
    expect(names).toEqual(
      path.endsWith('ci-cd.yml')
        ? ['Champion', 'Publish']
        : path.endsWith('release.yml')
          ? ['docker/login-action']
          : [],
    )
  })
})

test('one version of an action serves all workflows', () => {
  const used = paths.flatMap((path) => [...read(path).matchAll(/uses: ([\w.-]+\/[\w.-]+)\S*@(\w+)/g)])
  const versions = new Map<string, Set<string>>()
  for (const [, action = '', hash = ''] of used) versions.set(action, (versions.get(action) ?? new Set()).add(hash))
  expect([...versions].filter(([, hashes]) => hashes.size > 1).map(([action]) => action)).toEqual([])
})

test('the release builds the image from the Dockerfile that is there', () => {
  expect(read('.github/workflows/release.yml')).toContain('file: Dockerfile\n')
  expect(read('Dockerfile')).toMatch(/^FROM /m)
})

test('every step of the pipeline is one command of npm or renown', () => {
  const { jobs } = parse(read('.github/workflows/ci-cd.yml')) as Document
  const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? []))
  expect(commands.filter((command) => !/^(npm (test|run \w+)|npx renown [^;&|`]+)$/.test(command))).toEqual([])
})
