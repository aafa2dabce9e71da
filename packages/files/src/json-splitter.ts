// A JSON document to the elements of its array of rows, chunk by chunk: the document is never held whole.
import { isUtf8 } from 'node:buffer'
import type { RowErrorCode } from './errors.ts'

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d
const NEWLINE = 0x0a

/** Before the rows: outside of them, at some depth of the document. */
const SEEKING = 0
/** Just inside a list that may be the rows. */
const LIST_OPENED = 1
/** Between two rows. */
const BETWEEN = 2
const IN_ROW = 3
/** After a row that broke off: until a line that starts like a row. */
const RESYNC = 4
const DONE = 5

export interface ElementHandler {
  /** `json` is one element's text; `element` its number, from 1; not `valid` where bytes had to be replaced. */
  element(json: string, element: number, valid: boolean): void
  reject(element: number, code: RowErrorCode, reason: string): void
}

/**
 * The rows are the top-level list, or in a top-level object the first list whose first element is an object
 * (`{"data": [{…}, …]}`).
 */
export class JsonSplitter {
  readonly #maxBytes: number
  readonly #handler: ElementHandler
  #state = SEEKING
  #depth = 0
  #inString = false
  #escaped = false
  /** Depth inside the current element; 0 for a bare string, number or word. */
  #rowDepth = 0
  #parts: Buffer[] = []
  #partBytes = 0
  #element = 1
  #lineStart = true

  constructor(maxBytes: number, handler: ElementHandler) {
    this.#maxBytes = maxBytes
    this.#handler = handler
  }

  /** Whether the list of rows was found. */
  get found(): boolean {
    return this.#state >= BETWEEN
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let pos = 0
    while (pos < bytes.length && this.#state !== DONE) {
      if (this.#state === SEEKING) pos = this.#seek(bytes, pos)
      else if (this.#state === LIST_OPENED) pos = this.#openList(bytes, pos)
      else if (this.#state === BETWEEN) pos = this.#between(bytes, pos)
      else if (this.#state === IN_ROW) pos = this.#row(bytes, pos)
      else pos = this.#resync(bytes, pos)
    }
  }

  end(): void {
    if (this.#state === IN_ROW) {
      this.#drop('JSON_TRUNCATED', 'The file ends inside this element.')
    } else if (this.#state === BETWEEN || this.#state === RESYNC) {
      this.#handler.reject(this.#element, 'JSON_TRUNCATED', 'The list of rows is not closed: the file seems cut off.')
    }
    this.#state = DONE
  }

  #seek(bytes: Buffer, start: number): number {
    for (let pos = start; pos < bytes.length; pos++) {
      const byte = bytes[pos]!
      if (this.#inString) this.#stringByte(byte)
      else if (byte === QUOTE) this.#inString = true
      else if (byte === OPEN_LIST && this.#depth <= 1) {
        this.#state = this.#depth === 0 ? BETWEEN : LIST_OPENED
        return pos + 1
      } else this.#depth += depthChange(byte)
    }
    return bytes.length
  }

  #openList(bytes: Buffer, start: number): number {
    const pos = skipSpace(bytes, start)
    if (pos === bytes.length) return pos
    if (bytes[pos] === OPEN_OBJECT) this.#state = BETWEEN
    else {
      this.#depth++
      this.#state = SEEKING
    }
    return pos
  }

  #between(bytes: Buffer, start: number): number {
    let pos = skipSpace(bytes, start)
    if (bytes[pos] === COMMA) pos = skipSpace(bytes, pos + 1)
    if (pos === bytes.length || bytes[pos] === COMMA) return pos
    if (bytes[pos] === CLOSE_LIST) this.#state = DONE
    else this.#state = IN_ROW
    return pos
  }

  /** Goes on with the element until it ends, or until the chunk does. */
  #row(bytes: Buffer, start: number): number {
    for (let pos = start; pos < bytes.length; pos++) {
      const byte = bytes[pos]!
      if (this.#inString) {
        if (byte === NEWLINE) return this.#breakOff(pos)
        this.#stringByte(byte)
        continue
      }
      const end = this.#rowEnd(byte, pos)
      if (end >= 0) return this.#finish(bytes, start, end)
    }
    this.#keep(bytes.subarray(start))
    return bytes.length
  }

  /** Where the element ends if this byte, outside of strings, ends it; else −1. */
  #rowEnd(byte: number, pos: number): number {
    if (byte === QUOTE) this.#inString = true
    if (this.#rowDepth === 0 && (byte === COMMA || byte === CLOSE_LIST)) return pos
    this.#rowDepth += depthChange(byte)
    return this.#rowDepth <= 0 && isClosing(byte) ? pos + 1 : -1
  }

  #finish(bytes: Buffer, start: number, end: number): number {
    this.#keep(bytes.subarray(start, end))
    if (this.#partBytes > this.#maxBytes) {
      this.#drop('ROW_TOO_LONG', `The element is longer than ${this.#maxBytes} bytes.`)
    } else {
      const element = Buffer.concat(this.#parts)
      const json = element.toString('utf8')
      this.#handler.element(json, this.#element, !json.includes('\ufffd') || isUtf8(element))
      this.#forget()
    }
    this.#state = BETWEEN
    return end
  }

  /** JSON has no line break inside a string, so a quote is missing and nothing after it can be trusted. */
  #breakOff(pos: number): number {
    this.#drop('JSON_INVALID', 'A string is not closed at the end of its line.')
    this.#state = RESYNC
    this.#lineStart = true
    return pos + 1
  }

  #resync(bytes: Buffer, start: number): number {
    for (let pos = start; pos < bytes.length; pos++) {
      const byte = bytes[pos]!
      if (byte === NEWLINE) this.#lineStart = true
      else if (this.#lineStart && (byte === OPEN_OBJECT || byte === CLOSE_LIST)) {
        this.#state = BETWEEN
        return pos
      } else if (byte > 0x20) this.#lineStart = false
    }
    return bytes.length
  }

  #keep(part: Buffer): void {
    this.#partBytes += part.length
    if (this.#partBytes > this.#maxBytes) this.#parts = []
    else this.#parts.push(part)
  }

  #drop(code: RowErrorCode, reason: string): void {
    this.#handler.reject(this.#element, code, reason)
    this.#forget()
  }

  #forget(): void {
    this.#element++
    this.#parts = []
    this.#partBytes = 0
    this.#rowDepth = 0
    this.#inString = false
    this.#escaped = false
  }

  #stringByte(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inString = false
  }
}

function depthChange(byte: number): number {
  if (byte === OPEN_OBJECT || byte === OPEN_LIST) return 1
  return isClosing(byte) ? -1 : 0
}

function isClosing(byte: number): boolean {
  return byte === CLOSE_OBJECT || byte === CLOSE_LIST
}

function skipSpace(bytes: Buffer, start: number): number {
  let pos = start
  while (pos < bytes.length && bytes[pos]! <= 0x20) pos++
  return pos
}
