// Tests of the emulator: what it computes, and that it refuses what it doesn't know.
import { describe, expect, test } from 'vitest'
import { runAction } from './support/actions.ts'
import { conditionOf, evaluate, interpolate, type Scope, type Value } from './support/expression.ts'
import { readWorkflow } from './support/read-workflow.ts'

const NAMES: Readonly<Record<string, Value>> = {
  'github.ref': 'refs/heads/main',
  'inputs.none': null,
  'inputs.three': 3,
}

const scope: Scope = {
  lookUp: (path) => {
    const name = path.join('.')
    if (Object.hasOwn(NAMES, name)) return NAMES[name] ?? null
    throw new Error(`${name} is not emulated`)
  },
  call: (name, args) => `${name}(${args.join(';')})`,
}

describe('an expression', () => {
  test.each<[string, Value]>([
    ["github.ref == 'refs/heads/main'", true],
    ["github.ref == 'REFS/heads/MAIN'", true],
    ["github.ref != 'refs/heads/main' || 'other'", 'other'],
    ["inputs.none || 'usual'", 'usual'],
    ["inputs.three || 'usual'", 3],
    ["inputs.three == '3'", true],
    ["inputs.none == ''", true],
    ['!inputs.none && !false', true],
    ["(inputs.none || inputs.three) && 'yes'", 'yes'],
    ["inputs.none && 'a' || 'b'", 'b'],
    ["'it''s'", "it's"],
    ["hashFiles('a', 'b')", 'hashFiles(a;b)'],
    ['-1.5', -1.5],
  ])('%s is %j', (expression, value) => {
    expect(evaluate(expression, scope)).toBe(value)
  })

  test.each([
    ['github.actor', 'github.actor is not emulated'],
    ['inputs.none < 3', 'is not emulated'],
    ["inputs['none']", 'is not emulated'],
    ["github.ref == 'a' 'b'", 'goes on where it should end'],
    ['(inputs.none', 'expected ")"'],
    ['', "can't be read"],
    ["'open", 'is not emulated'],
  ])('%s is refused', (expression, message) => {
    expect(() => evaluate(expression, scope)).toThrow(message)
  })

  test('is put into a text, and stands alone as a condition', () => {
    expect(interpolate(`at \${{ github.ref }}, \${{inputs.none}}\${{ inputs.three }}`, scope)).toBe(
      'at refs/heads/main, 3',
    )
    expect(() => interpolate(`\${{ github.ref`, scope)).toThrow('without its end')
    expect(conditionOf(` \${{ !cancelled() }} `).trim()).toBe('!cancelled()')
    expect(conditionOf("github.ref == 'a'")).toBe("github.ref == 'a'")
    expect(() => conditionOf(`\${{ a }} && \${{ b }}`)).toThrow('expected one expression')
  })
})

describe('a workflow', () => {
  const write = (change: string, step = 'run: npm test'): string =>
    `on: {push: {}}\njobs:\n  one:\n    runs-on: x\n    ${change}\n    steps:\n      - ${step}\n`

  test('is read with its jobs and steps', () => {
    const { jobs } = readWorkflow(write('timeout-minutes: 5', '{id: a, name: b, run: c, env: {D: 1}}'))
    expect(jobs.get('one')).toMatchObject({
      timeoutMinutes: 5,
      needs: [],
      steps: [{ id: 'a', title: 'b', run: 'c', uses: null, env: { D: '1' } }],
    })
  })

  test.each([
    [write('container: node'), 'job one has container'],
    [write('strategy: {max-parallel: 1}'), 'strategy of one has max-parallel'],
    [write('env: {}', '{run: a, shell: sh}'), 'step 1 of one has shell'],
    [write('env: {}', '{run: a, uses: b}'), 'expected either run or uses'],
    [write('env: {}', 'name: a'), 'expected either run or uses'],
    [`defaults: {}\n${write('env: {}')}`, 'the workflow has defaults'],
    [write('env: {}').replace('push', 'workflow_run'), 'on has workflow_run'],
    [write('strategy: {matrix: {node: [20]}}'), 'expected a list of texts'],
  ])('that says what is not known is refused: %j', (text, message) => {
    expect(() => readWorkflow(text)).toThrow(message)
  })
})

test('actions and inputs that are not known are refused', () => {
  const context = { workspace: '.', artifacts: new Map() }
  expect(() => runAction('somebody/else@v1', {}, context)).toThrow('somebody/else@v1 is not emulated')
  expect(() => runAction('actions/cache@v1', { path: 'a', 'lookup-only': 'true' }, context)).toThrow('lookup-only')
  expect(() => runAction('actions/upload-artifact@v1', { path: 'a/*.html' }, context)).toThrow('a/*.html')
})
