// The process itself: memory, processor time, how late the event loop is.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, type Registry } from 'prom-client'

export interface ProcessMetrics {
  /** Reads the numbers, once for each scrape. */
  refresh(): void
  close(): void
}

export function createProcessMetrics(registry: Registry): ProcessMetrics {
  const registers = [registry]
  const memory = new Gauge({ name: 'process_resident_memory_bytes', help: 'Memory in use.', registers })
  const processor = new Counter({ name: 'process_cpu_seconds_total', help: 'Processor time used.', registers })
  const lag = new Gauge({
    name: 'renown_event_loop_lag_max_seconds',
    help: 'How late the event loop was at worst since the last scrape.',
    registers,
  })
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  return {
    refresh() {
      const { user, system } = process.cpuUsage()
      memory.set(process.memoryUsage.rss())
      processor.reset()
      processor.inc((user + system) / 1e6)
      lag.set(delay.max / 1e9)
      delay.reset()
    },
    close: () => void delay.disable(),
  }
}
