// The training step outside the graph: where parameters live, how they are updated, what dropout drops.
export { type AdamW, type AdamWOptions, createAdamW, type ParameterGroup, type StepOptions } from './adamw.ts'
export { decayGroups } from './decay-groups.ts'
export { createParameterStore, type ParameterStore, type ParameterStoreOptions } from './parameter-store.ts'
export type { ParameterKind, ParameterSpec } from './plan-memories.ts'
export { createScratch, type MaskKey, type Scratch } from './scratch.ts'
