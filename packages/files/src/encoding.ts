// Any text encoding to UTF-8, chunk by chunk: what the encoding is, is decided as late as it can be.
import { isAscii, isUtf8 } from 'node:buffer'
import { TextDecoder } from 'node:util'
import { FilesError } from './errors.ts'

/** Enough bytes to tell UTF-16 without a mark from text. */
const PROBE_BYTES = 4096

export interface Utf8Transcoder {
  push(chunk: Uint8Array): Uint8Array
  end(): Uint8Array
  /** What it was decided to be; `utf-8` while everything was ASCII. */
  encoding(): string
}

interface ByteOrderMark {
  readonly encoding: string
  readonly length: number
}

const NOTHING = new Uint8Array(0)

/**
 * A byte order mark decides; without one, NULs in every other place mean UTF-16; otherwise bytes pass through while
 * they are ASCII, and the first chunk with others decides between UTF-8 and Windows-1252. From then on it stays:
 * bytes that aren't valid UTF-8 later on are left to the reader of the rows, which replaces them and counts the row.
 */
export function createUtf8Transcoder(encoding?: string): Utf8Transcoder {
  let decoder: TextDecoder | null = null
  let decided = encoding === undefined ? '' : normalizeEncoding(encoding)
  let started = false
  let held = NOTHING as Uint8Array

  function decide(bytes: Uint8Array): void {
    if (isAscii(bytes)) return
    decided = looksLikeUtf8(bytes) ? 'utf-8' : 'windows-1252'
    if (decided !== 'utf-8') decoder = new TextDecoder(decided)
  }

  function start(bytes: Uint8Array): Uint8Array {
    started = true
    const mark = byteOrderMark(bytes)
    if (decided === '') decided = mark?.encoding ?? utf16Guess(bytes) ?? ''
    if (decided !== '' && decided !== 'utf-8') decoder = new TextDecoder(decided)
    return mark !== null && (decided === mark.encoding || decided === '') ? bytes.subarray(mark.length) : bytes
  }

  function convert(bytes: Uint8Array, last: boolean): Uint8Array {
    if (decided === '') decide(bytes)
    if (decoder === null) return bytes
    return Buffer.from(decoder.decode(bytes, { stream: !last }), 'utf8')
  }

  function take(chunk: Uint8Array, last: boolean): Uint8Array {
    let bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    held = NOTHING
    if (!started) {
      if (bytes.length < 4 && !last) {
        held = bytes.slice()
        return NOTHING
      }
      bytes = start(bytes)
    }
    // A character cut by the end of the chunk can't speak for or against UTF-8: it waits for its rest.
    const cut = decided === '' && !last ? incompleteTail(bytes) : 0
    if (cut > 0) held = bytes.slice(bytes.length - cut)
    return convert(cut > 0 ? bytes.subarray(0, bytes.length - cut) : bytes, last)
  }

  return {
    push: (chunk) => (chunk.length === 0 ? NOTHING : take(chunk, false)),
    end: () => take(NOTHING, true),
    encoding: () => decided || 'utf-8',
  }
}

function normalizeEncoding(label: string): string {
  try {
    return new TextDecoder(label).encoding
  } catch (cause) {
    throw new FilesError(
      'ENCODING_UNSUPPORTED',
      `Expected the name of a text encoding, got ${JSON.stringify(label)}.`,
      {
        cause,
      },
    )
  }
}

function byteOrderMark(bytes: Uint8Array): ByteOrderMark | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', length: 3 }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', length: 2 }
  if (bytes[0] !== 0xff || bytes[1] !== 0xfe) return null
  if (bytes[2] === 0 && bytes[3] === 0 && bytes.length >= 4) {
    throw new FilesError('ENCODING_UNSUPPORTED', 'Expected UTF-8, UTF-16 or Windows-1252, got UTF-32.')
  }
  return { encoding: 'utf-16le', length: 2 }
}

/** Text of mostly Latin letters in UTF-16 has a NUL in every other place, and in no other. */
function utf16Guess(bytes: Uint8Array): string | null {
  const probe = bytes.subarray(0, PROBE_BYTES)
  const nuls = [0, 0]
  for (let i = 0; i < probe.length; i++) if (probe[i] === 0) nuls[i % 2]!++
  const pairs = probe.length / 2
  const [even = 0, odd = 0] = nuls
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le'
  return even > pairs * 0.4 && odd < pairs * 0.05 ? 'utf-16be' : null
}

/** True where broken sequences are the exception: a post cut in the middle of a character doesn't make a file Latin. */
function looksLikeUtf8(bytes: Uint8Array): boolean {
  if (isUtf8(bytes)) return true
  let valid = 0
  let invalid = 0
  for (let i = 0; i < bytes.length; ) {
    if (bytes[i]! < 0x80) {
      i++
      continue
    }
    const length = sequenceLength(bytes[i]!)
    const whole = length > 1 && isUtf8(bytes.subarray(i, i + length)) && i + length <= bytes.length
    if (whole) valid++
    else invalid++
    i += whole ? length : 1
  }
  return valid > invalid
}

/** How many bytes a character takes that starts with this byte; 0 where none starts so. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1
  if (byte >= 0xc2 && byte < 0xe0) return 2
  if (byte >= 0xe0 && byte < 0xf0) return 3
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0
}

/** How many bytes at the end belong to a character that goes on in the next chunk. */
function incompleteTail(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}
