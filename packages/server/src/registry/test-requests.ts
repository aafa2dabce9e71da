// Asking the API of the registry in tests.

import { equal } from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem, RegistryTask } from '@renown/contract'
import type { ListeningServer } from '../test-support.ts'
import { makeTestModel, type TestModel } from './test-models.ts'

const REGISTRY = '/api/v1/registry'

export interface Answer<T> {
  readonly status: number
  readonly body: T
  readonly headers: Headers
}

/** What a refusal has besides. */
export type Failed = Pick<Problem, 'code' | 'detail'>

export type Headed = Readonly<Record<string, string>>

export interface RegistryRequests {
  get<T>(path: string, to?: ListeningServer, headers?: Headed): Promise<Answer<T & Failed>>
  post<T>(path: string, body: unknown, to?: ListeningServer, headers?: Headed): Promise<Answer<T & Failed>>
  /** The task once it has ended. */
  finished(task: RegistryTask, to?: ListeningServer): Promise<RegistryTask>
  /** Makes the model's folder and adds it. */
  add(model: TestModel, to?: ListeningServer): Promise<RegistryTask>
}

/** Requests to a server, unless another one is named. */
export function registryRequests(server: () => ListeningServer): RegistryRequests {
  async function get<T>(path: string, to = server(), headers: Headed = {}): Promise<Answer<T & Failed>> {
    return await answerOf(await fetch(`${to.url}${REGISTRY}${path}`, { headers }))
  }

  async function post<T>(
    path: string,
    body: unknown,
    to = server(),
    headers: Headed = {},
  ): Promise<Answer<T & Failed>> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
    return await answerOf(await fetch(`${to.url}${REGISTRY}${path}`, { ...init, body: JSON.stringify(body) }))
  }

  async function finished(task: RegistryTask, to = server()): Promise<RegistryTask> {
    for (;;) {
      const { body } = await get<RegistryTask>(`/tasks/${task.id}`, to)
      if (body.status !== 'running') return body
      await sleep(20)
    }
  }

  async function add(model: TestModel, to = server()): Promise<RegistryTask> {
    await makeTestModel(to.home, model)
    const request = { reference: model.name, reason: `adds ${model.version}` }
    const { status, body, headers } = await post<RegistryTask>('/versions', request, to)
    equal(status, 202)
    equal(headers.get('location'), `${REGISTRY}/tasks/${body.id}`)
    return await finished(body, to)
  }

  return { get, post, finished, add }
}

async function answerOf<T>(response: Response): Promise<Answer<T & Failed>> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, body: (isJson ? JSON.parse(text) : text) as T & Failed, headers: response.headers }
}
