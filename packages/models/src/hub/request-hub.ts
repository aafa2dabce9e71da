// Asks the Hub until it answers: retries after 429, 5xx, cut and silent connections.
import { ModelsError } from '../errors.ts'
import { exchange, type HubAnswer, type HubRequest } from './exchange.ts'
import type { HubClient } from './hub-client.ts'
import { watchIdle } from './idle-watch.ts'
import { planWait, RetryableError } from './retry.ts'
import { checkStatus } from './status-errors.ts'

export interface RequestOptions {
  readonly signal?: AbortSignal
  readonly attempts?: number
  /** Statuses from 400 on that `read` takes care of. */
  readonly accept?: readonly number[]
  /** True where the last try got further, so that failures are counted anew. */
  readonly hasProgressed?: () => boolean
}

/**
 * Sends the request (made anew for each try) and reads the answer, trying again after 429, 5xx, cut and silent
 * connections. Throws HUB_UNREACHABLE, HUB_RATE_LIMITED, HUB_UNAUTHORIZED, HUB_NOT_FOUND, HUB_RESPONSE_INVALID, what
 * `read` throws, or the signal's reason.
 */
export async function requestHub<T>(
  client: HubClient,
  request: () => HubRequest,
  read: (answer: HubAnswer) => Promise<T>,
  options: RequestOptions = {},
): Promise<T> {
  return await retryHub(client, () => requestOnce(client, request(), read, options), options)
}

/** Does a step again after a RetryableError. Throws what the step throws, as a ModelsError once it is given up. */
export async function retryHub<T>(
  client: HubClient,
  step: (failures: number) => Promise<T>,
  options: Omit<RequestOptions, 'accept'> = {},
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await step(failures - 1)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof RetryableError)) throw error
      if (options.hasProgressed?.() === true) failures = 1
      await pause(client, error, failures, options)
    }
  }
}

/** Waits before the next try, or throws where there is none. */
async function pause(
  client: HubClient,
  error: RetryableError,
  failures: number,
  { attempts = client.attempts, signal }: RequestOptions,
): Promise<void> {
  const wait = planWait(failures, error.askedMs, client.random)
  if (failures >= attempts || wait === null) {
    const tries = failures === 1 ? '' : ` (tried ${failures} times)`
    throw new ModelsError(error.code, `${error.message}${tries}`, { cause: error.cause })
  }
  if (error.askedMs !== null) client.notify(`${error.message}; trying again then`)
  await client.sleep(wait, signal).catch((cause: unknown) => {
    signal?.throwIfAborted()
    throw cause
  })
}

/** Sends a request once. Throws RetryableError where another try may help, and what `requestHub` throws. */
export async function requestOnce<T>(
  client: HubClient,
  request: HubRequest,
  read: (answer: HubAnswer) => Promise<T>,
  options: Pick<RequestOptions, 'signal' | 'accept'> = {},
): Promise<T> {
  options.signal?.throwIfAborted()
  const { settings } = client
  if (settings.offline) {
    throw new ModelsError('HUB_UNREACHABLE', `HF_HUB_OFFLINE is set, and ${request.what} is not in the cache`)
  }
  const watch = watchIdle(client.idleMs, options.signal)
  try {
    const answer = await exchange(client, request, watch)
    if (!options.accept?.includes(answer.response.status)) {
      const { endpoint, token } = settings
      checkStatus(answer.response, { ...request, endpoint, token, now: client.now() })
    }
    return await read(answer)
  } finally {
    watch.end()
  }
}
