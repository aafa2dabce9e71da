// A timeline as what is drawn: where each bucket lies, what is missing, what is not over yet.
import type { Timeline, TimelineBucket } from '../api/types.ts'
import { endOfBucket } from '../format/time.ts'

export interface Point {
  readonly bucket: TimelineBucket
  /** Seconds since 1970; `end` is exclusive, `mid` lies between. */
  readonly start: number
  readonly end: number
  readonly mid: number
  /** The bucket is not over yet: dashed and named. */
  readonly unfinished: boolean
}

/** Neighbouring buckets without a post. */
export interface Gap {
  readonly start: number
  readonly end: number
}

export function toPoints(timeline: Timeline, now: Date): readonly Point[] {
  return timeline.buckets.map((bucket) => {
    const from = new Date(bucket.start)
    const to = endOfBucket(from, timeline.unit)
    const start = from.getTime() / 1000
    const end = to.getTime() / 1000
    const unfinished = from <= now && now < to
    return { bucket, start, end, mid: (start + end) / 2, unfinished }
  })
}

export function findGaps(points: readonly Point[]): readonly Gap[] {
  const gaps: Gap[] = []
  for (const point of points) {
    if (point.bucket.n > 0) continue
    const last = gaps.at(-1)
    if (last !== undefined && last.end === point.start) gaps[gaps.length - 1] = { start: last.start, end: point.end }
    else gaps.push({ start: point.start, end: point.end })
  }
  return gaps
}

/** Runs of neighbouring buckets that have a value: the line is not drawn across what is missing. */
export function findRuns(points: readonly Point[]): readonly (readonly Point[])[] {
  const runs: Point[][] = []
  let open: Point[] | null = null
  for (const point of points) {
    if (point.bucket.net === null) open = null
    else if (open === null) {
      open = [point]
      runs.push(open)
    } else open.push(point)
  }
  return runs
}

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10] as const

/** A round number that is not below the value, at most a quarter above it and whole: the top of the volume columns. */
export function roundUp(value: number): number {
  if (value <= 1) return 1
  const size = 10 ** Math.floor(Math.log10(value))
  for (const step of STEPS) {
    const top = Math.round(step * size * 10) / 10
    if (top >= value && Number.isInteger(top)) return top
  }
  return 10 * size
}

/** The bucket at a time, or the nearest one outside of the range. */
export function indexAt(points: readonly Point[], seconds: number): number {
  let low = 0
  let high = points.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if ((points[middle]?.end ?? 0) <= seconds) low = middle + 1
    else high = middle
  }
  return low
}
