// What other rooms may use of the registry.
export type { AddedVersion } from './add-version.ts'
export type { Evidence, RegistryEvent, Signature } from './events.ts'
export { findBest } from './find-best.ts'
export { type EvidenceDocument, judgePromotion, type PromotionWish, toEvidence } from './judge-promotion.ts'
export { PRUNE_RULE, type PruneRule } from './plan-prune.ts'
export type { PruneReport } from './prune-registry.ts'
export { CHAMPION, checkAlias, isAliasName, isVersion } from './references.ts'
export {
  type AliasMove,
  type CurrentVersion,
  openRegistry,
  type Registry,
  type RegistryOptions,
  type RegistryVersion,
  type SignedMove,
} from './registry.ts'
export { isVersionFolder } from './registry-paths.ts'
export type { ServedPeriod } from './served-periods.ts'
export type { RegistryVerification } from './verify-registry.ts'
