// Reusable arrays in WebAssembly memory: outputs of the graph that live for a step, and dropout masks.
import { DROPOUT_WASM } from './dropout.wasm.ts'
import { loadWasm, type WasmUnit } from './web-assembly.ts'

/** What dropout.wat exports. */
interface DropoutKernels {
  dropoutMask(
    target: number,
    groups: number,
    key0: number,
    key1: number,
    key2: number,
    key3: number,
    site: number,
    threshold: number,
    scale: number,
  ): void
}

/** Names one mask: the same key gives the same bytes, in any process. Whole numbers below 2³²; the seed below 2⁵³. */
export interface MaskKey {
  readonly seed: number
  readonly step: number
  readonly micro: number
  /** Which of the model's dropouts it is. */
  readonly site: number
}

export interface Scratch {
  /** An array of `count` floats, with whatever was in it. The same name gives the same memory. */
  floats(name: string, count: number): Float32Array
  /**
   * Fills an array with a dropout mask: 0 with the probability, otherwise 1 / (1 − probability), which is taken to 16
   * bits.
   */
  dropoutMask(name: string, count: number, probability: number, key: MaskKey): Float32Array
}

interface Slot {
  readonly unit: WasmUnit<DropoutKernels>
  readonly offset: number
  /** In floats. */
  readonly capacity: number
}

/** The kernel writes groups of 32 floats. */
const GROUP_FLOATS = 32
/** Address space, not memory: pages are committed as they are written to. */
const ARENA_BYTES = 2 ** 30
/** A name's place is this much larger than its first array, so that it hardly ever moves and leaves memory behind. */
const HEADROOM = 4

/** Arrays that are taken again and again under their names, and may grow; views from before stay valid memory. */
export function createScratch(): Scratch {
  const open = loadWasm<DropoutKernels>(DROPOUT_WASM)
  const slots = new Map<string, Slot>()
  let arena: { unit: WasmUnit<DropoutKernels>; used: number } | null = null

  const allocate = (capacity: number): Slot => {
    const bytes = capacity * 4
    if (!arena || arena.used + bytes > arena.unit.buffer.byteLength) {
      arena = { unit: open(Math.max(bytes, ARENA_BYTES)), used: 0 }
    }
    const slot = { unit: arena.unit, offset: arena.used, capacity }
    arena.used += bytes
    return slot
  }
  const take = (name: string, count: number): Slot => {
    const current = slots.get(name)
    if (current && current.capacity >= count) return current
    const wanted = Math.max(count, Math.min(count * HEADROOM, ARENA_BYTES / 4))
    const slot = allocate(Math.ceil(wanted / GROUP_FLOATS) * GROUP_FLOATS)
    slots.set(name, slot)
    return slot
  }
  const view = ({ unit, offset }: Slot, count: number): Float32Array => new Float32Array(unit.buffer, offset, count)

  return {
    floats: (name, count) => view(take(name, count), count),
    dropoutMask(name, count, probability, key) {
      const slot = take(name, count)
      fillMask(slot, Math.ceil(count / GROUP_FLOATS), probability, key)
      return view(slot, count)
    },
  }
}

function fillMask({ unit, offset }: Slot, groups: number, probability: number, key: MaskKey): void {
  const threshold = Math.round(probability * 65_536)
  if (!(threshold >= 0 && threshold < 65_536)) {
    throw new RangeError(`Dropout: expected a probability from 0 to below 1, got ${probability}`)
  }
  const scale = 65_536 / (65_536 - threshold)
  const seedHigh = Math.floor(key.seed / 2 ** 32)
  unit.kernels.dropoutMask(offset, groups, key.seed, seedHigh, key.step, key.micro, key.site, threshold, scale)
}
