// Protocol buffers, read without copying: fields of one message, each checked against the message's end.
import { MlError } from '../errors.ts'

export type ProtobufField =
  | { readonly field: number; readonly kind: 'varint'; readonly value: number }
  | { readonly field: number; readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly field: number; readonly kind: 'fixed'; readonly value: Uint8Array }

interface Cursor {
  readonly bytes: Uint8Array
  at: number
}

function truncated(cursor: Cursor): MlError {
  return new MlError('MODEL_FILE_INVALID', `ONNX file: truncated or damaged at byte ${cursor.at} of a message`)
}

/** Values above 2^53 lose precision; no field that we read holds one. */
function readVarint(cursor: Cursor): number {
  let value = 0
  for (let scale = 1, count = 0; count < 10; count++, scale *= 128) {
    const byte = cursor.bytes[cursor.at++]
    if (byte === undefined) throw truncated(cursor)
    value += (byte & 127) * scale
    if (byte < 128) return value
  }
  throw truncated(cursor)
}

function take(cursor: Cursor, length: number): Uint8Array {
  const end = cursor.at + length
  if (end > cursor.bytes.byteLength) throw truncated(cursor)
  const view = cursor.bytes.subarray(cursor.at, end)
  cursor.at = end
  return view
}

/** The fields of one message, in order; byte fields are views of the input. */
export function* readFields(bytes: Uint8Array): Generator<ProtobufField> {
  const cursor: Cursor = { bytes, at: 0 }
  while (cursor.at < bytes.byteLength) {
    const key = readVarint(cursor)
    const field = Math.floor(key / 8)
    const wireType = key % 8
    if (wireType === 0) yield { field, kind: 'varint', value: readVarint(cursor) }
    else if (wireType === 2) yield { field, kind: 'bytes', value: take(cursor, readVarint(cursor)) }
    else if (wireType === 1) yield { field, kind: 'fixed', value: take(cursor, 8) }
    else if (wireType === 5) yield { field, kind: 'fixed', value: take(cursor, 4) }
    else throw truncated(cursor)
  }
}
