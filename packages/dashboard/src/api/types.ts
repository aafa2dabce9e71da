// The payloads this page reads and writes: the contract's types and nothing of its code.
import type { Sentiment } from '@renown/contract'

export type {
  AliasHistory,
  Challenger,
  Change,
  ClassMetrics,
  ColumnMapping,
  Deployment,
  EvaluationPair,
  GateSummary,
  Metric,
  Model,
  ModelEvaluation,
  PostOrder,
  PostPage,
  RefusedVersion,
  Registry,
  RegistryAlias,
  RegistryComparison,
  RegistryTask,
  RegistryVersion,
  RegistryVersionDetails,
  ScoredPost,
  Scoring,
  ScoringEvent,
  ScoringList,
  ScoringSummary,
  Sentiment,
  SentimentResponse,
  SentimentScores,
  SentimentSplit,
  ServedPeriod,
  ServedVersion,
  Session,
  Standout,
  Timeline,
  TimelineBucket,
  TimelineUnit,
} from '@renown/contract'

/** In the order in which the page shows them, from left to right. */
export const SENTIMENTS: readonly Sentiment[] = ['negative', 'neutral', 'positive']
