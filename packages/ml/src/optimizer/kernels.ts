// What kernels.wat exports. Offsets and counts are of bytes and of floats.
export interface Kernels {
  /** PyTorch's update of `count` elements; sets their gradients to zero. */
  adamw(
    values: number,
    gradients: number,
    means: number,
    squares: number,
    count: number,
    clip: number,
    decay: number,
    meanRate: number,
    squareDecay: number,
    squareRate: number,
    minusStepSize: number,
    correction: number,
    epsilon: number,
  ): void
  sumOfSquares(at: number, count: number): number
  add(target: number, source: number, count: number): void
  /** Multiplies each element by all factors, one after the other. */
  multiplyBySeries(at: number, count: number, factors: number, factorCount: number): void
}
