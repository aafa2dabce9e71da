// Labelled text in, weights out: what the other rooms may use.
export * from './errors.ts'
export * from './text/index.ts'
export * from './tokenization/index.ts'
export * from './weights/index.ts'
export * from './evaluate/index.ts'
