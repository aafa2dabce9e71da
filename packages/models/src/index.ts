// Model folders: manifest, hashes, card, references.
export * from './errors.ts'
export {
  EXPORT_KINDS,
  type ExportKind,
  type ExportOptions,
  type ExportReport,
  exportModelFolder,
} from './export-model-folder.ts'
export { chooseModelFile } from './loader-files.ts'
export {
  type BaseModel,
  type ClassMetrics,
  type CurvePoint,
  type FileRecord,
  type MachineRecord,
  type ManifestEvaluation,
  type MetricValue,
  type ModelManifest,
  parseManifest,
  readTraining,
  type TemperatureRecord,
  type TrainingDataSet,
  type TrainingRecord,
} from './manifest.ts'
export { type ModelFolder, type OpenModelOptions, openModelFolder } from './open-model-folder.ts'
export { recordEvaluation } from './record-evaluation.ts'
export { renderModelCard } from './render-model-card.ts'
export {
  defaultModelFolder,
  type KnownModel,
  listModels,
  locateModel,
  type ResolveOptions,
  resolveModel,
} from './resolve-model.ts'
export type {
  CalibrationFigures,
  FinishedModel,
  FinishOptions,
  LabelledSplit,
  LogRow,
  Mistake,
  SplitEvaluation,
  TrainingLineage,
} from './trained/finish-types.ts'
