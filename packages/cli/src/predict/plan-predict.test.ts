// Tests of what `renown predict` decides to do.
import { describe, expect, test } from 'vitest'
import { type PredictRequest, type PredictSurroundings, planPredict } from './plan-predict.ts'

const FILES = ['posts.csv', 'data/more.jsonl', 'notes']
const PIPED: PredictSurroundings = {
  isFile: (path) => FILES.includes(path),
  stdinIsTerminal: false,
  stdoutIsTerminal: false,
}
const TERMINAL: PredictSurroundings = { ...PIPED, stdinIsTerminal: true, stdoutIsTerminal: true }

const plan = (request: PredictRequest, around = PIPED) => planPredict(request, around)

describe('what is scored', () => {
  test('arguments are texts, or files where they name some', () => {
    expect(plan({ inputs: ['great', 'bad.'] }).input).toEqual({ kind: 'texts', texts: ['great', 'bad.'] })
    expect(plan({ inputs: ['posts.csv', 'notes'] }).input).toMatchObject({
      kind: 'files',
      paths: ['posts.csv', 'notes'],
    })
  })

  test('a name that looks like a file and is none is an error, unless --text says otherwise', () => {
    expect(() => plan({ inputs: ['missing.csv'] })).toThrow('there is no file "missing.csv"')
    expect(() => plan({ inputs: ['missing.jsonl.gz'] })).toThrow('there is no file')
    expect(plan({ inputs: ['missing.csv'], text: true }).input.kind).toBe('texts')
    expect(plan({ inputs: ['posts.csv'], text: true }).input.kind).toBe('texts')
    expect(plan({ inputs: ['I opened data.csv'] }).input.kind).toBe('texts')
  })

  test('texts and files do not mix', () => {
    expect(() => plan({ inputs: ['posts.csv', 'great stuff'] })).toThrow('"great stuff" is not a file')
  })

  test('standard input is read where it is a pipe or asked for', () => {
    expect(plan({ inputs: [] }).input).toEqual({ kind: 'stdin', format: 'lines' })
    expect(plan({ inputs: ['-'], format: 'csv' }).input).toEqual({ kind: 'stdin', format: 'csv' })
    expect(plan({ inputs: ['-'] }, TERMINAL)).toMatchObject({ live: true, to: 'table' })
    expect(() => plan({ inputs: [] }, TERMINAL)).toThrow('nothing to score')
    expect(() => plan({ inputs: ['-', 'posts.csv'] })).toThrow('stands alone')
    expect(() => plan({ inputs: [], text: true })).toThrow('at least one argument')
  })
})

test('a column of what has no columns is refused: its rows would be scored whole', () => {
  expect(() => plan({ inputs: ['great'], textColumn: 'body' })).toThrow('the arguments are texts')
  expect(() => plan({ inputs: [], textColumn: 'body' })).toThrow('--format csv')
  expect(() => plan({ inputs: ['-'], dateColumn: 'when' })).toThrow('--date-column')
  expect(plan({ inputs: ['-'], format: 'csv', textColumn: 'body' }).input.kind).toBe('stdin')
  expect(plan({ inputs: ['posts.csv'], textColumn: 'body', dateColumn: 'when' }).input.kind).toBe('files')
})

describe('how it is written', () => {
  test.each([
    [{ inputs: ['great'] }, PIPED, 'jsonl'],
    [{ inputs: ['great'] }, TERMINAL, 'table'],
    [{ inputs: ['posts.csv'] }, TERMINAL, 'auto'],
    [{ inputs: ['posts.csv'], to: 'csv' }, TERMINAL, 'csv'],
    [{ inputs: ['posts.csv'], output: 'out.csv' }, TERMINAL, 'csv'],
    [{ inputs: ['posts.csv'], output: 'out.ndjson' }, TERMINAL, 'jsonl'],
    [{ inputs: ['posts.csv'], output: 'out' }, TERMINAL, 'jsonl'],
    [{ inputs: ['posts.csv'], output: '-' }, PIPED, 'jsonl'],
  ] as const)('%j', (request, around, to) => {
    expect(plan(request, around).to).toBe(to)
  })

  test('rejected rows go beside the output, or under the name of the input', () => {
    expect(plan({ inputs: ['posts.csv'], output: 'out/scored.csv' }).rejects).toBe('out/scored.rejects.jsonl')
    expect(plan({ inputs: ['data/more.jsonl'] }).rejects).toBe('more.rejects.jsonl')
    expect(plan({ inputs: ['posts.csv'], rejects: 'bad.jsonl' }).rejects).toBe('bad.jsonl')
    expect(plan({ inputs: [] }).rejects).toBeNull()
  })

  test('what is read is never overwritten', () => {
    expect(() => plan({ inputs: ['posts.csv'], output: './posts.csv' })).toThrow('would be overwritten')
    expect(() => plan({ inputs: ['posts.csv'], rejects: 'posts.csv' })).toThrow('would be overwritten')
    expect(() => plan({ inputs: ['posts.csv'], output: 'a.jsonl', rejects: 'a.jsonl' })).toThrow('the same file')
  })
})
