// Headers for a collector: what a file may say, that they arrive, and that no secret gets into a message.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTraceHeaders } from './read-trace-headers.ts'
import { createSpanExporter } from './span-exporter.ts'
import { startCollector } from './testing/collector.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'renown-headers-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function write(text: string): string {
  const path = join(folder, 'headers')
  writeFileSync(path, text)
  return path
}

test('they come along with the spans', async () => {
  const headers = readTraceHeaders(write('# of our collector\r\nAuthorization: Bearer a:b\r\n\r\nx-scope-orgid: 7\n'))
  expect(headers).toEqual({ authorization: 'Bearer a:b', 'x-scope-orgid': '7' })
  const collector = await startCollector()
  const exporter = createSpanExporter({
    url: `${collector.url}/v1/traces`,
    headers,
    resource: {},
    count: () => undefined,
    onTrouble: (reason) => expect.fail(reason),
  })
  exporter.add({
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentId: null,
    name: 'batch',
    kind: 'internal',
    startMs: 1,
    endMs: 2,
    attributes: {},
    isError: false,
  })
  await exporter.close()
  await collector.close()
  expect(collector.requests).toMatchObject([{ authorization: 'Bearer a:b', type: 'application/json' }])
})

test.each([
  ['Bearer only-the-secret', 'line 1: expected a header'],
  ['x-ok: 1\nna me: secret', 'line 2: expected a header'],
  ['x-empty:', 'line 1: expected a header'],
  ['x-odd: secret\u0000', 'line 1: expected a header'],
  [`x-long: ${'s'.repeat(70_000)}`, 'expected at most 65536 characters'],
])('%j is refused without being repeated', (text, message) => {
  const path = write(text)
  let said = ''
  try {
    readTraceHeaders(path)
  } catch (error) {
    said = (error as Error).message
  }
  expect(said).toContain(message)
  expect(said).not.toContain('secret')
})

test('a file that is not there is told with the setting', () => {
  expect(() => readTraceHeaders(join(folder, 'nowhere'))).toThrow(/RENOWN_TRACES_HEADERS_FILE.*ENOENT/)
})
