// Every named schema, as OpenAPI lists them.
import { BatchRequestSchema, BatchResponseSchema, ItemErrorSchema } from './batch.ts'
import { HealthSchema, ModelEvaluationSchema, ModelSchema } from './model.ts'
import { PostPageSchema, ScoredPostSchema } from './post.ts'
import { ProblemSchema } from './problem.ts'
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
