// Gzip that expands too far is stopped early; texts that only repeat a lot are not.
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { expandGzip } from './gunzip.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { openRows } from './open-rows.ts'
import { createTestFolder } from './test-files.ts'

const folder = createTestFolder()
afterAll(() => folder.remove())

/** How many bytes come out under the default limits, and the code of the error that stopped them. */
async function expandAll(packed: Buffer): Promise<{ bytes: number; code: unknown }> {
  let bytes = 0
  try {
    for await (const chunk of expandGzip(Readable.from([packed]), DEFAULT_LIMITS)) bytes += chunk.length
    return { bytes, code: null }
  } catch (error) {
    return { bytes, code: (error as { code?: unknown }).code }
  }
}

test('by default 32 MiB of a bomb come out, not more', async () => {
  const { bytes, code } = await expandAll(gzipSync(Buffer.alloc(48_000_000, 'a\n')))
  expect(code).toBe('GZIP_EXPANSION')
  expect(bytes).toBeGreaterThan(31 * 1024 * 1024)
  expect(bytes).toBeLessThanOrEqual(32 * 1024 * 1024)
})

test('a bomb of two-byte lines is stopped while they are few', async () => {
  const bomb = folder.write('tiny.txt.gz', gzipSync(Buffer.alloc(24_000_000, 'a\n')))
  const source = await openRows(bomb, { limits: { gzipRatioFrom: 2_000_000 } })
  let rows = 0
  const reading = (async () => {
    for await (const batch of source.batches(10_000)) rows += batch.length
  })()
  await expect(reading).rejects.toMatchObject({ code: 'GZIP_EXPANSION' })
  expect(rows).toBeLessThanOrEqual(1_000_000)
})

const WORDS = ['the', 'service', 'was', 'late', 'again', 'but', 'friendly', 'phone', 'battery', 'love', 'it', 'never']

/** A post of a dozen words, nearly always another one for another number. */
function writePost(seed: number): string {
  const words = Array.from({ length: 12 }, (_, i) => WORDS[((seed + 1) * 7919 * (i + 3) + (seed >> i)) % WORDS.length])
  return words.join(' ')
}

test.each([100, 5000])('%i posts over and over are no bomb', async (distinct) => {
  const block = `${Array.from({ length: distinct }, (_, i) => writePost(i)).join('\n')}\n`
  const text = Buffer.from(block.repeat(Math.ceil(36_000_000 / block.length)))
  expect(text.length).toBeGreaterThan(DEFAULT_LIMITS.gzipRatioFrom)
  const packed = gzipSync(text)
  expect(await expandAll(packed)).toEqual({ bytes: text.length, code: null })
})
