// Matches the weights that a model needs with those that a checkpoint has.
import { MlError } from '../errors.ts'
import type { TensorEntry, WeightSource } from './weight-source.ts'

export interface RequiredWeight {
  readonly name: string
  readonly shape: readonly number[]
}

/** The required weights, by the names that the model knows them by. */
export interface RequiredWeights {
  /** The checkpoint's name for a required weight. */
  sourceName(name: string): string
  read(name: string): Promise<Float32Array>
}

/**
 * Checks that the source has every required weight in its shape, before any is read. What else the source has
 * (`position_ids`, an unused pooler) is ignored. Known older names are found too: `LayerNorm.gamma` and `.beta`, a bare
 * encoder without its `bert.` or `roberta.`, a `module.` before everything (DataParallel). Throws one MlError that lists
 * all that is missing or misshaped: WEIGHTS_MISSING if anything is missing, otherwise WEIGHTS_INVALID.
 */
export function requireWeights(source: WeightSource, required: readonly RequiredWeight[]): RequiredWeights {
  const available = new Map(source.list().map((entry) => [entry.name, entry]))
  const found = new Map<string, TensorEntry>()
  const missing: string[] = []
  const misshaped: string[] = []
  for (const { name, shape } of required) {
    const entry = findEntry(name, available)
    if (!entry) missing.push(`${name} [${shape.join(', ')}]`)
    else if (!isSameShape(entry.shape, shape)) misshaped.push(describeMismatch(name, shape, entry))
    else found.set(name, entry)
  }
  if (missing.length > 0 || misshaped.length > 0) throw mismatch(missing, misshaped)
  const sourceName = (name: string): string => {
    const entry = found.get(name)
    if (entry) return entry.name
    throw new MlError('WEIGHTS_MISSING', `${name} was not among the required weights`)
  }
  return { sourceName, read: async (name) => source.read(sourceName(name)) }
}

function findEntry(name: string, available: ReadonlyMap<string, TensorEntry>): TensorEntry | undefined {
  const bare = name.replace(/^(?:bert|roberta)\./, '')
  for (const candidate of [name, bare, `module.${name}`]) {
    const entry = available.get(candidate) ?? available.get(oldName(candidate))
    if (entry) return entry
  }
  return undefined
}

/** TensorFlow's names of a layer norm's scale and shift, which the first BERT checkpoints kept. */
function oldName(name: string): string {
  return name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta')
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis])
}

function describeMismatch(name: string, shape: readonly number[], entry: TensorEntry): string {
  return `${name}: expected [${shape.join(', ')}], got [${entry.shape.join(', ')}]`
}

function mismatch(missing: readonly string[], misshaped: readonly string[]): MlError {
  const parts = [
    missing.length > 0 ? `missing: ${missing.join(', ')}` : '',
    misshaped.length > 0 ? `misshaped: ${misshaped.join('; ')}` : '',
  ]
  return new MlError(
    missing.length > 0 ? 'WEIGHTS_MISSING' : 'WEIGHTS_INVALID',
    `The weights do not fit the model; ${parts.filter((part) => part !== '').join('; ')}`,
  )
}
