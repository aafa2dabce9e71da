// Tests of `renown predict` as a process: texts, files, pipes, bad rows, interruptions.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { cleanUp, endOf, parseLines, runCli, startCli, temporaryFolder, waitFor } from './test-cli.ts'

afterEach(cleanUp)

const COLUMNS = ['label', 'score', 'negative', 'neutral', 'positive', 'windows']

describe('texts', () => {
  test('as arguments give one line of JSON each, in order, with probabilities that sum to 1', async () => {
    const { code, stdout } = await runCli(['predict', 'great', 'bad', 'great'])
    const rows = parseLines(stdout)
    expect(code).toBe(0)
    expect(rows.map((row) => row.text)).toEqual(['great', 'bad', 'great'])
    expect(Object.keys(rows[0] ?? {})).toEqual(['text', ...COLUMNS])
    for (const row of rows) {
      expect(Number(row.negative) + Number(row.neutral) + Number(row.positive)).toBeCloseTo(1, 4)
      expect(row.score).toBe(row[String(row.label)])
    }
    expect(rows[2]).toEqual(rows[0])
  })

  test('can be shown as a table or CSV', async () => {
    const table = await runCli(['predict', 'great', 'a\u001b[31m\nb', '--to', 'table'])
    expect(table.stdout.split('\n')).toHaveLength(4)
    expect(table.stdout).toMatch(/^label +score +negative +neutral +positive +text\n/)
    expect(table.stdout).not.toContain('\u001b')
    const csv = await runCli(['predict', '=1+1', '--to', 'csv'])
    expect(csv.stdout).toMatch(/^text,label,score,.*\r\n'=1\+1,/)
  })

  test('that are long are scored in windows, and the answer says in how many', async () => {
    const { stdout } = await runCli(['predict', 'so disappointed with the phone '.repeat(40)])
    expect(Number(parseLines(stdout)[0]?.windows)).toBeGreaterThan(2)
  })

  test('however long the command line, are no business of the runtime, which reports nothing', async () => {
    const home = await temporaryFolder()
    const env = { HOME: home, XDG_CACHE_HOME: '', ORT_DISABLE_TELEMETRY: '' }
    const { code, stdout } = await runCli(['predict', 'good '.repeat(5000)], { env })
    expect([code, parseLines(stdout).length]).toEqual([0, 1])
    expect(await readdir(home)).toEqual([])
  })

  test('that are empty or far too long are told of and make the exit code 3, the others are scored', async () => {
    const { code, stdout, stderr } = await runCli(['predict', 'good', '  ', 'fine'])
    expect(code).toBe(3)
    expect(parseLines(stdout).map((row) => row.text)).toEqual(['good', 'fine'])
    expect(stderr).toContain('line 2 rejected: argument 2 is empty (TEXT_EMPTY)')
    const long = await runCli(['predict'], { input: `${'x'.repeat(200_000)}\nok\n` })
    expect(long.code).toBe(3)
    expect(long.stderr).toContain('TEXT_TOO_LONG')
    expect(parseLines(long.stdout)).toHaveLength(1)
  })
})

describe('standard input', () => {
  test('is one text a line, whatever characters it holds', async () => {
    const input = 'good\n\nNUL \u0000 here\n\u202eright to left\n<script>alert(1)</script>\nno newline at the end'
    const { code, stdout } = await runCli(['predict'], { input })
    expect(code).toBe(0)
    expect(parseLines(stdout).map((row) => row.text)).toEqual(input.split('\n').filter((line) => line !== ''))
  })

  test('is answered line by line while it stays open', async () => {
    const child = startCli(['predict'])
    child.stdin.write('the first\n')
    await waitFor(child.stdout, /"the first".*\n/)
    child.stdin.write('the second\n')
    await waitFor(child.stdout, /"the second".*\n/)
    child.stdin.end()
    expect((await endOf(child)).code).toBe(0)
  })

  test('may be a table when it says so', async () => {
    const input = 'id,body\n1,good\n2,"so, so"\n'
    const args = ['predict', '-', '--format', 'csv', '--text-column', 'body', '--to', 'csv']
    const { code, stdout } = await runCli(args, { input })
    expect(code).toBe(0)
    expect(stdout.split('\r\n').slice(0, 2)).toEqual([
      `id,body,${COLUMNS.join(',')}`,
      expect.stringMatching(/^1,good,/),
    ])
  })

  test('that looks like a table is scored line by line all the same, and that is told', async () => {
    const told = await runCli(['predict'], { input: 'id,text\n1,good\n' })
    expect([told.code, parseLines(told.stdout).length]).toEqual([0, 2])
    expect(told.stderr).toContain('the first looks like csv: --format csv reads columns')
    expect((await runCli(['predict'], { input: 'good\nid,text\n' })).stderr).not.toContain('--format')
  })

  test('without anything in it gives nothing', async () => {
    expect(await runCli(['predict'], { input: '' })).toMatchObject({ code: 0, stdout: '' })
  })
})

describe('files', () => {
  test('of several formats are scored into one, with the file of each row', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'a.csv'), 'text,id\ngood stuff here,1\nbad stuff here,2\n')
    await writeFile(join(cwd, 'b.jsonl.gz'), gzipSync('{"text":"third post here","n":3}\n'))
    const { code, stderr } = await runCli(['predict', 'a.csv', 'b.jsonl.gz', '--output', 'all.csv'], { cwd })
    expect(stderr).toContain('a.csv: text from column "text"')
    expect(code).toBe(0)
    const lines = (await readFile(join(cwd, 'all.csv'), 'utf8')).trimEnd().split('\r\n')
    expect(lines[0]).toBe(`file,text,id,n,${COLUMNS.join(',')}`)
    expect(lines[3]).toMatch(/^b\.jsonl\.gz,third post here,,3,/)
    expect(lines).toHaveLength(4)
    expect((await readdir(cwd)).sort()).toEqual(['a.csv', 'all.csv', 'b.jsonl.gz'])
  })

  test('with bad rows: those go to a rejects file with line and reason, the rest is scored, the exit code is 3', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'posts.csv'), 'text,id\ngood post,1\n,2\n"x",3,4\nlast post,5\n')
    const { code, stderr } = await runCli(['predict', 'posts.csv', '-o', 'out/scored.jsonl'], { cwd })
    expect([code, stderr]).toEqual([1, expect.stringContaining('OUTPUT_FAILED')])
    await mkdir(join(cwd, 'out'))
    const again = await runCli(['predict', 'posts.csv', '-o', 'out/scored.jsonl'], { cwd })
    expect(again.code).toBe(3)
    expect(again.stderr).toContain('2 rows were rejected: see out/scored.rejects.jsonl')
    expect(parseLines(await readFile(join(cwd, 'out/scored.jsonl'), 'utf8')).map((row) => row.id)).toEqual(['1', '5'])
    expect(parseLines(await readFile(join(cwd, 'out/scored.rejects.jsonl'), 'utf8'))).toEqual([
      { line: 3, code: 'TEXT_EMPTY', reason: expect.any(String) },
      { line: 4, code: 'COLUMN_COUNT', reason: expect.any(String) },
    ])
    await writeFile(join(cwd, 'posts.csv'), 'text,id\ngood post,1\n')
    expect((await runCli(['predict', 'posts.csv', '-o', 'out/scored.jsonl'], { cwd })).code).toBe(0)
    expect(await readdir(join(cwd, 'out'))).toEqual(['scored.jsonl'])
  })

  test('without a text column, or without the one named, are refused with the columns there are', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'numbers.csv'), 'a,b\n1,2\n3,4\n')
    const guessed = await runCli(['predict', 'numbers.csv'], { cwd })
    expect(guessed).toMatchObject({ code: 2, stdout: '' })
    expect(guessed.stderr).toMatch(
      /^renown: numbers\.csv has no column that looks like text.*"a", "b" \(COLUMN_NOT_FOUND\)\n$/,
    )
    const named = await runCli(['predict', 'numbers.csv', '--text-column', 'body'], { cwd })
    expect(named.stderr).toContain('has no column "body" (--text-column): expected one of "a", "b"')
  })

  test('that are not what --format says are refused, and it is said which format is meant', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'posts.csv'), 'text,id\ngood,1\n')
    const { code, stderr } = await runCli(['predict', 'posts.csv', '--format', 'jsonl'], { cwd })
    expect(code).toBe(1)
    expect(stderr).toContain('It was read as jsonl, as --format says; --to is the format of the output. (NO_COLUMNS)')
  })

  test('that are missing, empty or broken are refused by name, and no output appears', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'empty.csv'), '')
    await writeFile(join(cwd, 'cut.parquet'), 'PAR1 and nothing more')
    expect(await runCli(['predict', 'missing.csv'], { cwd })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no file "missing.csv"'),
    })
    for (const name of ['empty.csv', 'cut.parquet']) {
      const { code, stderr } = await runCli(['predict', name, '-o', 'out.csv'], { cwd })
      expect(code).toBe(1)
      expect(stderr).toMatch(/^renown: .*\([A-Z_]+\)\n$/)
    }
    expect((await readdir(cwd)).sort()).toEqual(['cut.parquet', 'empty.csv'])
  })

  test('are summed up on standard error, unless it is to be quiet', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'posts.txt'), 'good\nbad\nso so\n')
    const told = await runCli(['predict', 'posts.txt', '-o', 'o.jsonl'], { cwd })
    expect(told.stderr).toMatch(/Net sentiment .* over 3 posts\nnegative .* %.*\nWrote o\.jsonl: 3 rows/)
    expect((await runCli(['predict', 'posts.txt', '-q'], { cwd })).stderr).toBe('')
  })
})

describe('what goes wrong on the way', () => {
  test('a reader that goes away is no error', async () => {
    const cwd = await temporaryFolder()
    await writeFile(join(cwd, 'many.txt'), 'the same text again\n'.repeat(30_000))
    const child = startCli(['predict', 'many.txt'], { cwd })
    const end = endOf(child)
    await waitFor(child.stdout, /\n/)
    child.stdout.destroy()
    const { code, signal, stderr } = await end
    expect({ code, signal, stderr: stderr.replace(/^many\.txt: .*\n/, '') }).toEqual({
      code: 0,
      signal: null,
      stderr: '',
    })
  })

  test('Ctrl-C leaves whole rows under the partial name, says so, and ends with 130', async () => {
    const cwd = await temporaryFolder()
    const child = startCli(['predict', '-', '--format', 'lines', '-o', 'out.jsonl'], { cwd })
    const end = endOf(child)
    child.stdin.write('one\ntwo\n')
    const partial = join(cwd, 'out.jsonl.partial')
    await expect
      .poll(async () => await readFile(partial, 'utf8').catch(() => ''), { timeout: 20_000 })
      .toMatch(/two.*\n/)
    child.kill('SIGINT')
    const { code, stderr } = await end
    expect(code).toBe(130)
    expect(stderr).toMatch(/2 rows are in out\.jsonl\.partial\nrenown: stopped: 2 posts were scored \(INTERRUPTED\)\n$/)
    expect(parseLines(await readFile(partial, 'utf8')).map((row) => row.text)).toEqual(['one', 'two'])
    expect(await readdir(cwd)).toEqual(['out.jsonl.partial'])
  })

  test('a file that breaks off half-way leaves what was scored before under the partial name', async () => {
    const cwd = await temporaryFolder()
    const lines = Array.from({ length: 3000 }, (_, n) => JSON.stringify({ text: `post ${n % 7} ${'x'.repeat(50)}` }))
    const whole = gzipSync(lines.join('\n'))
    await writeFile(join(cwd, 'cut.jsonl.gz'), whole.subarray(0, whole.length - 20))
    const { code, stderr } = await runCli(['predict', 'cut.jsonl.gz', '-o', 'out.jsonl'], { cwd })
    expect(code).toBe(1)
    expect(stderr).toMatch(/rows are in out\.jsonl\.partial\nrenown: .*\(GZIP_TRUNCATED\)\n$/)
    expect(parseLines(await readFile(join(cwd, 'out.jsonl.partial'), 'utf8')).length).toBeGreaterThan(500)
    expect((await readdir(cwd)).sort()).toEqual(['cut.jsonl.gz', 'out.jsonl.partial'])
  })

  test('a run that was killed leaves no output, and the next one succeeds', async () => {
    const cwd = await temporaryFolder()
    const child = startCli(['predict', '-', '-o', 'out.jsonl'], { cwd })
    const end = endOf(child)
    child.stdin.write('one\n')
    const partial = join(cwd, 'out.jsonl.partial')
    await expect.poll(async () => await readFile(partial, 'utf8').catch(() => ''), { timeout: 20_000 }).toContain('one')
    child.kill('SIGKILL')
    await end
    expect(await readdir(cwd)).toEqual(['out.jsonl.partial'])
    expect((await runCli(['predict', '-o', 'out.jsonl'], { cwd, input: 'two\n' })).code).toBe(0)
    expect(await readdir(cwd)).toEqual(['out.jsonl'])
  })

  test('a model that is not there, or can not be fetched, is told in one line', async () => {
    const missing = await runCli(['predict', 'x', '--model', 'nobody'])
    expect(missing).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^renown: there is no model "nobody".*\(MODEL_NOT_FOUND\)\n$/),
    })
    const hub = await runCli(['predict', 'x', '--model', 'hf:a/b'], { env: { HF_HUB_OFFLINE: '1' } })
    expect(hub.stderr).toMatch(/^renown: HF_HUB_OFFLINE is set, and the model a\/b at main .*\(HUB_UNREACHABLE\)\n$/)
    const address = await runCli(['predict', 'x', '--model', 'https://example.org/model'])
    expect(address.stderr).toMatch(/\(MODEL_REFERENCE_UNSUPPORTED\)\n$/)
    const verbose = await runCli(['predict', 'x', '--model', 'nobody', '--verbose'])
    expect(verbose.stderr).toContain('    at ')
  })
})
