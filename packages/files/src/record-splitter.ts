// Delimited text (RFC 4180) to records, on bytes, chunk by chunk, in bounded memory, surviving broken records.
import { isUtf8 } from 'node:buffer'
import type { RowErrorCode } from './errors.ts'
import type { FileLimits } from './limits.ts'

const QUOTE = 0x22
const NEWLINE = 0x0a
const RETURN = 0x0d
const SPACE = 0x20
const TAB = 0x09

const FIELD_START = 0
const UNQUOTED = 1
const QUOTED = 2
/** After a quote inside a quoted field: the field's end, or the first half of an escaped quote. */
const QUOTE_SEEN = 3
/** Only space may still come before the delimiter. */
const CLOSED = 4
/** The rest of a line that can't be understood any more. */
const SKIPPING = 5

export interface RecordHandler {
  /** Reads the record through `fieldCount`, `fieldText` and `fieldIsEmpty`, before it returns. */
  record(line: number): void
  reject(line: number, code: RowErrorCode, reason: string): void
}

/**
 * A record that breaks the rules (a quote in the wrong place, a quoted field that never ends) is rejected alone, and
 * reading goes on with the next physical line; a record over the limits is passed over without being held.
 */
export class RecordSplitter {
  readonly #delimiter: number
  readonly #limits: FileLimits
  readonly #handler: RecordHandler
  /** The chunk, before it what is left of the one before. Chunks are not written again by their producers. */
  #bytes: Buffer = Buffer.alloc(0)
  #pos = 0
  #state = FIELD_START
  #recordStart = 0
  #fieldStart = 0
  /** Line of the record's start, and of the current position. */
  #recordLine = 1
  #line = 1
  /** Field i is bytes starts[i] to ends[i]; an escaped one has doubled quotes inside. */
  #starts: number[] = []
  #ends: number[] = []
  #escaped: boolean[] = []
  #fields = 0
  #fieldEscaped = false
  /** All bytes of the record or-ed: below 0x80 means ASCII, where a byte is a character. */
  #bits = 0
  #ascii: string | null = null
  #tooLong: RowErrorCode | null = null
  /** Bytes of a record over the limits that were already let go. */
  #dropped = 0

  constructor(delimiter: string | null, limits: FileLimits, handler: RecordHandler) {
    this.#delimiter = delimiter === null ? -1 : delimiter.charCodeAt(0)
    this.#limits = limits
    this.#handler = handler
  }

  get fieldCount(): number {
    return this.#fields
  }

  /** How many of the fields can be read: in a record with far too many, not all. */
  get storedFields(): number {
    return Math.min(this.#fields, this.#limits.columns + 1)
  }

  fieldIsEmpty(index: number): boolean {
    return this.#starts[index] === this.#ends[index]
  }

  fieldText(index: number): string {
    const start = this.#starts[index]!
    const end = this.#ends[index]!
    const text = this.#bits < 0x80 ? this.#asciiText(start, end) : this.#bytes.toString('utf8', start, end)
    return this.#escaped[index] ? text.replaceAll('""', '"') : text
  }

  /** False where the record's bytes are no valid UTF-8: then `fieldText` has replacement characters in their place. */
  isValid(): boolean {
    return this.#bits < 0x80 || isUtf8(this.#bytes.subarray(this.#recordStart, this.#pos))
  }

  push(chunk: Uint8Array): void {
    this.#load(chunk)
    this.#scan()
    this.#settle()
  }

  end(): void {
    this.#scan()
    while (this.#recordStart < this.#bytes.length || this.#dropped > 0) {
      if (this.#state === QUOTED && this.#tooLong === null) {
        this.#recover('QUOTE_UNCLOSED', 'A quoted field is still open at the end of the file.')
        this.#scan()
      } else {
        this.#finishLast()
        return
      }
    }
  }

  #load(chunk: Uint8Array): void {
    const rest = this.#bytes.subarray(this.#recordStart)
    this.#bytes =
      rest.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
        : Buffer.concat([rest, chunk], rest.length + chunk.length)
    this.#shift(this.#recordStart)
  }

  /** Offsets count from the start of `#bytes`, which has moved by `by`. */
  #shift(by: number): void {
    if (by === 0) return
    this.#pos -= by
    this.#fieldStart -= by
    this.#recordStart -= by
    for (let i = 0; i < Math.min(this.#fields, this.#starts.length); i++) {
      this.#starts[i]! -= by
      this.#ends[i]! -= by
    }
  }

  #scan(): void {
    while (this.#pos < this.#bytes.length) {
      if (this.#state === FIELD_START) this.#startField()
      else if (this.#state === UNQUOTED) this.#scanUnquoted()
      else if (this.#state === QUOTED) this.#scanQuoted()
      else if (this.#state === SKIPPING) this.#skipLine()
      else this.#afterQuote()
    }
  }

  #startField(): void {
    this.#fieldStart = this.#pos
    this.#fieldEscaped = false
    if (this.#bytes[this.#pos] !== QUOTE) {
      this.#state = UNQUOTED
      return
    }
    this.#pos++
    this.#fieldStart = this.#pos
    this.#state = QUOTED
  }

  #scanUnquoted(): void {
    const bytes = this.#bytes
    const delimiter = this.#delimiter
    let pos = this.#pos
    let bits = 0
    while (pos < bytes.length) {
      const byte = bytes[pos]!
      if (byte === delimiter || byte === NEWLINE) break
      bits |= byte
      pos++
    }
    this.#bits |= bits
    this.#pos = pos
    if (pos === bytes.length) return
    const isLast = bytes[pos] === NEWLINE
    const end = isLast && pos > this.#fieldStart && bytes[pos - 1] === RETURN ? pos - 1 : pos
    this.#endField(end)
    if (isLast) this.#endRecord()
    else this.#nextField()
  }

  #scanQuoted(): void {
    const bytes = this.#bytes
    let pos = this.#pos
    let bits = 0
    while (pos < bytes.length) {
      const byte = bytes[pos]!
      if (byte === QUOTE) break
      if (byte === NEWLINE) this.#line++
      bits |= byte
      pos++
    }
    this.#bits |= bits
    this.#pos = pos
    if (pos === bytes.length) return
    this.#pos++
    this.#state = QUOTE_SEEN
    this.#endField(pos)
  }

  /** The field's end is stored already; a second quote takes it back. */
  #afterQuote(): void {
    const byte = this.#bytes[this.#pos]
    if (byte === QUOTE && this.#state === QUOTE_SEEN) {
      this.#fields--
      this.#fieldEscaped = true
      this.#state = QUOTED
      this.#pos++
    } else if (byte === this.#delimiter) this.#nextField()
    else if (byte === NEWLINE) this.#endRecord()
    else if (byte === RETURN || byte === SPACE || byte === TAB) {
      this.#state = CLOSED
      this.#pos++
    } else this.#recover('QUOTE_INVALID', 'After a closing quote, expected a delimiter or the end of the line.')
  }

  #skipLine(): void {
    const end = this.#bytes.indexOf(NEWLINE, this.#pos)
    this.#pos = end < 0 ? this.#bytes.length : end
    // A line that was rejected already has nothing to hold; one over the limits is still to be reported.
    if (this.#tooLong === null) this.#recordStart = this.#pos
    if (end >= 0) this.#endRecord()
  }

  #endField(end: number): void {
    if (end - this.#fieldStart > this.#limits.fieldBytes) this.#tooLong ??= 'FIELD_TOO_LONG'
    const index = this.#fields++
    if (index > this.#limits.columns) return
    this.#starts[index] = this.#fieldStart
    this.#ends[index] = end
    this.#escaped[index] = this.#fieldEscaped
  }

  #nextField(): void {
    this.#pos++
    this.#state = FIELD_START
    // A delimiter at the very end of the bytes opens a field that has no byte yet.
    this.#fieldStart = this.#pos
    this.#fieldEscaped = false
  }

  /** `#pos` is at the newline that ends the record. */
  #endRecord(): void {
    if (this.#dropped + this.#pos - this.#recordStart > this.#limits.rowBytes) this.#tooLong ??= 'ROW_TOO_LONG'
    // A quoted field starts after its quote, so an empty one is no blank line.
    const blank = this.#fields === 1 && this.#starts[0] === this.#recordStart && this.#ends[0] === this.#recordStart
    if (this.#tooLong !== null) this.#rejectLong(this.#tooLong)
    else if (!blank && this.#state !== SKIPPING) this.#handler.record(this.#recordLine)
    this.#pos++
    this.#line++
    this.#startRecord()
  }

  #startRecord(): void {
    this.#recordStart = this.#pos
    this.#fieldStart = this.#pos
    this.#recordLine = this.#line
    this.#fields = 0
    this.#fieldEscaped = false
    this.#bits = 0
    this.#ascii = null
    this.#tooLong = null
    this.#dropped = 0
    this.#state = FIELD_START
  }

  /** Gives up on the record and goes on with the line after the one it started on, or with the next if that is gone. */
  #recover(code: RowErrorCode, reason: string): void {
    if (this.#tooLong !== null) {
      this.#state = SKIPPING
      return
    }
    this.#handler.reject(this.#recordLine, code, reason)
    this.#line = this.#recordLine
    const end = this.#bytes.indexOf(NEWLINE, this.#recordStart)
    this.#pos = end < 0 ? this.#bytes.length : end
    this.#passOver()
    if (end >= 0) this.#endRecord()
  }

  /** What is left of the line is not held, and not reported again. */
  #passOver(): void {
    this.#state = SKIPPING
    this.#recordStart = this.#pos
  }

  /** After a chunk: lets go of what is over the limits, so that a record never holds more than its limit and a chunk. */
  #settle(): void {
    const open = this.#state === UNQUOTED || this.#state === QUOTED
    if (open && this.#pos - this.#fieldStart > this.#limits.fieldBytes) this.#tooLong ??= 'FIELD_TOO_LONG'
    if (this.#pos - this.#recordStart > this.#limits.rowBytes) this.#tooLong ??= 'ROW_TOO_LONG'
    if (this.#tooLong !== null) {
      this.#dropped += this.#pos - this.#recordStart
      this.#recordStart = this.#pos
      this.#fieldStart = this.#pos
    }
  }

  #rejectLong(code: RowErrorCode): void {
    const limit = code === 'FIELD_TOO_LONG' ? this.#limits.fieldBytes : this.#limits.rowBytes
    const what = code === 'FIELD_TOO_LONG' ? 'A field' : 'The row'
    const lines = this.#line > this.#recordLine ? ` (lines ${this.#recordLine} to ${this.#line})` : ''
    this.#handler.reject(this.#recordLine, code, `${what} is longer than ${limit} bytes${lines}.`)
  }

  /** The last record has no newline of its own. */
  #finishLast(): void {
    if (this.#state === SKIPPING && this.#tooLong === null) return
    if (this.#state === UNQUOTED || this.#state === FIELD_START || this.#state === QUOTED) {
      const last = this.#bytes[this.#pos - 1] === RETURN && this.#pos > this.#fieldStart
      this.#endField(last ? this.#pos - 1 : this.#pos)
    }
    this.#endRecord()
    this.#bytes = Buffer.alloc(0)
    this.#pos = 0
    this.#recordStart = 0
  }

  #asciiText(start: number, end: number): string {
    this.#ascii ??= this.#bytes.toString('latin1', this.#recordStart, this.#pos)
    return this.#ascii.slice(start - this.#recordStart, end - this.#recordStart)
  }
}
