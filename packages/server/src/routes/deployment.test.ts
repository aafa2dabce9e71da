// The deployment over the API: what it says, and who may tell it what.
import type { Deployment, Problem } from '@renown/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerError } from '../errors.ts'
import { type ListeningServer, openTestServer } from '../test-support.ts'

const SERVED = { reference: 'v4', name: 'tiny', version: '4', hash: 'a'.repeat(64), since: '2026-02-01T12:00:00.000Z' }

let server: ListeningServer
beforeAll(async () => {
  server = await openTestServer()
  server.deployment.state = {
    following: 'champion',
    serving: SERVED,
    previous: { ...SERVED, reference: 'v3' },
    loading: { reference: 'v5', step: 'check', since: '2026-02-01T12:00:00.000Z' },
    refused: [{ reference: 'v2', hash: 'b'.repeat(64), at: SERVED.since, code: 'MODEL_LOAD_FAILED', reason: 'broken' }],
    checked: { at: SERVED.since, error: null },
    challenger: {
      version: { ...SERVED, reference: 'v6' },
      share: 0.1,
      compared: 200,
      agreed: 190,
      labels: { negative: { negative: 100, neutral: 10 }, positive: { positive: 90 } },
      disagreements: [
        { at: SERVED.since, served: 'negative', challenger: 'neutral', servedScore: 0.6, challengerScore: 0.5 },
      ],
    },
  }
})
afterAll(async () => await server.close())

async function ask(
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<{ status: number; body: Deployment & Problem }> {
  const response = await fetch(`${server.url}/api/v1/deployment${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Deployment & Problem }
}

test('says what serves, what comes, what is refused, and how often a challenger agrees', async () => {
  const { body } = await ask('GET', '')
  expect(body).toMatchObject({
    following: 'champion',
    serving: SERVED,
    previous: { reference: 'v3' },
    loading: { reference: 'v5', step: 'check' },
    refused: [{ reference: 'v2', code: 'MODEL_LOAD_FAILED' }],
    checked: { error: null },
  })
  expect(body.challenger).toMatchObject({
    compared: 200,
    labels: { negative: { neutral: 10 } },
    disagreements: [{ served_score: 0.6, challenger_score: 0.5 }],
  })
  const { value = 0, low = 1, high = 0 } = body.challenger?.agreement ?? {}
  expect(value).toBe(0.95)
  // Wilson's interval of 190 in 200, by hand.
  expect([low.toFixed(3), high.toFixed(3)]).toEqual(['0.910', '0.973'])
})

test('is told to look, to go back and to try again', async () => {
  expect((await ask('POST', '/check')).status).toBe(200)
  expect((await ask('POST', '/rollback', { reason: 'too slow' })).body.serving).toEqual(SERVED)
  expect((await ask('POST', '/allow', { reference: 'v2' })).status).toBe(200)
  expect(server.deployment.told).toEqual(['check', 'rollback: too slow', 'allow: v2'])
})

test('refuses what has no reason, no shape, or nothing to go back to', async () => {
  for (const body of [{}, { reason: '' }, { reason: 'x'.repeat(501) }, { reason: 'x', who: 'me' }, { reason: 5 }])
    expect((await ask('POST', '/rollback', body)).body.code).toBe('VALIDATION_FAILED')
  expect((await ask('POST', '/allow', { reference: 'x'.repeat(10_000) })).body.code).toBe('VALIDATION_FAILED')
  const { rollback, allow } = server.deployment
  server.deployment.rollback = async () => {
    throw new ServerError('ROLLBACK_REFUSED', 'nothing served before v4')
  }
  server.deployment.allow = async () => {
    throw new ServerError('VERSION_NOT_REFUSED', '"v9" is not refused')
  }
  expect(await ask('POST', '/rollback', { reason: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'ROLLBACK_REFUSED', detail: 'nothing served before v4' },
  })
  expect(await ask('POST', '/allow', { reference: 'v9' })).toMatchObject({
    status: 404,
    body: { code: 'VERSION_NOT_REFUSED' },
  })
  Object.assign(server.deployment, { rollback, allow })
})
