// The process itself: since when, memory, processor time, files, how late the event loop is.
import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import { Gauge, type Registry } from 'prom-client'
import { createPeakHold } from './peak-hold.ts'
import { SeriesCounter, SeriesHistogram } from './series.ts'

const PAUSES = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

export interface ProcessMetrics {
  /** Reads the numbers, once for each scrape. */
  refresh(): void
  close(): void
}

/** `now`: milliseconds since 1970, asked once. */
export function createProcessMetrics(registry: Registry, now: () => number = Date.now): ProcessMetrics {
  const parts = [
    createUsage(registry, now),
    createMemory(registry),
    createEventLoop(registry),
    createCollections(registry),
  ]
  return {
    refresh() {
      for (const part of parts) part.refresh()
    },
    close() {
      for (const part of parts) part.close()
    },
  }
}

function createUsage(registry: Registry, now: () => number): ProcessMetrics {
  const registers = [registry]
  const processor = new SeriesCounter({ name: 'process_cpu_seconds_total', help: 'Processor time used.', registers })
  const started = 'When the process began, in seconds since 1970.'
  const startedAt = Math.round(now() / 1000 - process.uptime())
  new Gauge({ name: 'process_start_time_seconds', help: started, registers }).set(startedAt)
  const open = new Gauge({ name: 'process_open_fds', help: 'Files and connections that are open.', registers })
  const most = new Gauge({ name: 'process_max_fds', help: 'Files and connections that may be open.', registers })
  most.set(readFileLimit())
  return {
    refresh() {
      const { user, system } = process.cpuUsage()
      processor.at().value = (user + system) / 1e6
      open.set(countOpenFiles())
    },
    close: () => {},
  }
}

/** Linux tells; elsewhere it isn't known. */
function countOpenFiles(): number {
  try {
    // One of them is the folder itself.
    return readdirSync('/proc/self/fd').length - 1
  } catch {
    return Number.NaN
  }
}

function readFileLimit(): number {
  try {
    return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Number.NaN)
  } catch {
    return Number.NaN
  }
}

function createMemory(registry: Registry): ProcessMetrics {
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers: [registry] })
  const resident = gauge('process_resident_memory_bytes', 'Memory in use.')
  const heap = gauge('renown_heap_used_bytes', 'Memory of JavaScript objects.')
  const limit = gauge('renown_heap_limit_bytes', 'Memory that JavaScript objects may take.')
  const external = gauge('renown_external_memory_bytes', 'Memory of buffers and of what is bound to objects.')
  return {
    refresh() {
      const { rss, heapUsed, external: bound } = process.memoryUsage()
      resident.set(rss)
      heap.set(heapUsed)
      limit.set(getHeapStatistics().heap_size_limit)
      external.set(bound)
    },
    close: () => {},
  }
}

function createEventLoop(registry: Registry): ProcessMetrics {
  const gauge = (name: string, help: string): Gauge =>
    new Gauge({ name: `renown_event_loop_${name}`, help, registers: [registry] })
  const lag = gauge('lag_max_seconds', 'How late the event loop was at worst since the last scrape.')
  const busy = new SeriesCounter({
    name: 'renown_event_loop_busy_seconds_total',
    help: 'Time that the event loop had something to do.',
    registers: [registry],
  })
  const delay = monitorEventLoopDelay({ resolution: 20 })
  const peaks = createPeakHold()
  delay.enable()
  return {
    refresh() {
      lag.set(peaks.look(delay.max / 1e9))
      delay.reset()
      busy.at().value = performance.eventLoopUtilization().active / 1000
    },
    close: () => void delay.disable(),
  }
}

function createCollections(registry: Registry): ProcessMetrics {
  const pauses = new SeriesHistogram({
    name: 'renown_gc_pause_seconds',
    help: 'Pauses of the garbage collector.',
    buckets: PAUSES,
    registers: [registry],
  }).at()
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) pauses.observe(duration / 1000)
  })
  observer.observe({ entryTypes: ['gc'] })
  return { refresh: () => {}, close: () => observer.disconnect() }
}
