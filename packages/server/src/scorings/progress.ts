// How fast a job is, and how long it will take.
import type { ScoringProgress } from '@renown/contract'

const WINDOW_MS = 5000

export const NO_PROGRESS: ScoringProgress = {
  rows: 0,
  scored: 0,
  rejected: 0,
  cached: 0,
  bytes_read: 0,
  bytes_total: null,
  rows_per_second: null,
  seconds_left: null,
}

export interface RunCounts {
  rows: number
  scored: number
  rejected: number
  cached: number
  bytesRead: number
  bytesTotal: number | null
}

export function createPace(now: () => number): (counts: Readonly<RunCounts>) => ScoringProgress {
  const samples: { at: number; rows: number; bytes: number }[] = [{ at: now(), rows: 0, bytes: 0 }]
  return (counts) => {
    const at = now()
    samples.push({ at, rows: counts.rows, bytes: counts.bytesRead })
    while (samples.length > 2 && at - (samples[1]?.at ?? at) > WINDOW_MS) samples.shift()
    const first = samples[0] ?? { at, rows: 0, bytes: 0 }
    const seconds = (at - first.at) / 1000
    const bytesPerSecond = seconds > 0 ? (counts.bytesRead - first.bytes) / seconds : 0
    const bytesLeft = counts.bytesTotal === null ? null : Math.max(0, counts.bytesTotal - counts.bytesRead)
    return {
      rows: counts.rows,
      scored: counts.scored,
      rejected: counts.rejected,
      cached: counts.cached,
      bytes_read: counts.bytesRead,
      bytes_total: counts.bytesTotal,
      rows_per_second: seconds > 0 ? round((counts.rows - first.rows) / seconds) : null,
      seconds_left: bytesLeft === null || bytesPerSecond <= 0 ? null : round(bytesLeft / bytesPerSecond),
    }
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
