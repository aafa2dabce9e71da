// Labelled text in, weights out: what the other rooms may use.

export * from './data/index.ts'
export * from './encoders/index.ts'
export * from './errors.ts'
export * from './evaluate/index.ts'
export * from './export/index.ts'
export * from './serving/index.ts'
export * from './text/index.ts'
export * from './tokenization/index.ts'
export * from './trainer/index.ts'
export * from './training/index.ts'
export * from './weights/index.ts'
