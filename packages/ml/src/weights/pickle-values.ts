// What a pickle of tensors can be made of. Nothing here can be called.
import type { Dtype } from './dtypes.ts'

/** The globals that a state dictionary needs, by their names in the pickle; any other is refused. */
export const STORAGE_DTYPES = {
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.DoubleStorage': 'F64',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
} as const

export const BUILDERS = [
  'collections.OrderedDict',
  'torch._utils._rebuild_tensor_v2',
  'torch._utils._rebuild_parameter',
] as const

export type GlobalName = keyof typeof STORAGE_DTYPES | (typeof BUILDERS)[number]

export type PickleValue =
  | null
  | boolean
  | number
  | string
  | PickleGlobal
  | PickleTuple
  | PickleList
  | PickleDict
  | PickleStorage
  | PickleTensor

export interface PickleGlobal {
  readonly kind: 'global'
  readonly name: GlobalName
}

export interface PickleTuple {
  readonly kind: 'tuple'
  readonly items: readonly PickleValue[]
}

export interface PickleList {
  readonly kind: 'list'
  readonly items: PickleValue[]
}

export interface PickleDict {
  readonly kind: 'dict'
  readonly entries: Map<PickleValue, PickleValue>
}

/** A named run of numbers; several tensors may share one. */
export interface PickleStorage {
  readonly kind: 'storage'
  readonly key: string
  readonly dtype: Dtype
  readonly elements: number
}

/** A view of a storage: offset and strides count elements. */
export interface PickleTensor {
  readonly kind: 'tensor'
  readonly storage: PickleStorage
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

export function isGlobalName(name: string): name is GlobalName {
  return Object.hasOwn(STORAGE_DTYPES, name) || (BUILDERS as readonly string[]).includes(name)
}

export function kindOf(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'None'
  return typeof value === 'object' ? value.kind : typeof value
}
