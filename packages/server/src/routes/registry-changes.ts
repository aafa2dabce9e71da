// /api/v1/registry: promote, roll back, add, prune, verify. Who asked is recorded with every change.
import {
  type AddVersionRequest,
  AddVersionRequestSchema,
  type AliasMove,
  AliasMoveSchema,
  type PromoteRequest,
  PromoteRequestSchema,
  type PruneRequest,
  PruneRequestSchema,
  type PruneResult,
  PruneResultSchema,
  RegistryTaskSchema,
  type RollbackRequest,
  RollbackRequestSchema,
  reference,
} from '@renown/contract'
import { checkAlias, judgePromotion, PRUNE_RULE, type Registry, type SignedMove } from '@renown/models/serving'
import type { FastifyRequest } from 'fastify'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import type { Gate } from '../http/access.ts'
import { nameActor } from '../http/actor.ts'
import { answer, bodyProblems, needs, problems } from '../http/routes.ts'
import { showMove } from '../registry/show-registry.ts'
import { AliasParams, type AliasRoute, REGISTRY, REGISTRY_TAGS } from './registry.ts'

type WhoAsks = (request: FastifyRequest) => Promise<string>

export function registerRegistryChanges(app: App, context: Context, gate: Gate): void {
  const whoAsks: WhoAsks = async (request) => nameActor(await gate.identify(request))
  registerPromote(app, context, whoAsks)
  registerRollback(app, context, whoAsks)
  registerAdd(app, context, whoAsks)
  registerPrune(app, context, whoAsks)
  registerVerify(app, context, whoAsks)
}

function registerPromote(app: App, { config, models }: Context, whoAsks: WhoAsks): void {
  const schema = {
    operationId: 'promoteVersion',
    summary: 'Let an alias name a version',
    tags: REGISTRY_TAGS,
    params: AliasParams,
    body: reference(PromoteRequestSchema),
    'x-responses': {
      200: answer(AliasMoveSchema, 'Where the alias went; a server that follows it takes the version over.'),
      ...bodyProblems(
        'VERSION_NOT_FOUND',
        'VERSION_PRUNED',
        'ALIAS_MOVED',
        'GATE_NOT_PASSED',
        'REGISTRY_INPUT_INVALID',
        'REGISTRY_INVALID',
        'REGISTRY_UNUSABLE',
        'DISK_FULL',
      ),
    },
  }
  const options = { schema, config: needs('deploy'), handlerTimeout: config.requestDeadline }
  app.post<AliasRoute & { Body: PromoteRequest }>(
    `${REGISTRY}/aliases/:alias/promote`,
    options,
    async (request): Promise<AliasMove> =>
      await promote(models, request.params.alias, request.body, await whoAsks(request)),
  )
}

async function promote(
  models: Registry,
  alias: string,
  { version, gate_report: report, without_gate: withoutGate = false, ...request }: PromoteRequest,
  who: string,
): Promise<AliasMove> {
  checkAlias(alias)
  const { evidence = [], ...move } = toMove(request, who)
  const documents = report === undefined ? [] : [{ name: 'gate.json', content: Buffer.from(report) }]
  const judged = await judgePromotion(models, await models.show(version), alias, { ...move, documents, withoutGate })
  return showMove(await models.promote(version, alias, { ...judged, evidence: joinEvidence(judged, evidence) }))
}

/** What the judgement rests on, and what was named besides. */
function joinEvidence({ evidence = [] }: SignedMove, named: NonNullable<SignedMove['evidence']>): typeof named {
  const known = new Set(evidence.map(({ sha256 }) => sha256))
  return [...evidence, ...named.filter(({ sha256 }) => !known.has(sha256))]
}

function registerRollback(app: App, { config, models }: Context, whoAsks: WhoAsks): void {
  const schema = {
    operationId: 'rollBackAlias',
    summary: 'Let an alias name the version that it named before',
    tags: REGISTRY_TAGS,
    params: AliasParams,
    body: reference(RollbackRequestSchema),
    'x-responses': {
      200: answer(AliasMoveSchema, 'Where the alias went; again, and it goes further back.'),
      ...bodyProblems(
        'ALIAS_NOT_SET',
        'ALIAS_MOVED',
        'ROLLBACK_REFUSED',
        'VERSION_PRUNED',
        'REGISTRY_INPUT_INVALID',
        'REGISTRY_INVALID',
        'REGISTRY_UNUSABLE',
        'DISK_FULL',
      ),
    },
  }
  const options = { schema, config: needs('deploy'), handlerTimeout: config.requestDeadline }
  app.post<AliasRoute & { Body: RollbackRequest }>(
    `${REGISTRY}/aliases/:alias/rollback`,
    options,
    async (request): Promise<AliasMove> =>
      showMove(await models.rollback(request.params.alias, toMove(request.body, await whoAsks(request)))),
  )
}

function toMove({ reason, expect, evidence = [] }: Omit<PromoteRequest, 'version'>, who: string): SignedMove {
  return { who, why: reason, evidence, ...(expect === undefined ? {} : { expect }) }
}

function registerAdd(app: App, { config, registryTasks }: Context, whoAsks: WhoAsks): void {
  const schema = {
    operationId: 'addVersion',
    summary: 'Copy a model of the Hub, or one in HOME/models, into the registry',
    tags: REGISTRY_TAGS,
    body: reference(AddVersionRequestSchema),
    'x-responses': {
      202: answer(RegistryTaskSchema, 'It has begun; `Location` is where to look.'),
      ...bodyProblems('MODEL_REFERENCE_REFUSED', 'REGISTRY_BUSY'),
    },
  }
  const options = { schema, config: needs('deploy'), handlerTimeout: config.requestDeadline }
  app.post<{ Body: AddVersionRequest }>(`${REGISTRY}/versions`, options, async (request, reply) => {
    const { reason, ...body } = request.body
    const task = await registryTasks.add({ ...body, why: reason, who: await whoAsks(request) })
    return await reply.code(202).header('location', `${REGISTRY}/tasks/${task.id}`).send(task)
  })
}

function registerPrune(app: App, context: Context, whoAsks: WhoAsks): void {
  const schema = {
    operationId: 'pruneVersions',
    summary: 'Remove versions that nobody needs, or say which would go',
    tags: REGISTRY_TAGS,
    body: reference(PruneRequestSchema),
    'x-responses': {
      200: answer(PruneResultSchema, 'What went, or would go.'),
      ...bodyProblems('VERSION_IN_USE', 'REGISTRY_INPUT_INVALID', 'REGISTRY_INVALID', 'REGISTRY_UNUSABLE', 'DISK_FULL'),
    },
  }
  app.post<{ Body: PruneRequest }>(
    `${REGISTRY}/prune`,
    { schema, config: needs('deploy') },
    async (request): Promise<PruneResult> => await prune(context, request.body, await whoAsks(request)),
  )
}

async function prune({ models, deployment }: Context, request: PruneRequest, who: string): Promise<PruneResult> {
  const { keep = PRUNE_RULE.keep, days = PRUNE_RULE.days, dry_run = false } = request
  const doomed = await models.planPrune({ keep, days })
  if (dry_run) return { versions: [...doomed], bytes: null, dry_run }
  const { serving, previous, loading, challenger } = deployment.status()
  const used = [serving, previous, loading, challenger?.version].map((model) => model?.reference)
  const inUse = doomed.filter((version) => used.includes(version))
  if (inUse.length > 0) {
    throw new ApiError('VERSION_IN_USE', { detail: `${inUse.join(', ')} would be removed, and is in use here.` })
  }
  const why = request.reason ?? `kept the last ${keep} and what served within ${days} days`
  const { versions, bytes } = await models.prune({ keep, days, who, why })
  return { versions: [...versions], bytes, dry_run }
}

function registerVerify(app: App, { registryTasks }: Context, whoAsks: WhoAsks): void {
  const schema = {
    operationId: 'verifyRegistry',
    summary: 'Read every byte of every version, and the log',
    tags: REGISTRY_TAGS,
    'x-responses': {
      202: answer(RegistryTaskSchema, 'It has begun; `Location` is where to look.'),
      ...problems('ORIGIN_REFUSED', 'REGISTRY_BUSY'),
    },
  }
  app.post(`${REGISTRY}/verify`, { schema, config: needs('deploy') }, async (request, reply) => {
    const task = registryTasks.verify(await whoAsks(request))
    return await reply.code(202).header('location', `${REGISTRY}/tasks/${task.id}`).send(task)
  })
}
