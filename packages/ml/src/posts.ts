// From a post to token ids, and from logits to probabilities: what a process reads that scores posts and trains nothing.
export * from './errors.ts'
export { silenceRuntime } from './runtime-telemetry.ts'
export { combineWindows, softmax } from './serving/probabilities.ts'
export * from './text/index.ts'
export * from './tokenization/index.ts'
