// /api/v1/registry: versions, aliases, who moved what, and what was recorded of each. Reading only.
import {
  type AliasHistory,
  AliasHistorySchema,
  REFERENCE_PATTERN,
  type Registry,
  type RegistryComparison,
  RegistryComparisonSchema,
  type RegistryEvents,
  RegistryEventsSchema,
  RegistrySchema,
  type RegistryTask,
  RegistryTaskSchema,
  type RegistryVersionDetails,
  RegistryVersionDetailsSchema,
} from '@renown/contract'
import { pairEvaluations, type RegistryVersion } from '@renown/models/serving'
import { type TObject, type TString, Type } from 'typebox'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { answer, needs, problems } from '../http/routes.ts'
import type { GateSummaries } from '../registry/gate-summaries.ts'
import { readKeptManifest } from '../registry/read-kept.ts'
import { showAliases, showDetails, showEvents, showPair, showPeriod, showVersion } from '../registry/show-registry.ts'

export const REGISTRY = '/api/v1/registry'
export const REGISTRY_TAGS: string[] = ['Registry']

const referenceField = Type.String({
  pattern: REFERENCE_PATTERN,
  description: 'A version, or an alias.',
  examples: ['v4'],
})

export const VersionParams: TObject<{ version: TString }> = Type.Object({ version: referenceField })
export const AliasParams: TObject<{ alias: TString }> = Type.Object({
  alias: Type.String({ pattern: REFERENCE_PATTERN, examples: ['champion'] }),
})

export interface VersionRoute {
  Params: { version: string }
}

export interface AliasRoute {
  Params: { alias: string }
}

export function registerRegistry(app: App, context: Context, gates: GateSummaries): void {
  registerList(app, context, gates)
  registerVersion(app, context, gates)
  registerComparison(app, context)
  registerHistory(app, context)
  registerEvents(app, context)
  registerTask(app, context)
}

function registerList(app: App, { models, registryTasks }: Context, gates: GateSummaries): void {
  const schema = {
    operationId: 'getRegistry',
    summary: 'Every version and alias',
    tags: REGISTRY_TAGS,
    'x-responses': {
      200: answer(RegistrySchema, 'Versions, the newest first; aliases; the latest task.'),
      ...problems('REGISTRY_INVALID', 'REGISTRY_UNUSABLE'),
    },
  }
  app.get(REGISTRY, { schema, config: needs('read') }, async (): Promise<Registry> => {
    const versions = await models.list()
    return {
      versions: await Promise.all(versions.toReversed().map(async (version) => await showVersion(version, gates))),
      aliases: await showAliases(models, versions),
      task: registryTasks.latest(),
    }
  })
}

function registerVersion(app: App, { models }: Context, gates: GateSummaries): void {
  const schema = {
    operationId: 'getVersion',
    summary: 'One version: its manifest, its evaluations, who added it and why',
    tags: REGISTRY_TAGS,
    params: VersionParams,
    'x-responses': {
      200: answer(RegistryVersionDetailsSchema, 'What is known of it.'),
      ...problems('VALIDATION_FAILED', 'VERSION_NOT_FOUND', 'ALIAS_NOT_SET', 'VERSION_PRUNED', 'REGISTRY_INVALID'),
    },
  }
  app.get<VersionRoute>(
    `${REGISTRY}/versions/:version`,
    { schema, config: needs('read') },
    async ({ params }): Promise<RegistryVersionDetails> => await showDetails(await models.show(params.version), gates),
  )
}

function registerComparison(app: App, { models }: Context): void {
  const schema = {
    operationId: 'compareVersions',
    summary: 'The recorded evaluations of two versions, side by side',
    tags: REGISTRY_TAGS,
    querystring: Type.Object({ one: referenceField, other: referenceField }),
    'x-responses': {
      200: answer(RegistryComparisonSchema, 'In the order of the first.'),
      ...problems('VALIDATION_FAILED', 'VERSION_NOT_FOUND', 'ALIAS_NOT_SET', 'VERSION_PRUNED', 'REGISTRY_INVALID'),
    },
  }
  app.get<{ Querystring: { one: string; other: string } }>(
    `${REGISTRY}/comparison`,
    { schema, config: needs('read') },
    async ({ query }): Promise<RegistryComparison> => {
      const [one, other] = await Promise.all([models.show(query.one), models.show(query.other)])
      const [first, second] = await Promise.all([readKeptManifest(one), readKeptManifest(other)])
      const pairs = pairEvaluations(first.evaluations, second.evaluations)
      return { one: nameVersion(one), other: nameVersion(other), evaluations: pairs.map(showPair) }
    },
  )
}

function nameVersion({ version, name, modelVersion, hash }: RegistryVersion): RegistryComparison['one'] {
  return { version, name, model_version: modelVersion, hash }
}

interface HistoryRoute extends AliasRoute {
  Querystring: { at?: string }
}

function registerHistory(app: App, { models }: Context): void {
  const schema = {
    operationId: 'getAliasHistory',
    summary: 'Which version an alias named when, by whose decision and why',
    tags: REGISTRY_TAGS,
    params: AliasParams,
    querystring: Type.Object({
      at: Type.Optional(Type.String({ format: 'date-time', description: 'Only the version of that time.' })),
    }),
    'x-responses': {
      200: answer(AliasHistorySchema, 'The newest first; empty where the alias was never set.'),
      ...problems('VALIDATION_FAILED', 'REGISTRY_INVALID'),
    },
  }
  app.get<HistoryRoute>(
    `${REGISTRY}/aliases/:alias/history`,
    { schema, config: needs('read') },
    async ({ params: { alias }, query: { at } }): Promise<AliasHistory> => {
      if (at === undefined) return { alias, periods: (await models.history(alias)).toReversed().map(showPeriod) }
      const period = await models.servedAt(alias, new Date(at))
      return { alias, periods: period === null ? [] : [showPeriod(period)] }
    },
  )
}

interface EventsRoute {
  Querystring: { limit: number; before?: number }
}

function registerEvents(app: App, { models }: Context): void {
  const schema = {
    operationId: 'listRegistryEvents',
    summary: 'Everything that happened to the registry, a page at a time',
    tags: REGISTRY_TAGS,
    querystring: Type.Object({
      limit: Type.Integer({ minimum: 1, maximum: 500, default: 50 }),
      before: Type.Optional(Type.Integer({ minimum: 1, description: 'Only what came before this event.' })),
    }),
    'x-responses': {
      200: answer(RegistryEventsSchema, 'The newest first.'),
      ...problems('VALIDATION_FAILED', 'REGISTRY_INVALID'),
    },
  }
  app.get<EventsRoute>(
    `${REGISTRY}/events`,
    { schema, config: needs('read') },
    async ({ query: { limit, before = Number.POSITIVE_INFINITY } }): Promise<RegistryEvents> =>
      showEvents(await models.events(), limit, before),
  )
}

function registerTask(app: App, { registryTasks }: Context): void {
  const schema = {
    operationId: 'getRegistryTask',
    summary: 'How far a task of the registry is',
    tags: REGISTRY_TAGS,
    params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
    'x-responses': { 200: answer(RegistryTaskSchema, 'As it stands now.'), ...problems('TASK_NOT_FOUND') },
  }
  app.get<{ Params: { id: string } }>(
    `${REGISTRY}/tasks/:id`,
    { schema, config: needs('read') },
    async ({ params }): Promise<RegistryTask> => registryTasks.find(params.id),
  )
}
