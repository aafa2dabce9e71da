// Who asks the Hub, and how patiently: settings, and the effects that a test replaces.
import { setTimeout as sleepFor } from 'node:timers/promises'
import { type HubEnvironment, type HubSettings, readHubSettings } from './hub-settings.ts'

const DEFAULT_ATTEMPTS = 5
const DEFAULT_IDLE_MS = 30_000

export interface HubOptions {
  /** `process.env` unless given. */
  readonly env?: HubEnvironment
  readonly fetch?: typeof globalThis.fetch
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  readonly random?: () => number
  readonly now?: () => number
  /** How often one thing is tried; 5 unless given. */
  readonly attempts?: number
  /** A connection on which nothing arrives for this long is given up; 30,000 unless given. */
  readonly idleMs?: number
  /** Told what a person should know and no caller branches on: a wait, an older copy in use. */
  readonly notify?: (message: string) => void
}

export type HubClient = Required<Omit<HubOptions, 'env'>> & { readonly settings: HubSettings }

/** Throws HUB_SETTING_INVALID. */
export function createHubClient(options: HubOptions = {}): HubClient {
  return {
    settings: readHubSettings(options.env ?? process.env),
    fetch: options.fetch ?? globalThis.fetch,
    sleep: options.sleep ?? ((milliseconds, signal) => sleepFor(milliseconds, undefined, signal ? { signal } : {})),
    random: options.random ?? Math.random,
    now: options.now ?? Date.now,
    attempts: options.attempts ?? DEFAULT_ATTEMPTS,
    idleMs: options.idleMs ?? DEFAULT_IDLE_MS,
    notify: options.notify ?? (() => {}),
  }
}
