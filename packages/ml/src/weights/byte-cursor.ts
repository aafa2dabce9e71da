// The bytes of a pickle, read from the front, never past the end.
import { refused } from './pickle-refusal.ts'

export interface ByteCursor {
  uint8(): number
  uint16(): number
  uint32(): number
  int32(): number
  float64(): number
  /** A signed whole number of this many bytes. */
  long(length: number): number
  text(length: number): string
  line(): string
}

export function createCursor(bytes: Uint8Array): ByteCursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const utf8 = new TextDecoder('utf-8', { fatal: true })
  let at = 0
  const take = (length: number): number => {
    if (at + length > bytes.length) throw refused('it ends in the middle of an opcode')
    at += length
    return at - length
  }
  const text = (length: number): string => {
    const start = take(length)
    try {
      return utf8.decode(bytes.subarray(start, at))
    } catch {
      throw refused('a text in it is not UTF-8')
    }
  }
  return {
    uint8: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2), true),
    uint32: () => view.getUint32(take(4), true),
    int32: () => view.getInt32(take(4), true),
    float64: () => view.getFloat64(take(8)),
    long(length) {
      if (length > 8) throw refused(`a number of ${length} bytes`)
      const start = take(length)
      let value = 0n
      for (let i = 0; i < length; i++) value |= BigInt(view.getUint8(start + i)) << BigInt(8 * i)
      return Number(BigInt.asIntN(8 * length, value))
    },
    text,
    line() {
      const end = bytes.indexOf(10, at)
      if (end < 0) throw refused('it ends in the middle of a line')
      const line = text(end - at)
      at++
      return line
    },
  }
}
