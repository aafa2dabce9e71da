// First weights of parameters that the base doesn't have: a head for other labels, a pooler.
import type { Parameter } from '../encoders/index.ts'
import { createRandomIndex } from '../evaluate/random.ts'

/** Standard normal numbers (Box & Muller 1958). */
function createNormal(seed: number): () => number {
  const random = createRandomIndex(seed)
  const uniform = (): number => (random(2 ** 32) + 0.5) / 2 ** 32
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}

/** A number from a name, so that each parameter has numbers of its own (FNV-1a). */
function hashName(name: string): number {
  return [...name].reduce((hash, character) => Math.imul(hash ^ character.charCodeAt(0), 0x01000193), 0x811c9dc5)
}

/**
 * As transformers begins (modeling_roberta.py, `_init_weights`): weights from a normal distribution with a deviation of
 * `range` (config.json's initializer_range), biases zero.
 */
export function newParameter(parameter: Parameter, range: number, seed: number): Float32Array {
  const data = new Float32Array(parameter.shape.reduce((total, size) => total * size, 1))
  if (parameter.shape.length === 1) return data
  const normal = createNormal(seed ^ hashName(parameter.name))
  return data.map(() => range * normal())
}
