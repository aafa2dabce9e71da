// The registry of the data folder, and who changes it.
import { userInfo } from 'node:os'
import { openRegistry, type Registry } from '@renown/models'
import type { Io } from '../io.ts'
import { readModelSettings } from '../settings.ts'

export interface RegistryFlags {
  readonly home?: string
  readonly config?: string
  readonly json?: boolean
}

export interface SignedFlags extends RegistryFlags {
  readonly by?: string
  readonly reason?: string
}

export interface OpenedRegistry {
  readonly home: string
  readonly registry: Registry
}

export async function openHomeRegistry(io: Io, flags: RegistryFlags): Promise<OpenedRegistry> {
  const { home } = await readModelSettings(io, flags)
  return { home, registry: openRegistry(home) }
}

/** `--by`, RENOWN_ACTOR, or the name of the system's user; the reason is the command's own where none is given. */
export function signedBy(io: Io, { by, reason }: SignedFlags, usual: string): { who: string; why: string } {
  return { who: by ?? (io.env.RENOWN_ACTOR || userName()), why: reason ?? usual }
}

/** In containers a user may have a number alone. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'without a name'}`
  }
}
