// What is known of the model that answers.
export interface ServedModel {
  readonly name: string
  readonly version: string
  readonly hash: string
  /** In the order of the logits, as the model names them. */
  readonly labels: readonly string[]
  /** How the weights are held in the session: `int8`, `uint8`, `float32`, or `foreign` for a file that isn't ours. */
  readonly encoding: string
  /** Most tokens of one window, special tokens included. */
  readonly window: number
  readonly temperature: number
  readonly loadedAt: Date
  /** The model file inside the folder. */
  readonly file: string
}
