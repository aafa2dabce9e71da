// Labelled texts before training: their order, splits, duplicates and what is wrong with them.
export { shuffledIndices } from './shuffled-indices.ts'
