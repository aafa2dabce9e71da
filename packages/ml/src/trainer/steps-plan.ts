// How many updates a run has.

export interface StepsPlan {
  readonly examples: number
  /** Real tokens of all texts. */
  readonly tokens: number
  /** Batches and updates of the first epoch. */
  readonly batchesPerEpoch: number
  readonly updatesPerEpoch: number
  /** Updates of the run. */
  readonly total: number
  /** Epochs that the run begins. */
  readonly epochs: number
  readonly warmupSteps: number
  /** Updates between log rows, evaluations, checkpoints; null where the strategy doesn't count updates. */
  readonly loggingSteps: number | null
  readonly evalSteps: number | null
  readonly saveSteps: number | null
}
