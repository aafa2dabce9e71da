// Layers whose weights are fed at every run, with what a backward pass needs: gathered rows, dropout masks.
import { type AttentionSite, composedAttention, type DropoutKind, type Layers } from '../encoders/index.ts'
import { MlError } from '../errors.ts'
import { Graph, type Shape, type Value } from '../graph/index.ts'

/** A mask that is fed: 0 where a value is dropped, 1 / (1 − p) elsewhere. */
export interface MaskInput {
  /** Of the graph's input. */
  readonly name: string
  readonly kind: DropoutKind
  readonly shape: Shape
}

/** Rows of a table that the graph gathered: their gradient is the table's, row by row. */
export interface GatheredRows {
  readonly table: string
  /** Name of the value that says which rows. */
  readonly ids: string
  readonly value: Value
}

export interface TrainingLayersOptions {
  /** Shape of each parameter by name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>
  /** Kinds whose probability is not zero. */
  readonly dropout: ReadonlySet<DropoutKind>
}

export class TrainingLayers implements Layers {
  readonly graph: Graph = new Graph()
  readonly parameters: Map<string, Value> = new Map()
  readonly gathered: GatheredRows[] = []
  readonly masks: MaskInput[] = []
  readonly #options: TrainingLayersOptions

  constructor(options: TrainingLayersOptions) {
    this.#options = options
  }

  linear(x: Value, prefix: string): Value {
    const product = this.graph.add('Linear', [x, this.#parameter(`${prefix}.weight`)])
    return this.graph.add('Add', [product, this.#parameter(`${prefix}.bias`)])
  }

  attention(site: AttentionSite): Value {
    return composedAttention(this, site)
  }

  layerNorm(x: Value, prefix: string, epsilon: number): Value {
    const [weight, bias] = [this.#parameter(`${prefix}.weight`), this.#parameter(`${prefix}.bias`)]
    return this.graph.add('LayerNorm', [x, weight, bias], { epsilon })
  }

  embed(ids: Value, name: string): Value {
    const value = this.graph.add('Gather', [this.#parameter(name), ids], { axis: 0 })
    this.gathered.push({ table: name, ids: ids.name, value })
    return value
  }

  dropout(x: Value, kind: DropoutKind): Value {
    if (!this.#options.dropout.has(kind)) return x
    const mask = this.graph.input(`mask_${this.masks.length}`, 'float32', x.shape)
    this.masks.push({ name: mask.name, kind, shape: x.shape })
    return this.graph.add('Mul', [x, mask])
  }

  #parameter(name: string): Value {
    const known = this.parameters.get(name)
    if (known) return known
    const shape = this.#options.shapes.get(name)
    if (!shape) throw new MlError('WEIGHTS_MISSING', `expected the weight ${name}, got none`)
    const value = this.graph.input(name, 'float32', shape)
    this.parameters.set(name, value)
    return value
  }
}
