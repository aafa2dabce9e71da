// How the gates of a data folder ended, from the file that keeps them, which only grows: what was read is not read again.
import { open } from 'node:fs/promises'
import { gateLogPath, parseGateLine } from './gate-log.ts'
import type { GateVerdict } from './gate-types.ts'

export interface GateCounts {
  readonly byVerdict: Readonly<Record<GateVerdict, number>>
  /** Null where no gate was run. */
  readonly last: { readonly time: string; readonly verdict: GateVerdict } | null
}

export interface GateCounter {
  /** Throws what reading the file throws. */
  read(): Promise<GateCounts>
}

const NONE: GateCounts = { byVerdict: { pass: 0, fail: 0, undecidable: 0 }, last: null }

export function openGateCounter(home: string): GateCounter {
  let counts = NONE
  let position = 0
  return {
    async read() {
      const file = await open(gateLogPath(home)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null
        throw error
      })
      if (file === null) return NONE
      try {
        const { size } = await file.stat()
        if (size < position) [counts, position] = [NONE, 0]
        if (size === position) return counts
        const { buffer, bytesRead } = await file.read(Buffer.alloc(size - position), 0, size - position, position)
        const { lines, used } = splitWhole(buffer.subarray(0, bytesRead))
        counts = lines.reduce(count, counts)
        position += used
        return counts
      } finally {
        await file.close()
      }
    },
  }
}

const LINE_END = 0x0a

/** Lines begin with their line end, so the last one may be under way: it counts once it can be read. */
function splitWhole(bytes: Buffer): { lines: string[]; used: number } {
  const start = bytes.lastIndexOf(LINE_END)
  const last = bytes.toString('utf8', start + 1)
  const used = parseGateLine(last) === null ? Math.max(0, start) : bytes.length
  return { lines: bytes.toString('utf8', 0, used).split('\n'), used }
}

function count(counts: GateCounts, line: string): GateCounts {
  const { verdict, time } = parseGateLine(line) ?? {}
  if (verdict === undefined || time === undefined || !Object.hasOwn(counts.byVerdict, verdict)) return counts
  const byVerdict = { ...counts.byVerdict, [verdict]: counts.byVerdict[verdict] + 1 }
  return { byVerdict, last: { time, verdict } }
}
