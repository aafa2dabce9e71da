// POST /predict and POST /predict/batch: texts in, sentiments out. The hot path: nothing here that each text need not have.
import {
  API_ERROR_CODES,
  type ApiErrorCode,
  type BatchRequest,
  BatchRequestSchema,
  type BatchResponse,
  BatchResponseSchema,
  type BatchResult,
  type ItemError,
  reference,
  type SentimentRequest,
  SentimentRequestSchema,
  type SentimentResponse,
  SentimentResponseSchema,
} from '@renown/contract'
import { type Classification, type ClassifyOptions, isRefusal, type Refusal } from '@renown/reputation'
import type { preValidationHookHandler } from 'fastify'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { bodyDeadline } from '../http/body-deadline.ts'
import { clientGone } from '../http/client-gone.ts'
import { answer, bodyProblems, needs } from '../http/routes.ts'

/** A batch of more texts waits behind requests, as files do. */
const MOST_INTERACTIVE = 16
const ENGINE_PROBLEMS = ['OVERLOADED', 'PREDICTION_FAILED', 'MODEL_NOT_READY'] as const

export function registerPredict(app: App, context: Context): void {
  registerSingle(app, context)
  registerBatch(app, context)
}

function registerSingle(app: App, context: Context): void {
  const { config, serving, predictionMetrics, tracing } = context
  const schema = {
    operationId: 'predict',
    summary: 'Classify one text',
    tags: ['Sentiment'],
    body: reference(SentimentRequestSchema),
    // A compiled serialiser pays here, where there is one small answer after the other.
    response: { 200: reference(SentimentResponseSchema) },
    'x-responses': {
      200: answer(SentimentResponseSchema, 'The sentiment of the text.'),
      ...bodyProblems('TEXT_EMPTY', 'TEXT_TOO_LONG', 'TEXT_UNREADABLE', ...ENGINE_PROBLEMS),
    },
  }
  const options = {
    schema,
    config: needs('read'),
    onRequest: bodyDeadline(config.requestDeadline),
    preValidation: shed(context),
  }
  app.post<{ Body: SentimentRequest }>('/predict', options, async (request, reply) => {
    requireReady(context)
    const refusal = checkText(request.body.text, config.textLimit)
    if (refusal !== null) throw new ApiError(refusal.code, { detail: refusal.detail })
    const [outcome] = await serving.engine.classify([request.body.text.toWellFormed()], {
      signal: clientGone(reply),
      deadlineMs: config.requestDeadline,
      mark: tracing?.markOf(request),
    })
    if (outcome === undefined) throw new ApiError('INTERNAL')
    if (isRefusal(outcome)) throw new ApiError(refusalCode(outcome), { detail: refusalDetail(outcome) })
    predictionMetrics.predicted(outcome)
    return toResponse(outcome)
  })
}

function registerBatch(app: App, context: Context): void {
  const { config } = context
  const schema = {
    operationId: 'predictBatch',
    summary: 'Classify several texts',
    description: 'One result for each text, in the same order; a text that is refused does not fail the others.',
    tags: ['Sentiment'],
    body: reference(BatchRequestSchema),
    'x-responses': {
      200: answer(BatchResponseSchema, 'One result for each text.'),
      ...bodyProblems('BATCH_TOO_LARGE', ...ENGINE_PROBLEMS),
    },
  }
  const options = { schema, config: needs('read'), handlerTimeout: config.requestDeadline }
  app.post<{ Body: BatchRequest }>('/predict/batch', options, async (request, reply) => {
    requireReady(context)
    const { texts } = request.body
    if (texts.length > config.batchLimit) {
      throw new ApiError('BATCH_TOO_LARGE', {
        detail: `texts: expected at most ${config.batchLimit}, got ${texts.length}.`,
      })
    }
    return await classifyBatch(texts, { signal: clientGone(reply), mark: context.tracing?.markOf(request) }, context)
  })
}

async function classifyBatch(
  texts: readonly string[],
  caller: Pick<ClassifyOptions, 'signal' | 'mark'>,
  context: Context,
): Promise<BatchResponse> {
  const { config, predictionMetrics } = context
  const { engine } = context.serving
  const refusals = texts.map((text) => checkText(text, config.textLimit))
  const accepted = texts.filter((_, i) => refusals[i] === null).map((text) => text.toWellFormed())
  const outcomes = await engine.classify(accepted, {
    priority: texts.length > MOST_INTERACTIVE ? 'bulk' : 'interactive',
    whenFull: 'refuse',
    ...caller,
    deadlineMs: config.requestDeadline,
  })
  let next = 0
  const results = refusals.map((refusal): BatchResult => {
    if (refusal !== null) return { error: refusal }
    const outcome = outcomes[next++]
    if (outcome === undefined) throw new Error('expected one outcome for each text')
    if (isRefusal(outcome)) return toItemError(outcome)
    predictionMetrics.predicted(outcome)
    return toResponse(outcome)
  })
  return { model: engine.model().version, results }
}

/** Turns a request away before its text is looked at: where the queue is full, the cheapest refusal is the best. */
function shed({ serving }: Context): preValidationHookHandler {
  return (_request, _reply, done) => {
    const retryAfterSeconds = serving.engine.overloaded()
    if (retryAfterSeconds === null) return done()
    done(new ApiError('OVERLOADED', { detail: API_ERROR_CODES.OVERLOADED.explanation, retryAfterSeconds }))
  }
}

function requireReady({ serving }: Context): void {
  const { ready, reason } = serving.engine.health()
  if (!ready)
    throw new ApiError('MODEL_NOT_READY', { retryAfterSeconds: 5, ...(reason === null ? {} : { detail: reason }) })
}

interface TextRefusal {
  readonly code: ApiErrorCode
  readonly detail: string
}

function checkText(text: string, limit: number): TextRefusal | null {
  if (text.length > limit) {
    return { code: 'TEXT_TOO_LONG', detail: `Expected at most ${limit} characters, got ${text.length}.` }
  }
  return /\S/.test(text)
    ? null
    : { code: 'TEXT_EMPTY', detail: 'Expected at least one character that is not white space.' }
}

function toResponse({ label, score, scores, model, windows }: Classification): SentimentResponse {
  return { label, score, scores, model, windows }
}

const REFUSALS: Readonly<Record<string, ApiErrorCode>> = {
  TEXT_TOO_LONG: 'TEXT_TOO_LONG',
  TEXT_UNREADABLE: 'TEXT_UNREADABLE',
  WORKER_FAILED: 'PREDICTION_FAILED',
}

function refusalCode({ error }: Refusal): ApiErrorCode {
  return REFUSALS[error.code] ?? 'PREDICTION_FAILED'
}

function refusalDetail({ error }: Refusal): string {
  return error.message
}

function toItemError(refusal: Refusal): ItemError {
  return { error: { code: refusalCode(refusal), detail: refusalDetail(refusal) } }
}
