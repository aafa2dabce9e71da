// A text as the trainer sees it.

export interface TrainingExample {
  /** Token ids, special tokens included, already cut to the length allowed. */
  readonly ids: Int32Array
  /** Index into the labels; -1: the text has none and is learnt from its teacher alone. */
  readonly label: number
  /** The teacher's probabilities [labels], at temperature 1. */
  readonly soft?: readonly number[]
  /** Row number in the data, for messages. */
  readonly row: number
}
