// /api/v1/scorings: list, look at, start, cancel, remove, and the posts behind a number.
import {
  type PostPage,
  PostPageSchema,
  type PostQuery,
  PostQuerySchema,
  reference,
  type Scoring,
  type ScoringList,
  ScoringListSchema,
  ScoringSchema,
  type StartRequest,
  StartRequestSchema,
} from '@renown/contract'
import { type TObject, type TString, Type } from 'typebox'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { answer, bodyProblems, needs, noContent, problems } from '../http/routes.ts'
import { findPosts } from '../scorings/find-posts.ts'

export const SCORINGS = '/api/v1/scorings'
export const SCORING_TAGS: string[] = ['Scorings']

export const ScoringParams: TObject<{ id: TString }> = Type.Object({
  id: Type.String({ maxLength: 64, description: 'The id of the scoring.', examples: ['T8vT0Zt3m2v1oE6a0dXy4Q'] }),
})

export interface ScoringRoute {
  Params: { id: string }
}

export function registerScorings(app: App, context: Context): void {
  registerReading(app, context)
  registerChanging(app, context)
  registerPosts(app, context)
}

function registerReading(app: App, { scorings }: Context): void {
  const list = {
    operationId: 'listScorings',
    summary: 'Every scoring that is kept, newest first',
    tags: SCORING_TAGS,
    'x-responses': { 200: answer(ScoringListSchema, 'Without previews.'), ...problems() },
  }
  app.get(SCORINGS, { schema: list, config: needs('read') }, async (): Promise<ScoringList> => {
    return { scorings: scorings.list().map((job) => job.show({ preview: false })) }
  })

  const one = {
    operationId: 'getScoring',
    summary: 'One scoring',
    tags: SCORING_TAGS,
    params: ScoringParams,
    'x-responses': { 200: answer(ScoringSchema, 'As it stands now.'), ...problems('SCORING_NOT_FOUND') },
  }
  app.get<ScoringRoute>(
    `${SCORINGS}/:id`,
    { schema: one, config: needs('read') },
    async (request): Promise<Scoring> => {
      return scorings.find(request.params.id).show({ preview: true })
    },
  )
}

function registerChanging(app: App, { config, scorings }: Context): void {
  const start = {
    operationId: 'startScoring',
    summary: 'Start a scoring that waits for its columns',
    tags: SCORING_TAGS,
    params: ScoringParams,
    body: reference(StartRequestSchema),
    'x-responses': {
      202: answer(ScoringSchema, 'It is queued.'),
      ...bodyProblems('SCORING_NOT_FOUND', 'SCORING_STATE', 'COLUMN_UNKNOWN'),
    },
  }
  const startOptions = { schema: start, config: needs('write'), handlerTimeout: config.requestDeadline }
  app.post<ScoringRoute & { Body: StartRequest }>(`${SCORINGS}/:id/start`, startOptions, async (request, reply) => {
    const scoring = await scorings.start(request.params.id, request.body.columns)
    return await reply.code(202).send(scoring)
  })

  const cancel = {
    operationId: 'cancelScoring',
    summary: 'Stop a scoring and keep what it has scored',
    tags: SCORING_TAGS,
    params: ScoringParams,
    'x-responses': {
      200: answer(ScoringSchema, 'It is cancelled.'),
      ...problems('SCORING_NOT_FOUND', 'SCORING_STATE', 'ORIGIN_REFUSED'),
    },
  }
  app.post<ScoringRoute>(`${SCORINGS}/:id/cancel`, { schema: cancel, config: needs('write') }, async (request) => {
    return await scorings.cancel(request.params.id)
  })

  const remove = {
    operationId: 'removeScoring',
    summary: 'Stop a scoring where it runs, and remove everything of it',
    tags: SCORING_TAGS,
    params: ScoringParams,
    'x-responses': { 204: noContent('It is gone.'), ...problems('SCORING_NOT_FOUND', 'ORIGIN_REFUSED') },
  }
  app.delete<ScoringRoute>(`${SCORINGS}/:id`, { schema: remove, config: needs('write') }, async (request, reply) => {
    await scorings.remove(request.params.id)
    return await reply.code(204).send()
  })
}

function registerPosts(app: App, { scorings }: Context): void {
  const schema = {
    operationId: 'findPosts',
    summary: 'The posts behind a number',
    tags: SCORING_TAGS,
    params: ScoringParams,
    querystring: PostQuerySchema,
    'x-responses': {
      200: answer(PostPageSchema, 'A page of posts.'),
      ...problems('SCORING_NOT_FOUND', 'VALIDATION_FAILED'),
    },
  }
  const options = { schema, config: needs('read') }
  app.get<ScoringRoute & { Querystring: PostQuery }>(
    `${SCORINGS}/:id/posts`,
    options,
    async (request): Promise<PostPage> => await findPosts(scorings.find(request.params.id), request.query),
  )
}
