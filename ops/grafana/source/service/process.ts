// Row of the dashboard Service. The process: processor, memory, event loop, files, restarts.
import type { Row } from '../dashboard.ts'
import { runbook } from '../panel.ts'
import { HERE } from './shared.ts'

export const PROCESS: Row = {
  title: 'Process',
  panels: [
    {
      title: 'Processor',
      description: 'Cores in use.',
      kind: 'timeseries',
      queries: [{ expr: `rate(process_cpu_seconds_total{${HERE}}[$__rate_interval])`, legend: '{{instance}}' }],
      unit: 'none',
      width: 8,
      min: 0,
    },
    {
      title: 'Memory',
      description: 'Resident memory; what V8 uses of it for objects, and how much of that it may use.',
      kind: 'timeseries',
      queries: [
        { expr: `process_resident_memory_bytes{${HERE}}`, legend: '{{instance}}' },
        { expr: `renown_heap_used_bytes{${HERE}}`, legend: '{{instance}} heap' },
        { expr: `renown_heap_limit_bytes{${HERE}}`, legend: '{{instance}} heap, at most' },
      ],
      unit: 'bytes',
      width: 8,
      min: 0,
      links: [runbook('HeapNearlyFull')],
    },
    {
      title: 'How late the event loop was',
      description: 'How long the thread that answers HTTP kept what was due waiting, at worst between scrapes.',
      kind: 'timeseries',
      queries: [{ expr: `renown_event_loop_lag_max_seconds{${HERE}}`, legend: '{{instance}}' }],
      unit: 's',
      width: 8,
      min: 0,
      thresholds: [
        [null, 'green'],
        [1, 'red'],
      ],
      links: [runbook('EventLoopLags')],
    },
    {
      title: 'Time that the event loop was busy',
      description: 'Share of time in which the thread that answers HTTP had something to do.',
      kind: 'timeseries',
      queries: [
        { expr: `rate(renown_event_loop_busy_seconds_total{${HERE}}[$__rate_interval])`, legend: '{{instance}}' },
      ],
      unit: 'percentunit',
      width: 8,
      min: 0,
      max: 1,
      thresholds: [
        [null, 'green'],
        [0.9, 'orange'],
      ],
      links: [runbook('EventLoopLags')],
    },
    {
      title: 'Open files and connections',
      description: 'As a share of what the process may have open.',
      kind: 'timeseries',
      queries: [{ expr: `process_open_fds{${HERE}} / process_max_fds{${HERE}}`, legend: '{{instance}}' }],
      unit: 'percentunit',
      width: 8,
      min: 0,
      thresholds: [
        [null, 'green'],
        [0.8, 'orange'],
      ],
      links: [runbook('FilesNearlyUsedUp')],
    },
    {
      title: 'Starts',
      description: 'How often each replica began anew within six hours, and inference workers that were replaced.',
      kind: 'timeseries',
      queries: [
        { expr: `changes(process_start_time_seconds{${HERE}}[6h])`, legend: '{{instance}}' },
        { expr: `increase(renown_inference_worker_restarts_total{${HERE}}[6h])`, legend: '{{instance}} workers' },
      ],
      unit: 'none',
      width: 8,
      min: 0,
      decimals: 0,
      links: [runbook('RenownRestarts'), runbook('InferenceWorkersCrash')],
    },
  ],
}
