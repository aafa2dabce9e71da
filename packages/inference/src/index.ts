// Texts in, sentiments out, from sessions in worker threads: the engine's public names.
export type { CacheStats } from './answer-cache.ts'
export type { CloseOptions, Engine, EngineHealth, EngineStats, SwapOptions } from './engine.ts'
export {
  ENGINE_ERROR_CODES,
  EngineError,
  type EngineErrorCode,
  type EngineErrorOptions,
  REFUSAL_CODES,
  type RefusalCode,
} from './errors.ts'
export type { BatchReport, EngineObserver, RejectionReason } from './observer.ts'
export type { EngineOptions } from './options.ts'
export type { ServedModel } from './served-model.ts'
export { startEngine } from './start-engine.ts'
