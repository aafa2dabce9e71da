// Model folders and the registry as a process sees them that serves models and makes none: it reads half of this room.
export { compareAnswers, findAnswers } from './answers/compare-answers.ts'
export * from './errors.ts'
export { type GateCounter, openGateCounter } from './gate/gate-counts.ts'
export type { GateVerdict } from './gate/gate-types.ts'
export { type FollowedBranch, followHub } from './hub/follow-hub.ts'
export { createHubClient, type HubClient, type HubOptions } from './hub/hub-client.ts'
export type { HubProgress } from './hub/snapshot.ts'
export { chooseModelFile, TOKENIZER_FILES } from './loader-files.ts'
export {
  type FileRecord,
  MANIFEST_FILE,
  type ManifestEvaluation,
  type ModelManifest,
  parseManifest,
} from './manifest.ts'
export { type HubOrigin, type ModelFolder, type OpenModelOptions, openModelFolder } from './open-model-folder.ts'
export { type EvaluationPair, pairEvaluations } from './pair-evaluations.ts'
export { observePosts, openTokenCounter, type ProfiledPosts } from './profile/make-profile.ts'
export { hasShape, type ProfileSource, readProfile, type StoredProfile } from './profile/profile-file.ts'
export * from './registry/index.ts'
export { type KnownModel, listModels, resolveModel } from './resolve-model.ts'
export { checkSignature } from './signature/sign-model.ts'
