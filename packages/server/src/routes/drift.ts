// /api/v1/drift: the verdict and the accuracy of the model, the texts to label, and the labels.
import {
  type Drift,
  DriftSchema,
  type LabelMix,
  type LabelRequest,
  LabelRequestSchema,
  reference,
  type TextsToLabel,
  TextsToLabelSchema,
} from '@renown/contract'
import { type MixChange, SENTIMENTS, type Sentiment } from '@renown/reputation'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import type { DriftState } from '../drift/drift-report.ts'
import { ApiError } from '../errors.ts'
import { answer, bodyProblems, needs, noContent, problems } from '../http/routes.ts'

const PATH = '/api/v1/drift'
const TAGS = ['Model']
const TEXTS_AT_ONCE = 10

export function registerDrift(app: App, context: Context): void {
  registerReport(app, context)
  registerTexts(app, context)
  registerLabels(app, context)
}

function registerReport(app: App, { drift, serving }: Context): void {
  const schema = {
    operationId: 'getDrift',
    summary: 'Whether the world or the reputation changed, and how good the model is today',
    tags: TAGS,
    'x-responses': { 200: answer(DriftSchema, 'What the posts of late say.'), ...problems('MODEL_NOT_READY') },
  }
  app.get(PATH, { schema, config: needs('read') }, async (): Promise<Drift> => {
    const state = await drift.report()
    return state === null ? unwatched(serving.engine.model().version) : describeDrift(state)
  })
}

function registerTexts(app: App, { drift }: Context): void {
  const schema = {
    operationId: 'getTextsToLabel',
    summary: 'Recent texts for people to label',
    description:
      'Drawn by stratum, without what the model said of them. None unless the settings allow that texts are kept.',
    tags: TAGS,
    'x-responses': { 200: answer(TextsToLabelSchema, 'Texts without a label.'), ...problems() },
  }
  app.get(`${PATH}/texts`, { schema, config: needs('write') }, async (): Promise<TextsToLabel> => {
    const { texts, waiting } = await drift.nextTexts(TEXTS_AT_ONCE)
    return { texts: texts.map(({ id, text }) => ({ id, text })), waiting }
  })
}

function registerLabels(app: App, { drift, config }: Context): void {
  const schema = {
    operationId: 'labelText',
    summary: 'Label a recent text',
    description: 'The text is removed; whether the model was right about it is kept.',
    tags: TAGS,
    body: reference(LabelRequestSchema),
    'x-responses': { 204: noContent('The label is kept.'), ...bodyProblems('TEXT_NOT_FOUND') },
  }
  const options = { schema, config: needs('write'), handlerTimeout: config.requestDeadline }
  app.post<{ Body: LabelRequest }>(`${PATH}/labels`, options, async (request, reply) => {
    const { id, label } = request.body
    if (!(await drift.label(id, label === 'unsure' ? null : label))) throw new ApiError('TEXT_NOT_FOUND')
    return await reply.code(204).send()
  })
}

function describeDrift(state: DriftState): Drift {
  const { reference: facts, verdict } = state
  return {
    model: state.version,
    watched: true,
    reference: { data_set: facts.dataSet, split: facts.split, posts: facts.posts, accuracy: facts.accuracy },
    from: state.from.toISOString(),
    to: state.to.toISOString(),
    posts: verdict.posts,
    verdict: verdict.verdict,
    severity: verdict.severity,
    recent: state.recent,
    findings: verdict.findings.map(({ feature, effect, limit, adjustedP, severity }) => ({
      feature,
      effect,
      limit,
      p: adjustedP,
      severity,
    })),
    mix: verdict.mix === null ? null : describeMix(verdict.mix),
    estimated_accuracy: state.estimated,
    sampled_accuracy: state.sampled,
    labelled: state.labelled,
    waiting: state.waiting,
    keeps_texts: state.keepsTexts,
    retraining: [...state.suggestion],
  }
}

function unwatched(model: string): Drift {
  return {
    model,
    watched: false,
    reference: null,
    from: null,
    to: null,
    posts: 0,
    verdict: 'too_few',
    severity: 'none',
    recent: null,
    findings: [],
    mix: null,
    estimated_accuracy: null,
    sampled_accuracy: null,
    labelled: 0,
    waiting: 0,
    keeps_texts: false,
    retraining: [],
  }
}

function describeMix({ before, now, corrected, distance, changed, comparedWith }: MixChange): LabelMix {
  return {
    before: bySentiment(before),
    now: bySentiment(now),
    corrected: bySentiment(corrected),
    distance,
    changed,
    compared_with: comparedWith,
  }
}

function bySentiment(shares: readonly number[]): Record<Sentiment, number> {
  return Object.fromEntries(SENTIMENTS.map((label, at) => [label, shares[at] ?? 0])) as Record<Sentiment, number>
}
