// Reads a pytorch_model.bin of the zip kind, a tensor at a time, without running what is pickled in it.
import { MlError } from '../errors.ts'
import { countElements, DTYPE_BYTES, toFloats } from './dtypes.ts'
import { readPickle } from './pickle-machine.ts'
import type { PickleTensor, PickleValue } from './pickle-values.ts'
import { openRandomAccess, type RandomAccessFile } from './random-access-file.ts'
import { copyStrided, isContiguous, lastElement } from './strided-copy.ts'
import type { WeightSource } from './weight-source.ts'
import { readZipDirectory, type ZipEntry } from './zip-directory.ts'

const MAX_PICKLE_BYTES = 64 << 20

interface StoredTensor {
  readonly tensor: PickleTensor
  readonly storage: ZipEntry
}

/**
 * Opens what `torch.save(model.state_dict(), path)` wrote (PyTorch 1.6 or later): a dictionary of names and tensors. Throws
 * MlError PICKLE_REFUSED on anything else that a pickle can hold, and on the older format that isn't a zip.
 */
export async function openPytorch(path: string): Promise<WeightSource> {
  const file = await openRandomAccess(path)
  try {
    await refuseOldFormat(file)
    return createSource(file, await readStateDict(file))
  } catch (error) {
    await file.close()
    throw error
  }
}

async function refuseOldFormat(file: RandomAccessFile): Promise<void> {
  const magic = await file.read(0, Math.min(4, file.size))
  if (magic[0] === 0x50 && magic[1] === 0x4b) return
  const isPickle = magic[0] === 0x80
  const kind = isPickle ? 'the old torch format, a bare pickle (before PyTorch 1.6)' : 'an unknown format'
  throw new MlError(
    isPickle ? 'PICKLE_REFUSED' : 'WEIGHTS_INVALID',
    `${file.name}: expected a zip container as torch.save writes it since PyTorch 1.6, got ${kind}`,
  )
}

async function readStateDict(file: RandomAccessFile): Promise<ReadonlyMap<string, StoredTensor>> {
  const entries = await readZipDirectory(file)
  const pickles = [...entries.values()].filter((entry) => /^[^/]+\/data\.pkl$/.test(entry.name))
  const [pickle, second] = pickles
  if (!pickle || second) throw invalid(file, `expected one data.pkl in the container, got ${pickles.length}`)
  const prefix = pickle.name.slice(0, -'data.pkl'.length)
  await refuseBigEndian(file, entries.get(`${prefix}byteorder`))
  if (pickle.bytes > MAX_PICKLE_BYTES)
    throw invalid(file, `expected a pickle of at most 64 MB, got ${pickle.bytes} bytes`)
  const root = readPickle(await file.read(pickle.start, pickle.bytes))
  const tensors = new Map<string, StoredTensor>()
  for (const [name, value] of dictEntries(root, file)) {
    if (typeof name !== 'string' || typeof value !== 'object' || value?.kind !== 'tensor') continue
    tensors.set(name, { tensor: value, storage: findStorage(value, name, prefix, entries, file) })
  }
  return tensors
}

async function refuseBigEndian(file: RandomAccessFile, entry: ZipEntry | undefined): Promise<void> {
  if (!entry) return
  const order = new TextDecoder().decode(await file.read(entry.start, Math.min(entry.bytes, 16)))
  if (order !== 'little') {
    throw new MlError('WEIGHTS_UNSUPPORTED', `${file.name}: expected little-endian numbers, got ${order}`)
  }
}

function dictEntries(root: PickleValue, file: RandomAccessFile): Iterable<[PickleValue, PickleValue]> {
  if (typeof root === 'object' && root?.kind === 'dict') return root.entries
  throw invalid(file, 'expected a dictionary of tensors')
}

/** The tensor's storage in the container, after all sizes agree: no tensor is larger than what is stored. */
function findStorage(
  tensor: PickleTensor,
  name: string,
  prefix: string,
  entries: ReadonlyMap<string, ZipEntry>,
  file: RandomAccessFile,
): ZipEntry {
  const { key, dtype, elements } = tensor.storage
  const storage = entries.get(`${prefix}data/${key}`)
  if (!storage) throw invalid(file, `${name}: its storage data/${key.slice(0, 40)} is not in the container`)
  if (storage.bytes !== elements * DTYPE_BYTES[dtype]) {
    throw invalid(file, `${name}: expected ${elements} ${dtype} in data/${key}, got ${storage.bytes} bytes`)
  }
  const count = countElements(tensor.shape, name)
  const last = lastElement(tensor)
  if (count > elements || last >= elements) {
    throw invalid(
      file,
      `${name}: [${tensor.shape.join(', ')}] reaches element ${Math.max(last, count - 1)} of ${elements}`,
    )
  }
  return storage
}

function createSource(file: RandomAccessFile, tensors: ReadonlyMap<string, StoredTensor>): WeightSource {
  const entries = [...tensors].map(([name, { tensor }]) => ({
    name,
    dtype: tensor.storage.dtype,
    shape: tensor.shape,
  }))
  return {
    format: 'pytorch',
    list: () => entries,
    async read(name) {
      const stored = tensors.get(name)
      if (!stored) throw new MlError('WEIGHTS_MISSING', `${file.name} has no tensor ${name}`)
      return readTensor(file, stored)
    },
    close: () => file.close(),
  }
}

async function readTensor(file: RandomAccessFile, { tensor, storage }: StoredTensor): Promise<Float32Array> {
  const { dtype } = tensor.storage
  const width = DTYPE_BYTES[dtype]
  const count = lastElement(tensor) - tensor.offset + 1
  const bytes = await file.read(storage.start + tensor.offset * width, count * width)
  const floats = toFloats(bytes, dtype)
  return isContiguous(tensor) ? floats : copyStrided(floats, tensor.shape, tensor.strides)
}

function invalid(file: RandomAccessFile, reason: string): MlError {
  return new MlError('WEIGHTS_INVALID', `${file.name}: ${reason}`)
}
