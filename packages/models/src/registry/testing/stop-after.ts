// Stops the file system before its N-th change, as a process that is killed there would leave it.
import { promises } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'

/** Everything of `node:fs/promises` that changes something, or opens a file that may be changed. */
const CHANGES = ['mkdir', 'rename', 'link', 'copyFile', 'rm', 'chmod', 'writeFile', 'open'] as const

export interface Stopper {
  /** True once the N-th change was asked for. */
  isStopped(): boolean
  /** Closes what was left open, as the system does. */
  restore(): Promise<void>
}

/**
 * The change is not made, but for a write, of which half is made; neither is any later one. `stop` kills the process, or
 * never resolves.
 */
export function stopAfter(changes: number, stop: () => Promise<never>): Stopper {
  let left = changes
  const handles: FileHandle[] = []
  const api = promises as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  const originals = CHANGES.map((name) => [name, api[name] as (...args: unknown[]) => Promise<unknown>] as const)
  async function step(half?: () => Promise<unknown>): Promise<void> {
    if (--left > 0) return
    if (left === 0) await half?.()
    await stop()
  }
  for (const [name, original] of originals) {
    api[name] = async (...args) => {
      if (name !== 'open' || args[1] !== 'r') await step()
      const result = await original(...args)
      if (name !== 'open') return result
      handles.push(result as FileHandle)
      return stopHandle(result as FileHandle, step)
    }
  }
  syncBuiltinESMExports()
  return {
    isStopped: () => left <= 0,
    async restore() {
      for (const [name, original] of originals) api[name] = original
      syncBuiltinESMExports()
      await Promise.all(handles.map((handle) => handle.close()))
    },
  }
}

function stopHandle(handle: FileHandle, step: (half?: () => Promise<unknown>) => Promise<void>): FileHandle {
  const write = handle.writeFile.bind(handle)
  handle.writeFile = async (...args: Parameters<FileHandle['writeFile']>) => {
    const bytes = Buffer.from(args[0] as string)
    await step(() => write(bytes.subarray(0, bytes.length >> 1)))
    await write(...args)
  }
  return handle
}
