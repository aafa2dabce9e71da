// The training step outside the graph: where parameters live, how they are updated, what dropout drops.
export { type AdamW, createAdamW, type ParameterGroup } from './adamw.ts'
export { decayGroups } from './decay-groups.ts'
export { createParameterStore, type ParameterStore } from './parameter-store.ts'
export { createScratch, type Scratch } from './scratch.ts'
