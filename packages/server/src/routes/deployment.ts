// /api/v1/deployment: which model serves, what comes next, and the way back.
import {
  type AllowRequest,
  AllowRequestSchema,
  type Challenger,
  type Deployment,
  type DeploymentRollbackRequest,
  DeploymentRollbackRequestSchema,
  DeploymentSchema,
  reference,
} from '@renown/contract'
import { wilsonInterval } from '@renown/reputation'
import type { App } from '../app.ts'
import type { Context } from '../context.ts'
import type { ChallengerStatus, DeploymentStatus } from '../deployment/status.ts'
import { answer, bodyProblems, needs, problems } from '../http/routes.ts'

const PATH = '/api/v1/deployment'
const TAGS = ['Deployment']

export function registerDeployment(app: App, context: Context): void {
  registerStatus(app, context)
  registerCheck(app, context)
  registerRollback(app, context)
  registerAllow(app, context)
}

function registerStatus(app: App, context: Context): void {
  const schema = {
    operationId: 'getDeployment',
    summary: 'Which model serves, what the server follows, and what it stays off',
    tags: TAGS,
    'x-responses': { 200: answer(DeploymentSchema, 'As it stands now.'), ...problems('MODEL_NOT_READY') },
  }
  app.get(
    PATH,
    { schema, config: needs('read') },
    async (): Promise<Deployment> => showDeployment(context.deployment.status()),
  )
}

function registerCheck(app: App, context: Context): void {
  const schema = {
    operationId: 'checkDeployment',
    summary: 'Look now whether there is something new to serve',
    tags: TAGS,
    'x-responses': {
      200: answer(DeploymentSchema, 'What came of it; `checked` has the error where it could not be looked at.'),
      ...problems('ORIGIN_REFUSED', 'MODEL_NOT_READY'),
    },
  }
  app.post(
    `${PATH}/check`,
    { schema, config: needs('deploy') },
    async (): Promise<Deployment> => showDeployment(await context.deployment.check()),
  )
}

function registerRollback(app: App, context: Context): void {
  const schema = {
    operationId: 'rollBackDeployment',
    summary: 'Serve the model before again, at once, and stay off the current one',
    tags: TAGS,
    body: reference(DeploymentRollbackRequestSchema),
    'x-responses': {
      200: answer(DeploymentSchema, 'The model before serves; the other is among `refused` until it is allowed.'),
      ...bodyProblems('ROLLBACK_REFUSED', 'MODEL_NOT_READY'),
    },
  }
  app.post<{ Body: DeploymentRollbackRequest }>(
    `${PATH}/rollback`,
    { schema, config: needs('deploy') },
    async ({ body }): Promise<Deployment> => showDeployment(await context.deployment.rollback(body.reason)),
  )
}

function registerAllow(app: App, context: Context): void {
  const schema = {
    operationId: 'allowVersion',
    summary: 'Let a version that the server stays off be tried again',
    tags: TAGS,
    body: reference(AllowRequestSchema),
    'x-responses': {
      200: answer(DeploymentSchema, 'It is not refused any more.'),
      ...bodyProblems('VERSION_NOT_REFUSED', 'MODEL_NOT_READY'),
    },
  }
  app.post<{ Body: AllowRequest }>(
    `${PATH}/allow`,
    { schema, config: needs('deploy') },
    async ({ body }): Promise<Deployment> => showDeployment(await context.deployment.allow(body.reference)),
  )
}

function showDeployment(status: DeploymentStatus): Deployment {
  const { following, serving, previous, loading, refused, checked, challenger } = status
  return {
    following,
    serving: { ...serving },
    previous: previous === null ? null : { ...previous },
    loading: loading === null ? null : { ...loading },
    refused: refused.map((version) => ({ ...version })),
    checked: checked === null ? null : { ...checked },
    challenger: challenger === null ? null : showChallenger(challenger),
  }
}

function showChallenger(status: ChallengerStatus): Challenger {
  const { version, share, compared, agreed, labels, disagreements } = status
  const agreement = compared === 0 ? null : { value: agreed / compared, ...wilsonInterval(agreed, compared) }
  return {
    version: { ...version },
    share,
    compared,
    agreed,
    agreement,
    labels: Object.fromEntries(Object.entries(labels).map(([label, row]) => [label, { ...row }])),
    disagreements: disagreements.map(({ at, served, challenger, servedScore, challengerScore }) => {
      return { at, served, challenger, served_score: servedScore, challenger_score: challengerScore }
    }),
  }
}
