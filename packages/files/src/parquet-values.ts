// Parquet's values as rows hold them: text, numbers, dates, lists.
import type { ParquetParsers } from 'hyparquet'

const decoder = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')

/** All times are UTC; broken JSON stays text instead of failing the file; shapes stay bytes. */
export const PARQUET_PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (millis) => new Date(Number(millis)),
  timestampFromMicroseconds: (micros) => new Date(Number(micros / 1000n)),
  timestampFromNanoseconds: (nanos) => new Date(Number(nanos / 1_000_000n)),
  dateFromDays: (days) => new Date(days * 86_400_000),
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && decoder(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined) => bytes && parseOrText(decoder(bytes)),
  geometryFromBytes: (bytes) => bytes,
  geographyFromBytes: (bytes) => bytes,
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Nothing is null, and a large integer is a number where that is exact, else its digits, inside of lists too. */
export function plainValue(value: unknown): unknown {
  if (value === undefined) return null
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (typeof value !== 'object' || value === null || value instanceof Date || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) return value.map(plainValue)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]))
}
