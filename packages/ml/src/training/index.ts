// Training of one model: gradients by the graph, updates by AdamW.
export { type ClassifierConfig, type DropoutOverrides, readClassifierConfig } from './base-config.ts'
export { createTrainableModel } from './create-trainable-model.ts'
export { trainedParameters } from './parameter-groups.ts'
export * from './trainable-model.ts'
