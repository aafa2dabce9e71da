// An answer of the Hub's API as JSON, within bounds.
import { ModelsError } from '../errors.ts'
import type { HubAnswer } from './exchange.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** Throws HUB_RESPONSE_INVALID for anything else, such as the page of a proxy. */
export async function readJsonAnswer({ response, chunks }: HubAnswer, what: string): Promise<unknown> {
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks()) {
    bytes += chunk.byteLength
    if (bytes > MOST_BYTES) {
      throw new ModelsError('HUB_RESPONSE_INVALID', `the answer for ${what} is larger than ${MOST_BYTES} bytes`)
    }
    parts.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'))
  } catch {
    const type = response.headers.get('content-type') ?? 'something without a type'
    throw new ModelsError(
      'HUB_RESPONSE_INVALID',
      `expected JSON for ${what}, got ${type} (${bytes} bytes): is there a proxy or a login page between?`,
    )
  }
}
