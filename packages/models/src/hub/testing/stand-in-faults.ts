// What goes wrong on demand: each fault is for the requests whose path it matches, so many times.
import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type FaultKind =
  /** An answer of this status, with the headers and the body given. */
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Record<string, string>
      readonly body?: string
    }
  /** The connection is cut after so many bytes of the body. */
  | { readonly kind: 'cut'; readonly after: number }
  /** The body ends after so many bytes as if that were all. */
  | { readonly kind: 'short'; readonly after: number }
  /** The body stops after so many bytes, and the connection stays open. */
  | { readonly kind: 'stall'; readonly after: number }
  /** The body comes in pieces of so many bytes with a pause between. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly everyMs: number }
  /** One bit of the body is another. */
  | { readonly kind: 'corrupt' }
  /** A page instead of the answer, with status 200. */
  | { readonly kind: 'html' }
  /** `Range` is passed over. */
  | { readonly kind: 'whole' }
  /** The content has another tag than it had. */
  | { readonly kind: 'retag' }

export interface Fault {
  readonly match: RegExp
  readonly fault: FaultKind
  /** How many requests it is for; 1 unless given. */
  readonly times?: number
}

export const PAGE = '<!DOCTYPE html><html><body>Please log in to the network.</body></html>'

/** Writes the body, with its fault. The headers are set already. */
export async function sendBody(response: ServerResponse, body: Buffer, fault: FaultKind | null): Promise<void> {
  switch (fault?.kind) {
    case 'cut':
      response.write(body.subarray(0, fault.after), () => setImmediate(() => response.destroy()))
      return
    case 'short':
      response.removeHeader('content-length')
      response.end(body.subarray(0, fault.after))
      return
    case 'stall':
      response.write(body.subarray(0, fault.after))
      return
    case 'slow':
      for (let start = 0; start < body.byteLength && !response.destroyed; start += fault.bytes) {
        response.write(body.subarray(start, start + fault.bytes))
        await sleep(fault.everyMs)
      }
      response.end()
      return
    case 'corrupt': {
      const wrong = Buffer.from(body)
      const middle = wrong.byteLength >> 1
      wrong[middle] = (wrong[middle] ?? 0) ^ 1
      response.end(wrong)
      return
    }
    default:
      response.end(body)
  }
}
