// How far a long command has come: a bar on a terminal, a plain line every few seconds elsewhere.
import { formatCount, formatDuration } from './format/numbers.ts'
import type { Io } from './io.ts'

export interface ProgressState {
  readonly rows: number
  /** From 0 to 1, where it is known. */
  readonly share: number | null
}

export interface Progress {
  update(state: ProgressState): void
  stop(): void
}

export const NO_PROGRESS: Progress = { update: () => {}, stop: () => {} }

const BAR_AFTER_MS = 500
const LINE_EVERY_MS = 5000
const UPDATE_EVERY_MS = 100

/** Nothing is shown of what is done in half a second. */
export async function createProgress(io: Io, what: string): Promise<Progress> {
  const meter = await createMeter(io, what)
  const started = performance.now()
  return {
    update: (state) => meter.update(state.share, () => describeProgress(state, performance.now() - started)),
    stop: () => meter.stop(),
  }
}

/** Like progress, in words of the caller's. */
export interface Meter {
  /** `share` from 0 to 1, where it is known; `describe` is called when something is shown. */
  update(share: number | null, describe: () => string): void
  /** Writes a line that stays. */
  say(line: string): void
  stop(): void
}

export interface MeterOptions {
  /** Milliseconds between plain lines. */
  readonly lineEvery?: number
}

export async function createMeter(io: Io, what: string, options: MeterOptions = {}): Promise<Meter> {
  return io.stderr.isTTY === true ? await createBar(io, what) : createLines(io, what, options)
}

async function createBar(io: Io, what: string): Promise<Meter> {
  const { default: cliProgress } = await import('cli-progress')
  const started = performance.now()
  const options = {
    stream: io.stderr as NodeJS.WritableStream,
    format: `${what} {bar} {percent} | {description}`,
    hideCursor: null,
    clearOnComplete: true,
    forceRedraw: true,
    barsize: 24,
    fps: 10,
  }
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic)
  let isShown = false
  let updated = 0
  return {
    update(share, describe) {
      const now = performance.now()
      if (now - started < BAR_AFTER_MS || now - updated < UPDATE_EVERY_MS) return
      updated = now
      const payload = {
        percent: share === null ? '' : `${Math.floor(100 * share)} %`.padStart(5),
        description: describe(),
      }
      if (!isShown) bar.start(1, 0, payload)
      isShown = true
      bar.update(share ?? 0, payload)
    },
    say(line) {
      io.stderr.write(isShown ? `${CLEAR_LINE}${line}\n` : `${line}\n`)
    },
    stop() {
      if (isShown) bar.stop()
    },
  }
}

const CLEAR_LINE = '\r\u001b[K'

function createLines(io: Io, what: string, { lineEvery = LINE_EVERY_MS }: MeterOptions): Meter {
  let shown = performance.now()
  return {
    update(share, describe) {
      const now = performance.now()
      if (now - shown < lineEvery) return
      shown = now
      const percent = share === null ? '' : ` (${Math.floor(100 * share)} %)`
      io.stderr.write(`${what}${percent}: ${describe()}\n`)
    },
    say: (line) => void io.stderr.write(`${line}\n`),
    stop: () => {},
  }
}

/** `12,000 rows, 1,450 rows/s, about 20 s left`. */
export function describeProgress({ rows, share }: ProgressState, elapsedMs: number): string {
  const seconds = elapsedMs / 1000
  const parts = [`${formatCount(rows)} rows`]
  if (seconds > 0) parts.push(`${formatCount(rows / seconds)} rows/s`)
  if (share !== null && share > 0 && share < 1)
    parts.push(`about ${formatDuration((seconds * (1 - share)) / share)} left`)
  return parts.join(', ')
}
