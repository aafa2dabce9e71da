// PyTorch's AdamW in plain 32-bit arithmetic, an element at a time: the oracle of the tests.
const f = Math.fround

export interface ReferenceState {
  readonly values: Float32Array
  readonly means: Float32Array
  readonly squares: Float32Array
  step: number
}

export interface ReferenceRates {
  readonly betas: readonly [number, number]
  readonly epsilon: number
  readonly learningRate: number
  readonly weightDecay: number
}

export function startReference(values: Float32Array): ReferenceState {
  const zeros = (): Float32Array => new Float32Array(values.length)
  return { values: values.slice(), means: zeros(), squares: zeros(), step: 0 }
}

/** torch/optim/adam.py, `_single_tensor_adam`: scalars in 64 bits until they meet a tensor. */
export function stepReference(state: ReferenceState, gradients: Float32Array, rates: ReferenceRates): void {
  const { values, means, squares } = state
  const [beta1, beta2] = rates.betas
  state.step++
  const stepSize = rates.learningRate / (1 - beta1 ** state.step)
  const correction = (1 - beta2 ** state.step) ** 0.5
  for (const [i, g] of gradients.entries()) {
    const p = f(values[i]! * f(1 - rates.learningRate * rates.weightDecay))
    const m = f(means[i]! + f(f(1 - beta1) * f(g - means[i]!)))
    const s = f(f(squares[i]! * f(beta2)) + f(f(f(1 - beta2) * g) * g))
    const denominator = f(f(f(Math.sqrt(s)) / f(correction)) + f(rates.epsilon))
    values[i] = f(p + f(f(f(-stepSize) * m) / denominator))
    means[i] = m
    squares[i] = s
  }
}
