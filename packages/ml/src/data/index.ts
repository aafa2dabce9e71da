// Labelled texts before training: their order, splits, duplicates and what is wrong with them.
export type { NearOptions } from './compare-texts.ts'
export { type Duplicates, findDuplicates, type RowGroups } from './find-duplicates.ts'
export { dropLeaks, findLeaks, type Leak, type Leaks } from './find-leaks.ts'
export { shuffledIndices } from './shuffled-indices.ts'
