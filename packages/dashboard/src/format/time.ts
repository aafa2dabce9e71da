// Times as the page writes them: durations, how long ago, calendar labels in UTC for the chart.
import type { TimelineUnit } from '../api/types.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

export type TimeUnit = TimelineUnit

/** Milliseconds as "under 1 ms", "12 ms", "1.4 s", "3 min", "2 h". */
export function formatDuration(ms: number): string {
  if (ms < 1) return 'under 1 ms'
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`
  if (ms < 59.5 * SECOND) return `${Math.round(ms / SECOND)} s`
  if (ms < 59.5 * MINUTE) return `${Math.max(1, Math.round(ms / MINUTE))} min`
  if (ms < 23.5 * HOUR) return `${Math.max(1, Math.round(ms / HOUR))} h`
  const days = Math.max(1, Math.round(ms / DAY))
  return days === 1 ? '1 day' : `${days} days`
}

/** Seconds left in words that do not jitter: "a few seconds left", "about 40 s left", "about 3 min left". */
export function formatLeft(seconds: number): string {
  if (seconds < 5) return 'a few seconds left'
  if (seconds < 60) return `about ${Math.ceil(seconds / 5) * 5} s left`
  return `about ${formatDuration(seconds * SECOND)} left`
}

/** "just now", "3 min ago", "2 h ago", "4 days ago". */
export function formatAgo(then: Date, now: Date): string {
  const ms = now.getTime() - then.getTime()
  return ms < MINUTE ? 'just now' : `${formatDuration(ms)} ago`
}

/** "in 3 h", or "now" once it is past. */
export function formatUntil(then: Date, now: Date): string {
  const ms = then.getTime() - now.getTime()
  return ms < MINUTE ? 'now' : `in ${formatDuration(ms)}`
}

/** The full time in the reader's own zone, for titles. */
export function formatMoment(date: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' }).format(date)
}

/** The first instant after the bucket that starts at `start`. */
export function endOfBucket(start: Date, unit: TimeUnit): Date {
  if (unit === 'year') return new Date(Date.UTC(start.getUTCFullYear() + 1, 0, 1))
  if (unit === 'month') return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1))
  return new Date(start.getTime() + { hour: HOUR, day: DAY, week: 7 * DAY }[unit])
}

/** "14 March 2024", "14 March 2024, 15:00", "week of 11 March 2024", "March 2024"; UTC. */
export function formatBucket(start: Date, unit: TimeUnit): string {
  const day = utc(start, { day: 'numeric', month: 'long', year: 'numeric' })
  if (unit === 'hour') return `${day}, ${utc(start, { hour: '2-digit', minute: '2-digit' })}`
  if (unit === 'week') return `week of ${day}`
  if (unit === 'month') return utc(start, { month: 'long', year: 'numeric' })
  if (unit === 'year') return utc(start, { year: 'numeric' })
  return day
}

/** A period as short as it can be said: "3–24 March 2024", "3 March – 2 April 2024"; `end` is exclusive; UTC. */
export function formatPeriod(start: Date, end: Date, unit: TimeUnit): string {
  const last = new Date(end.getTime() - 1)
  if (unit === 'hour' && end.getTime() - start.getTime() <= 2 * DAY) return formatHours(start, end, last)
  const from = partsOf(start)
  const to = partsOf(last)
  if (unit === 'year') return from.year === to.year ? to.year : `${from.year}–${to.year}`
  if (unit === 'month') return formatMonths(from, to)
  if (from.year !== to.year) return `${from.day} ${from.month} ${from.year} – ${to.day} ${to.month} ${to.year}`
  if (from.month !== to.month) return `${from.day} ${from.month} – ${to.day} ${to.month} ${to.year}`
  if (from.day !== to.day) return `${from.day}–${to.day} ${to.month} ${to.year}`
  return `${to.day} ${to.month} ${to.year}`
}

function formatMonths(from: CalendarDay, to: CalendarDay): string {
  if (from.year !== to.year) return `${from.month} ${from.year} – ${to.month} ${to.year}`
  return from.month === to.month ? `${to.month} ${to.year}` : `${from.month} – ${to.month} ${to.year}`
}

function formatHours(start: Date, end: Date, last: Date): string {
  const clock = { hour: '2-digit', minute: '2-digit' } as const
  const day = { day: 'numeric', month: 'long', year: 'numeric' } as const
  const sameDay = utc(start, day) === utc(last, day)
  const until = utc(end, clock)
  if (sameDay) return `${utc(start, day)}, ${utc(start, clock)}–${until === '00:00' ? '24:00' : until}`
  return `${utc(start, { day: 'numeric', month: 'long' })}, ${utc(start, clock)} – ${utc(end, day)}, ${until}`
}

interface CalendarDay {
  readonly day: string
  readonly month: string
  readonly year: string
}

function partsOf(date: Date): CalendarDay {
  return {
    day: utc(date, { day: 'numeric' }),
    month: utc(date, { month: 'long' }),
    year: utc(date, { year: 'numeric' }),
  }
}

function utc(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC', hourCycle: 'h23' }).format(date)
}

/** Labels of ticks on the time axis: as little as tells each from its neighbours; a new year is named. */
export function formatTicks(dates: readonly Date[], stepSeconds: number): string[] {
  return dates.map((date, index) => formatTick(date, stepSeconds, dates[index - 1]))
}

function formatTick(date: Date, stepSeconds: number, before: Date | undefined): string {
  if (stepSeconds >= 360 * 86_400) return utc(date, { year: 'numeric' })
  if (stepSeconds >= 28 * 86_400) {
    const sameYear = before?.getUTCFullYear() === date.getUTCFullYear()
    return utc(date, sameYear ? { month: 'short' } : { month: 'short', year: 'numeric' })
  }
  const midnight = date.getUTCHours() === 0 && date.getUTCMinutes() === 0
  if (stepSeconds >= 86_400 || midnight) return utc(date, { day: 'numeric', month: 'short' })
  return utc(date, { hour: '2-digit', minute: '2-digit' })
}

/** "14 Mar 2024, 15:02" in the reader's own zone. */
export function formatPostDate(date: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' }).format(date)
}
