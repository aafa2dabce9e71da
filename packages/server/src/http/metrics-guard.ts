// Who may scrape the metrics port: anybody of this machine where it listens on a loopback address, keys elsewhere.
import type { KeyRing } from '../auth/key-ring.ts'
import type { Config } from '../config/settings.ts'
import { expandScopes } from './access.ts'
import { createHostCheck, type HostCheck, isLoopbackAddress } from './hosts.ts'

export interface MetricsGuard {
  readonly answersTo: HostCheck
  /** By the Authorization header. */
  readonly admits: (authorization: string | undefined) => boolean
}

export function createMetricsGuard({
  config,
  keys,
}: {
  readonly config: Pick<Config, 'metricsHost' | 'allowedHosts'>
  readonly keys: Pick<KeyRing, 'verify'>
}): MetricsGuard {
  const isGuarded = !isLoopbackAddress(config.metricsHost)
  return {
    // Names matter where nothing else guards: whoever has a key may call this machine what he likes.
    answersTo: createHostCheck({ allowed: config.allowedHosts, open: isGuarded }),
    admits(authorization) {
      if (!isGuarded) return true
      const [, presented] = /^Bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
      const key = presented === undefined ? null : keys.verify(presented)
      return key !== null && expandScopes(key.scopes).includes('read')
    },
  }
}
