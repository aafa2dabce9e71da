// What the tests of the Hub share: a stand-in, an empty cache, and a client that notes its waits instead of waiting.

import { temporaryFolder } from '../test-fixtures.ts'
import { createHubClient, type HubClient, type HubOptions } from './hub-client.ts'
import type { HubEnvironment } from './hub-settings.ts'
import { type HubStandIn, type StandInOptions, startHubStandIn } from './testing/hub-stand-in.ts'

export const TOKEN = 'hf_notARealTokenOfAnybody'

const standIns: HubStandIn[] = []

/** For `afterEach`. */
export async function stopStandIns(): Promise<void> {
  await Promise.all(standIns.splice(0).map((hub) => hub.close()))
}

export interface TestHub {
  readonly hub: HubStandIn
  /** The cache's folder. */
  readonly cache: string
  readonly client: HubClient
  readonly waits: number[]
  readonly notices: string[]
  /** Another client of the same cache. */
  readonly withEnv: (env: HubEnvironment, options?: HubOptions) => HubClient
  /** Requests so far, as `hub GET /path`, and forgets them. */
  readonly takeRequests: () => string[]
}

export async function openTestHub(options: StandInOptions = {}, env: HubEnvironment = {}): Promise<TestHub> {
  const hub = await startHubStandIn(options)
  standIns.push(hub)
  const cache = await temporaryFolder()
  const waits: number[] = []
  const notices: string[] = []
  const withEnv = (more: HubEnvironment, own: HubOptions = {}): HubClient =>
    createHubClient({
      env: { HF_ENDPOINT: hub.url, HF_HUB_CACHE: cache, ...env, ...more },
      sleep: async (milliseconds) => void waits.push(milliseconds),
      notify: (message) => void notices.push(message),
      random: () => 0,
      ...own,
    })
  return {
    hub,
    cache,
    client: withEnv({}),
    waits,
    notices,
    withEnv,
    takeRequests: () => hub.requests.splice(0).map(({ host, method, url }) => `${host} ${method} ${url.split('?')[0]}`),
  }
}

/** Bytes that compress and repeat nowhere, the same each time. */
export function someBytes(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[index] = state >>> 24
  }
  return bytes
}
