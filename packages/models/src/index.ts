// Model folders: manifest, hashes, card, references.
export * from './errors.ts'
export { chooseModelFile } from './loader-files.ts'
export {
  type BaseModel,
  type ClassMetrics,
  type FileRecord,
  type ManifestEvaluation,
  type MetricValue,
  type ModelManifest,
  parseManifest,
  readTraining,
  type TrainingDataSet,
  type TrainingRecord,
} from './manifest.ts'
export { type ModelFolder, type OpenModelOptions, openModelFolder } from './open-model-folder.ts'
export { renderModelCard } from './render-model-card.ts'
export {
  defaultModelFolder,
  type KnownModel,
  listModels,
  locateModel,
  type ResolveOptions,
  resolveModel,
} from './resolve-model.ts'
