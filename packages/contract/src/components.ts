// Every named schema, as OpenAPI lists them.
import { BatchRequestSchema, BatchResponseSchema, ItemErrorSchema } from './batch.ts'
import {
  AllowRequestSchema,
  ChallengerSchema,
  DeploymentRollbackRequestSchema,
  DeploymentSchema,
  ServedVersionSchema,
} from './deployment.ts'
import { AccuracyEstimateSchema, DriftSchema, LabelMixSchema, LabelRequestSchema, TextsToLabelSchema } from './drift.ts'
import { GateReportSchema, GateSummarySchema } from './gate.ts'
import { HealthSchema, ModelEvaluationSchema, ModelSchema } from './model.ts'
import { PostPageSchema, ScoredPostSchema } from './post.ts'
import { ProblemSchema } from './problem.ts'
import {
  AliasHistorySchema,
  AliasMoveSchema,
  EvaluationPairSchema,
  RegistryAliasSchema,
  RegistryComparisonSchema,
  RegistryEventsSchema,
  RegistrySchema,
  RegistryVersionDetailsSchema,
  RegistryVersionSchema,
  ServedPeriodSchema,
} from './registry.ts'
import {
  AddVersionRequestSchema,
  PromoteRequestSchema,
  PruneRequestSchema,
  PruneResultSchema,
  RollbackRequestSchema,
} from './registry-requests.ts'
import { RegistryTaskSchema } from './registry-task.ts'
import type { Component } from './schema.ts'
import {
  ColumnGuessSchema,
  ColumnMappingSchema,
  ScoringFileSchema,
  ScoringListSchema,
  ScoringProgressSchema,
  ScoringSchema,
  StartRequestSchema,
} from './scoring.ts'
import { SentimentRequestSchema, SentimentResponseSchema, SentimentScoresSchema } from './sentiment.ts'
import { SessionRequestSchema, SessionSchema } from './session.ts'
import {
  BucketNetSchema,
  ChangeSchema,
  NetSentimentSchema,
  PeriodSchema,
  ScoringSummarySchema,
  SentimentShareSchema,
  StandoutSchema,
  TimelineSchema,
} from './summary.ts'

export const COMPONENTS: readonly Component<unknown>[] = [
  SentimentScoresSchema,
  SentimentRequestSchema,
  SentimentResponseSchema,
  BatchRequestSchema,
  ItemErrorSchema,
  BatchResponseSchema,
  ProblemSchema,
  HealthSchema,
  ModelEvaluationSchema,
  ModelSchema,
  GateSummarySchema,
  GateReportSchema,
  RegistryTaskSchema,
  RegistryVersionSchema,
  RegistryVersionDetailsSchema,
  ServedPeriodSchema,
  RegistryAliasSchema,
  RegistrySchema,
  AliasHistorySchema,
  AliasMoveSchema,
  EvaluationPairSchema,
  RegistryComparisonSchema,
  RegistryEventsSchema,
  PromoteRequestSchema,
  RollbackRequestSchema,
  AddVersionRequestSchema,
  PruneRequestSchema,
  PruneResultSchema,
  ServedVersionSchema,
  ChallengerSchema,
  DeploymentSchema,
  DeploymentRollbackRequestSchema,
  AllowRequestSchema,
  AccuracyEstimateSchema,
  LabelMixSchema,
  DriftSchema,
  TextsToLabelSchema,
  LabelRequestSchema,
  ScoredPostSchema,
  PostPageSchema,
  SentimentShareSchema,
  NetSentimentSchema,
  BucketNetSchema,
  TimelineSchema,
  PeriodSchema,
  ChangeSchema,
  StandoutSchema,
  ScoringSummarySchema,
  ColumnGuessSchema,
  ColumnMappingSchema,
  ScoringFileSchema,
  ScoringProgressSchema,
  ScoringSchema,
  ScoringListSchema,
  StartRequestSchema,
  SessionRequestSchema,
  SessionSchema,
]
