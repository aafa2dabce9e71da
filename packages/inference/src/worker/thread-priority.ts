// How urgently the operating system runs a worker's threads, so that loading a model doesn't slow down the one that serves.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import { basename } from 'node:path'

/** `gentle`: lowered while it loads, until `raiseThreads`; `background`: lowered for good. */
export type Urgency = 'normal' | 'gentle' | 'background'

/**
 * Five steps are a third of the usual share. Many more would do harm where other programs keep the machine busy: a thread
 * that is hardly run at all may hold a lock of the process meanwhile. They differ, so that one is told from the other.
 */
const STEPS = { gentle: 5, background: 6 } as const
const LOWEST = 19
/** `linux/capability.h` */
const CAP_SYS_NICE = 23n

/**
 * Lowers the calling thread and those that it will start. Only Linux has priorities of threads, and lets only some
 * processes raise one: where a gentle start couldn't be undone, nothing is lowered.
 */
export function lowerThread(urgency: Urgency): void {
  const thread = urgency === 'normal' ? null : ownThread()
  if (urgency === 'normal' || thread === null) return
  const usual = getPriority(thread)
  if (urgency === 'background' || canRaise(thread, usual)) setPriority(thread, lowered(usual, STEPS[urgency]))
}

/** Ends every gentle start of this process: of the threads themselves, and of those of the session, which they started. */
export function raiseThreads(): void {
  const usual = getPriority()
  const gentle = lowered(usual, STEPS.gentle)
  if (gentle === usual) return
  for (const id of threads()) {
    try {
      if (getPriority(id) === gentle) setPriority(id, usual)
    } catch {
      // It has ended meanwhile.
    }
  }
}

function lowered(usual: number, step: number): number {
  return Math.min(usual + step, LOWEST)
}

/** Tried with one step, since what the process is said to be able to may not hold inside a container. */
function canRaise(thread: number, usual: number): boolean {
  const status = readFileSync('/proc/thread-self/status', 'utf8')
  const capabilities = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'
  if ((BigInt(`0x${capabilities}`) >> CAP_SYS_NICE) % 2n === 0n || usual >= LOWEST) return false
  try {
    setPriority(thread, usual + 1)
    setPriority(thread, usual)
    return true
  } catch {
    return false
  }
}

function ownThread(): number | null {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')))
  } catch {
    return null
  }
}

function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number)
  } catch {
    return []
  }
}
