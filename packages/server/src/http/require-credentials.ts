// The rule on addresses and credentials: whoever can be reached from other machines wants a key.
import type { KeyRing } from '../auth/key-ring.ts'
import { ServerError } from '../errors.ts'
import { isLoopbackAddress } from './hosts.ts'

export interface CredentialsOptions {
  /** Where we are about to listen. */
  readonly hosts: readonly string[]
  readonly keys: Pick<KeyRing, 'isEmpty'>
  /** The data folder that the keys are in. */
  readonly home: string
}

/** Throws CREDENTIALS_REQUIRED. */
export function requireCredentials({ hosts, keys, home }: CredentialsOptions): void {
  const open = hosts.find((host) => !isLoopbackAddress(host))
  if (open === undefined || !keys.isEmpty()) return
  throw new ServerError(
    'CREDENTIALS_REQUIRED',
    `${open} can be reached from other machines, so Renown only listens there with an API key, and ${home} has none. Make one with: renown keys create --name NAME --scopes read. Or listen on 127.0.0.1, which needs none.`,
  )
}
