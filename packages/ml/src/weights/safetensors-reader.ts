// Reads one safetensors file, a tensor at a time.
import { MlError } from '../errors.ts'
import { toFloats } from './dtypes.ts'
import { openRandomAccess, type RandomAccessFile } from './random-access-file.ts'
import { MAX_HEADER_BYTES, parseSafetensorsHeader, type SafetensorsHeader } from './safetensors-header.ts'
import type { WeightSource } from './weight-source.ts'

export interface SafetensorsSource extends WeightSource {
  readonly metadata: Readonly<Record<string, string>>
}

/** Opens a safetensors file: reads and checks its header only. Throws MlError WEIGHTS_INVALID or WEIGHTS_UNSUPPORTED. */
export async function openSafetensors(path: string): Promise<SafetensorsSource> {
  const file = await openRandomAccess(path)
  try {
    const { header, dataStart } = await readHeader(file)
    return createSource(file, header, dataStart)
  } catch (error) {
    await file.close()
    throw error
  }
}

async function readHeader(file: RandomAccessFile): Promise<{ header: SafetensorsHeader; dataStart: number }> {
  if (file.size < 8) throw new MlError('WEIGHTS_INVALID', `${file.name}: expected at least 8 bytes, got ${file.size}`)
  const prefix = await file.read(0, 8)
  const claimed = new DataView(prefix.buffer).getBigUint64(0, true)
  const allowed = Math.min(MAX_HEADER_BYTES, file.size - 8)
  if (claimed > BigInt(allowed)) {
    throw new MlError(
      'WEIGHTS_INVALID',
      `${file.name}: the header claims ${claimed} bytes, expected at most ${allowed}`,
    )
  }
  const length = Number(claimed)
  const json = decodeUtf8(await file.read(8, length), file.name)
  const dataStart = 8 + length
  return { header: parseSafetensorsHeader(json, file.size - dataStart, file.name), dataStart }
}

function decodeUtf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    throw new MlError('WEIGHTS_INVALID', `${name}: the header is not UTF-8`, { cause: error })
  }
}

function createSource(file: RandomAccessFile, header: SafetensorsHeader, dataStart: number): SafetensorsSource {
  const entries = [...header.tensors.values()].map(({ name, dtype, shape }) => ({ name, dtype, shape }))
  return {
    format: 'safetensors',
    metadata: header.metadata,
    list: () => entries,
    async read(name) {
      const tensor = header.tensors.get(name)
      if (!tensor) throw new MlError('WEIGHTS_MISSING', `${file.name} has no tensor ${name}`)
      return toFloats(await file.read(dataStart + tensor.start, tensor.bytes), tensor.dtype)
    },
    close: () => file.close(),
  }
}
