// Model folders: manifest, hashes, card, references.
export { compareAnswers, findAnswers } from './answers/compare-answers.ts'
export * from './errors.ts'
export { evaluatePosts, type PostEvaluation, postProbabilities } from './evaluation/evaluate-posts.ts'
export {
  openPostScorer,
  type PostLogits,
  type PostScorer,
  type ScoredFolder,
  scorePosts,
} from './evaluation/score-posts.ts'
export { type MeasuredFile, toRecord } from './evaluation/to-record.ts'
export { type ExportOptions, type ExportReport, exportModelFolder } from './export-model-folder.ts'
export { checkOwnReport } from './gate/check-own-report.ts'
export type { Answers } from './gate/evidence.ts'
export { type GateCounter, openGateCounter } from './gate/gate-counts.ts'
export type {
  GateModel,
  GatePosts,
  GateReport,
  GateRequest,
  GateRule,
  GateVerdict,
  ReferenceRole,
} from './gate/gate-types.ts'
export { judgeAnswers, verdictOf } from './gate/judge.ts'
export { GATE_POLICY, type GatePolicy, readGatePolicy } from './gate/policy.ts'
export { renderGateMarkdown } from './gate/render-gate-markdown.ts'
export { runGate } from './gate/run-gate.ts'
export { findSlices } from './gate/slices.ts'
export { renderGateJson, writeGateReport } from './gate/write-gate-report.ts'
export { readNotedFeatures } from './hub/data-sets/find-columns.ts'
export {
  type HubDataSet,
  type HubDataSetOptions,
  type HubSplit,
  openHubDataSet,
} from './hub/data-sets/open-hub-data-set.ts'
export { findBestPublished } from './hub/find-best-published.ts'
export { type FollowedBranch, followHub } from './hub/follow-hub.ts'
export { createHubClient, type HubClient, type HubOptions } from './hub/hub-client.ts'
export type { ChangeKind, PublishChange } from './hub/publish/plan-changes.ts'
export {
  checkPublishing,
  type Publication,
  type PublishOptions,
  type PublishPlace,
  publishModel,
} from './hub/publish/publish-model.ts'
export type { HubProgress } from './hub/snapshot.ts'
export { chooseModelFile, TOKENIZER_FILES } from './loader-files.ts'
export {
  type BaseModel,
  type ClassMetrics,
  type CurvePoint,
  type FileRecord,
  MANIFEST_FILE,
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
export { type HubOrigin, type ModelFolder, type OpenModelOptions, openModelFolder } from './open-model-folder.ts'
export { type EvaluationPair, pairEvaluations } from './pair-evaluations.ts'
export { makeProfile, observePosts, openTokenCounter, type ProfiledPosts } from './profile/make-profile.ts'
export { hasShape, type ProfileSource, readProfile, type StoredProfile } from './profile/profile-file.ts'
export { recordEvaluation } from './record-evaluation.ts'
export * from './registry/index.ts'
export { renderModelCard } from './render-model-card.ts'
export { renderTrainingReport } from './report/render-training-report.ts'
export type { Comparison, ReportTable, TrainingReportData } from './report/report-data.ts'
export { writeTrainingReport } from './report/write-training-report.ts'
export {
  defaultModelFolder,
  type KnownModel,
  listModels,
  locateModel,
  type ResolveOptions,
  resolveModel,
} from './resolve-model.ts'
export { createSigningKeys, readPublicKey } from './signature/keys.ts'
export { checkSignature, signModel } from './signature/sign-model.ts'
export { type BaseDescription, describeBase } from './trained/describe-base.ts'
export { finishTrainedModel } from './trained/finish-trained-model.ts'
export type {
  CalibrationFigures,
  FinishedModel,
  FinishOptions,
  LabelledSplit,
  LogHistoryRow,
  Mistake,
  SplitEvaluation,
  TrainingLineage,
} from './trained/finish-types.ts'
export { EXPORT_KINDS, type ExportKind } from './write-model-files.ts'
export { writeWholeFolder } from './write-whole-folder.ts'
