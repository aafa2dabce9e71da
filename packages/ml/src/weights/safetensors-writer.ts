// Writes a safetensors file, a tensor at a time, all or nothing.

import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { MlError } from '../errors.ts'
import { countElements, DTYPE_BYTES } from './dtypes.ts'
import { halvesFromFloats } from './half-floats.ts'

export interface TensorToWrite {
  readonly name: string
  readonly shape: readonly number[]
  /** Row-major values, or a function that fetches them when their turn comes. */
  readonly data: Float32Array | (() => Float32Array | Promise<Float32Array>)
}

export interface SafetensorsOptions {
  readonly dtype?: 'F32' | 'F16'
  /** `format: pt` unless given: transformers refuses a file without it. */
  readonly metadata?: Readonly<Record<string, string>>
}

/**
 * Writes the tensors in the order given. The file appears under its name when it is complete and on disk; on an error
 * nothing is left. The header is padded to 8 bytes, as by the reference (safetensors/src/tensor.rs, `prepare`).
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<TensorToWrite>,
  options: SafetensorsOptions = {},
): Promise<void> {
  const list = [...tensors]
  const dtype = options.dtype ?? 'F32'
  const header = encodeHeader(list, dtype, options.metadata ?? { format: 'pt' })
  const temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}.tmp`)
  const handle = await open(temporary, 'wx')
  try {
    await writeTensors(handle, header, list, dtype)
    await handle.sync()
    await handle.close()
    await rename(temporary, path)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await rm(temporary, { force: true })
    throw error
  }
}

function encodeHeader(
  tensors: readonly TensorToWrite[],
  dtype: 'F32' | 'F16',
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries = new Map<string, unknown>([['__metadata__', metadata]])
  let offset = 0
  for (const { name, shape } of tensors) {
    if (entries.has(name)) throw new MlError('WEIGHTS_INVALID', `Cannot write two tensors of the name ${name}`)
    const end = offset + countElements(shape, name) * DTYPE_BYTES[dtype]
    entries.set(name, { dtype, shape, data_offsets: [offset, end] })
    offset = end
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)), 'utf8')
  const padded = Math.ceil(json.length / 8) * 8
  const header = Buffer.alloc(8 + padded, ' ')
  header.writeBigUInt64LE(BigInt(padded), 0)
  json.copy(header, 8)
  return header
}

async function writeTensors(
  handle: FileHandle,
  header: Uint8Array,
  tensors: readonly TensorToWrite[],
  dtype: 'F32' | 'F16',
): Promise<void> {
  await writeAll(handle, header)
  for (const { name, shape, data } of tensors) {
    const floats = typeof data === 'function' ? await data() : data
    const expected = countElements(shape, name)
    if (floats.length !== expected) {
      throw new MlError(
        'WEIGHTS_INVALID',
        `${name}: expected ${expected} values for [${shape.join(', ')}], got ${floats.length}`,
      )
    }
    const stored = dtype === 'F16' ? halvesFromFloats(floats) : floats
    await writeAll(handle, new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength))
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done)).bytesWritten
}
