// Decides where each parameter's arrays lie: which memory, and at which byte.
import { WASM_PAGE_BYTES } from './web-assembly.ts'

/** A parameter is updated as a whole (`dense`), by rows that had gradients (`table`), or not at all (`frozen`). */
export type ParameterKind = 'dense' | 'table' | 'frozen'

export interface ParameterSpec {
  readonly name: string
  readonly shape: readonly number[]
  readonly kind: ParameterKind
}

/** Byte offsets into the parameter's memory. */
export interface Placement {
  readonly memory: number
  readonly length: number
  readonly values: number
  /** Absent where the parameter is frozen. */
  readonly trained?: TrainedArrays
}

/** Where the gradients and the two moments start. */
export interface TrainedArrays {
  readonly gradients: number
  readonly means: number
  readonly squares: number
}

export interface MemoryPlan {
  /** Bytes of each memory. */
  readonly memories: readonly number[]
  readonly placements: ReadonlyMap<string, Placement>
}

/** A strip at the start of each memory carries floats from outside to the kernels; small enough for a core's cache. */
export const STRIP_FLOATS = 16_384

/** wasm32 addresses 4 GiB; one page less, so that the end of a memory is an address too. */
export const MEMORY_LIMIT_BYTES: number = 65_535 * WASM_PAGE_BYTES

const ALIGNMENT_BYTES = 64

/**
 * Places parameters in their order, each with all its arrays in one memory, and opens a new memory where one is full.
 * Throws RangeError on a parameter that doesn't fit in a memory of its own.
 */
export function planMemories(specs: readonly ParameterSpec[], limitBytes: number = MEMORY_LIMIT_BYTES): MemoryPlan {
  const memories: number[] = []
  const placements = new Map<string, Placement>()
  const stripBytes = STRIP_FLOATS * 4
  for (const { name, shape, kind } of specs) {
    if (placements.has(name)) throw new Error(`Parameters: expected each name once, got ${name} twice`)
    const length = shape.reduce((product, size) => product * size, 1)
    const arrayBytes = Math.ceil((length * 4) / ALIGNMENT_BYTES) * ALIGNMENT_BYTES
    const bytes = kind === 'frozen' ? arrayBytes : 4 * arrayBytes
    if (stripBytes + bytes > limitBytes) {
      throw new RangeError(`${name}: expected at most ${limitBytes - stripBytes} bytes, got ${bytes}`)
    }
    const last = memories.at(-1)
    if (last === undefined || last + bytes > limitBytes) memories.push(stripBytes)
    const memory = memories.length - 1
    const start = memories[memory]!
    memories[memory] = start + bytes
    const at = (array: number): number => start + array * arrayBytes
    const trained = { gradients: at(1), means: at(2), squares: at(3) }
    placements.set(name, { memory, length, values: start, ...(kind === 'frozen' ? {} : { trained }) })
  }
  return { memories, placements }
}
