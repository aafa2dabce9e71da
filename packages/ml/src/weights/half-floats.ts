// IEEE 754 half precision to and from single precision.

/** Exact: the bits move into a float's place, and 2^112 makes up for the difference of the exponents' zero points. */
export function floatsFromHalves(halves: Uint16Array): Float32Array {
  const floats = new Float32Array(halves.length)
  const bits = new Uint32Array(floats.buffer)
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i] ?? 0
    const hasValue = (half & 0x7c00) !== 0x7c00
    bits[i] = ((half & 0x7fff) << 13) | (hasValue ? 0 : 0x7f800000)
    if (hasValue) floats[i] = (floats[i] ?? 0) * 2 ** 112
    if (half & 0x8000) bits[i] = (bits[i] ?? 0) | 0x80000000
  }
  return floats
}

/** Rounds to the nearest half, ties to even; beyond 65,504 becomes infinity, as torch's `.half()`. */
export function halvesFromFloats(floats: Float32Array): Uint16Array {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  const halves = new Uint16Array(floats.length)
  for (let i = 0; i < bits.length; i++) halves[i] = halfBits(bits[i] ?? 0)
  return halves
}

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000
  const magnitude = bits & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= 0x47800000) return sign | 0x7c00
  if (magnitude >= 0x38800000) return sign | roundShift(magnitude - 0x38000000, 13)
  if (magnitude < 0x33000000) return sign
  const fraction = (magnitude & 0x7fffff) | 0x800000
  return sign | roundShift(fraction, 126 - (magnitude >>> 23))
}

/** Divides by 2^shift, rounding to nearest, ties to even. */
function roundShift(value: number, shift: number): number {
  const floor = value >>> shift
  const rest = value & ((1 << shift) - 1)
  const half = 1 << (shift - 1)
  return rest > half || (rest === half && (floor & 1) === 1) ? floor + 1 : floor
}
