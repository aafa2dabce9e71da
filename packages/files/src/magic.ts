// What a file's first bytes say it is, where it isn't text.
import { FilesError } from './errors.ts'

interface Magic {
  readonly bytes: readonly number[]
  readonly what: string
}

const ascii = (text: string): number[] => [...text].map((char) => char.charCodeAt(0))

const REFUSED: readonly Magic[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], what: 'a ZIP archive or an Excel workbook; save it as CSV, or unpack it, first' },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel or Word document; save it as CSV first' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'a Zstandard archive; unpack it, or use gzip' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: 'an xz archive; unpack it, or use gzip' },
  { bytes: ascii('BZh'), what: 'a bzip2 archive; unpack it, or use gzip' },
  { bytes: [0x1f, 0x8b, 0x08], what: 'gzip inside gzip; unpack it once' },
  { bytes: ascii('%PDF'), what: 'a PDF document' },
  { bytes: ascii('SQLite format 3'), what: 'an SQLite database' },
  { bytes: ascii('ARROW1'), what: 'an Arrow file; save it as Parquet' },
  { bytes: [0x4f, 0x62, 0x6a, 0x01], what: 'an Avro file; save it as Parquet' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'an image' },
  { bytes: [0xff, 0xd8, 0xff], what: 'an image' },
  { bytes: ascii('PARE'), what: 'an encrypted Parquet file' },
]

export function isParquet(head: Uint8Array): boolean {
  return startsWith(head, ascii('PAR1'))
}

/** Throws where the bytes are known not to be rows. */
export function refuseKnownFormats(head: Uint8Array): void {
  const known = REFUSED.find(({ bytes }) => startsWith(head, bytes))
  if (known === undefined) return
  const expected = 'Expected CSV, TSV, JSON, JSON Lines, plain text or Parquet'
  throw new FilesError('FORMAT_UNSUPPORTED', `${expected}; this is ${known.what}.`)
}

const LOOKED_AT = 16_384

/** Throws where control characters are so many that the bytes can't be text; a few, and NULs, are. */
export function refuseBinary(sample: Uint8Array): void {
  const looked = sample.subarray(0, LOOKED_AT)
  let controls = 0
  for (const byte of looked) if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) controls++
  if (controls > looked.length * 0.1) {
    throw new FilesError('FORMAT_UNKNOWN', 'Expected text or Parquet; these bytes are neither.')
  }
}

function startsWith(head: Uint8Array, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte)
}
