// A model's weights in memory: float32 as in the checkpoint, or 8-bit with scales.
/** float32, in the checkpoint's orientation. */
export interface FloatTensor {
  readonly kind: 'float'
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/**
 * 8-bit: value = (byte − 128) · scale. A linear weight is stored [in, out] with a scale an output channel,
 * an embedding table [rows, width] with a scale a row.
 */
export interface QuantizedTensor {
  readonly kind: 'quantized'
  readonly shape: readonly [number, number]
  readonly data: Uint8Array
  readonly scales: Float32Array
}

export type WeightTensor = FloatTensor | QuantizedTensor
export type ClassifierWeights = ReadonlyMap<string, WeightTensor>

/** The value that stands for zero in unsigned 8-bit weights. */
export const ZERO_POINT = 128

/** 127 of the largest magnitude: symmetric, so that zero is exact and signed bytes hold the same values. */
function scaleOf(largest: number): number {
  return largest === 0 ? 1 : largest / 127
}

/** A linear weight [out, in] → bytes [in, out], a scale an output channel. */
export function quantizeLinear(weight: Float32Array, outputs: number, inputs: number): QuantizedTensor {
  const scales = new Float32Array(outputs)
  const data = new Uint8Array(weight.length)
  for (let row = 0; row < outputs; row++) {
    const start = row * inputs
    let largest = 0
    for (let column = 0; column < inputs; column++) largest = Math.max(largest, Math.abs(weight[start + column]!))
    const scale = scaleOf(largest)
    scales[row] = scale
    for (let column = 0; column < inputs; column++) {
      data[column * outputs + row] = Math.round(weight[start + column]! / scale) + ZERO_POINT
    }
  }
  return { kind: 'quantized', shape: [inputs, outputs], data, scales }
}

/** An embedding table [rows, width] → bytes of the same layout, a scale a row. */
export function quantizeTable(table: Float32Array, rows: number, width: number): QuantizedTensor {
  const scales = new Float32Array(rows)
  const data = new Uint8Array(table.length)
  for (let row = 0; row < rows; row++) {
    const start = row * width
    let largest = 0
    for (let column = 0; column < width; column++) largest = Math.max(largest, Math.abs(table[start + column]!))
    const scale = scaleOf(largest)
    scales[row] = scale
    for (let column = 0; column < width; column++)
      data[start + column] = Math.round(table[start + column]! / scale) + ZERO_POINT
  }
  return { kind: 'quantized', shape: [rows, width], data, scales }
}

/** Unsigned bytes as signed ones of the same values, or back: uint8 = int8 + 128, a flip of the highest bit. */
export function flipSign(bytes: Uint8Array): Uint8Array {
  const flipped = new Uint8Array(bytes.length)
  for (let index = 0; index < bytes.length; index++) flipped[index] = bytes[index]! ^ ZERO_POINT
  return flipped
}
