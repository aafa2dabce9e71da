// The three calls that a pickled state dictionary makes, as plain records.
import { refused } from './pickle-refusal.ts'
import {
  isGlobalName,
  kindOf,
  type PickleStorage,
  type PickleTensor,
  type PickleValue,
  STORAGE_DTYPES,
} from './pickle-values.ts'

/** `('storage', torch.FloatStorage, '0', 'cpu', 1024)`: the persistent id of a storage (torch/serialization.py). */
export function buildStorage(id: PickleValue): PickleStorage {
  const [tag, type, key, , elements] = tupleItems(id)
  const name = typeof type === 'object' && type?.kind === 'global' ? type.name : undefined
  if (tag !== 'storage' || !name || !isStorageName(name) || typeof key !== 'string' || !isCount(elements)) {
    throw refused(`expected a storage of numbers, got a persistent id of ${tupleItems(id).map(kindOf).join(', ')}`)
  }
  return { kind: 'storage', key, dtype: STORAGE_DTYPES[name], elements }
}

/** The result of a REDUCE: an empty dictionary or a tensor, never a call. */
export function buildReduced(callee: PickleValue, args: PickleValue): PickleValue {
  const name = typeof callee === 'object' && callee?.kind === 'global' ? callee.name : undefined
  const items = tupleItems(args)
  switch (name) {
    case 'collections.OrderedDict':
      if (items.length > 0) throw refused('an OrderedDict with arguments')
      return { kind: 'dict', entries: new Map() }
    case 'torch._utils._rebuild_tensor_v2':
      return buildTensor(items)
    case 'torch._utils._rebuild_parameter':
      return parameterTensor(items)
    default:
      throw refused(`REDUCE of ${name ?? kindOf(callee)}`)
  }
}

function buildTensor([storage, offset, shape, strides]: readonly PickleValue[]): PickleTensor {
  const sizes = counts(shape)
  const steps = counts(strides)
  const isSound = typeof storage === 'object' && storage?.kind === 'storage' && isCount(offset) && sizes && steps
  if (!isSound || sizes.length !== steps.length) {
    throw refused('expected a tensor of storage, offset, shape and strides')
  }
  return { kind: 'tensor', storage, offset, shape: sizes, strides: steps }
}

function parameterTensor([tensor]: readonly PickleValue[]): PickleTensor {
  if (typeof tensor === 'object' && tensor?.kind === 'tensor') return tensor
  throw refused(`a parameter of ${kindOf(tensor)}`)
}

function tupleItems(value: PickleValue): readonly PickleValue[] {
  if (typeof value === 'object' && value?.kind === 'tuple') return value.items
  throw refused(`expected a tuple, got ${kindOf(value)}`)
}

function counts(value: PickleValue | undefined): readonly number[] | undefined {
  if (typeof value !== 'object' || value?.kind !== 'tuple') return undefined
  return value.items.every(isCount) ? value.items : undefined
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function isStorageName(name: string): name is keyof typeof STORAGE_DTYPES {
  return isGlobalName(name) && Object.hasOwn(STORAGE_DTYPES, name)
}
