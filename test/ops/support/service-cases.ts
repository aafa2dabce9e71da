// What alerts of the service are tried with.
import { type AlertCase, JOB, ONE, one } from './alert-cases.ts'

function requests(status: number, handler = '/predict', instance = 'a'): string {
  return `http_requests_total{job="renown",instance="${instance}",method="POST",handler="${handler}",status="${status}"}`
}

const latency = {
  fast: 'http_requests_latency_seconds_bucket{job="renown",instance="a",method="POST",handler="/predict",le="0.25"}',
  all: 'http_requests_latency_seconds_count{job="renown",instance="a",method="POST",handler="/predict"}',
}

function queue(bound: string): string {
  return `renown_inference_stage_seconds_bucket{job="renown",instance="a",stage="queue",le="${bound}"}`
}

export const SERVICE_CASES: Readonly<Record<string, AlertCase>> = {
  AvailabilityBurnsFast: {
    trouble: { [requests(200)]: '0+57x120 6900+60x200', [requests(500)]: '0+3x120 360+0x200' },
    firesAt: '60m',
    resolvedAt: '180m',
    labels: JOB,
    summary: '5% of requests fail by our fault',
    // Everything fails, but it is nine requests; and the health checks that succeed don't hide failures.
    quiet: { [requests(500)]: '0+0x10 1+1x8 9+0x90', [requests(200, '/health/live')]: '0+60x110' },
    quietAt: '40m',
    others: {
      'ten times too fast for hours': {
        series: { [requests(200)]: '0+99x240', [requests(500)]: '0+1x240' },
        at: '200m',
        summary: '1% of requests fail by our fault',
      },
      'five times too fast': { series: { [requests(200)]: '0+199x240', [requests(500)]: '0+1x240' }, at: '200m' },
      'refusals and bad requests': {
        series: { [requests(200)]: '0+10x90', [requests(429)]: '0+50x90', [requests(422)]: '0+50x90' },
        at: '60m',
      },
      // A mean of the replicas' shares would be 5 %.
      'a replica that answers little, and fails a tenth of it': {
        series: {
          [requests(200)]: '0+27x90',
          [requests(500)]: '0+3x90',
          [requests(200, '/predict', 'b')]: '0+570x90',
        },
        at: '70m',
      },
      // A mean of the replicas' shares would be 2.5 %.
      'a replica that answers nearly everything, and fails a twentieth of it': {
        series: {
          [requests(200)]: '0+190x90',
          [requests(500)]: '0+10x90',
          [requests(200, '/predict', 'b')]: '0+5x90',
        },
        at: '70m',
        summary: '4.878% of requests fail by our fault',
      },
      'a counter that begins anew': {
        series: { [requests(200)]: '0+57x30 0+57x60', [requests(500)]: '500+0x30 0+0x60' },
        at: '34m',
      },
    },
  },
  AvailabilityBurnsSlowly: {
    evaluated: '10m',
    interval: '5m',
    trouble: { [requests(200)]: '0+249x420', [requests(500)]: '0+1x320 320+0x100' },
    firesAt: '1500m',
    resolvedAt: '1980m',
    labels: JOB,
    summary: '0.4% of requests fail by our fault, for a day or longer',
    quiet: { [requests(200)]: '0+1999x320', [requests(500)]: '0+1x320' },
    quietAt: '1500m',
    others: {
      'twice too fast for days': {
        series: { [requests(200)]: '0+499x320', [requests(500)]: '0+1x320' },
        at: '1500m',
        summary: '0.2% of requests fail by our fault, for a day or longer',
      },
      'nine failures and nothing else': { series: { [requests(500)]: '0+0x200 1+1x8 9+0x200' }, at: '1200m' },
    },
  },
  LatencyBurnsFast: {
    trouble: { [latency.all]: '0+60x320', [latency.fast]: '0+48x120 5820+60x200' },
    firesAt: '60m',
    resolvedAt: '180m',
    labels: JOB,
    summary: '20% of predictions take longer than 250 ms',
    quiet: { [latency.all]: '0+60x120', [latency.fast]: '0+57x120' },
    quietAt: '100m',
    others: {
      'eight times too fast for hours': {
        series: { [latency.all]: '0+100x240', [latency.fast]: '0+92x240' },
        at: '200m',
        summary: '8% of predictions take longer than 250 ms',
      },
      'slow ones among many that are refused at once': {
        series: {
          [latency.all]: '0+100x90',
          [latency.fast]: '0+96x90',
          [requests(429)]: '0+70x90',
          [requests(422)]: '0+10x90',
          [requests(200)]: '0+20x90',
        },
        at: '60m',
        summary: '20% of predictions take longer than 250 ms',
      },
      'nine slow ones and nothing else': {
        series: { [latency.all]: '0+0x10 1+1x8 9+0x90', [latency.fast]: '0+0x110' },
        at: '20m',
      },
    },
  },
  LatencyBurnsSlowly: {
    evaluated: '10m',
    interval: '5m',
    trouble: { [latency.all]: '0+100x420', [latency.fast]: '0+96x320 30820+100x100' },
    firesAt: '1500m',
    resolvedAt: '1980m',
    labels: JOB,
    summary: '4% of predictions take longer than 250 ms, for a day or longer',
    quiet: { [latency.all]: '0+200x320', [latency.fast]: '0+199x320' },
    quietAt: '1500m',
    others: {
      'twice too fast for days': {
        series: { [latency.all]: '0+100x320', [latency.fast]: '0+98x320' },
        at: '1500m',
        summary: '2% of predictions take longer than 250 ms, for a day or longer',
      },
      'nine slow ones and nothing else': {
        series: { [latency.all]: '0+0x200 1+1x8 9+0x200', [latency.fast]: '0+0x410' },
        at: '1200m',
      },
    },
  },
  RequestsRefused: {
    trouble: { [requests(200)]: '0+90x90', [requests(429)]: '0+10x30 300+0x60' },
    firesAt: '20m',
    resolvedAt: '45m',
    labels: JOB,
    summary: '10% of requests are refused with 429',
    quiet: { [requests(200)]: '0+96x90', [requests(429)]: '0+4x90' },
    quietAt: '60m',
    others: {
      'all of them, but one a minute': { series: { [requests(429)]: '0+1x90' }, at: '60m' },
      // A mean of the replicas' shares would be 25 %.
      'half of them, at a replica that answers little': {
        series: {
          [requests(200)]: '0+4x90',
          [requests(429)]: '0+4x90',
          [requests(200, '/predict', 'b')]: '0+100x90',
        },
        at: '60m',
      },
    },
  },
  QueueWaitsLong: {
    trouble: { [queue('0.5')]: '0+0x30 60+60x60', [queue('1')]: '0+60x91', [queue('+Inf')]: '0+60x91' },
    firesAt: '20m',
    resolvedAt: '45m',
    labels: ONE,
    summary: 'Texts wait 975ms for the model on a',
    quiet: { [queue('0.5')]: '0+58x90', [queue('1')]: '0+60x90', [queue('+Inf')]: '0+60x90' },
    quietAt: '60m',
    others: {
      'all of them, but one a minute': {
        series: { [queue('0.5')]: '0+0x90', [queue('1')]: '0+1x90', [queue('+Inf')]: '0+1x90' },
        at: '60m',
      },
    },
  },
  EventLoopLags: {
    trouble: { [one('renown_event_loop_lag_max_seconds')]: '2+0x30 0.01+0x60' },
    firesAt: '20m',
    resolvedAt: '40m',
    labels: ONE,
    summary: 'The event loop of a is 2s late',
    quiet: { [one('renown_event_loop_lag_max_seconds')]: '0.9+0x60' },
    quietAt: '60m',
  },
  HeapNearlyFull: {
    trouble: { [one('renown_heap_used_bytes')]: '95+0x30 50+0x60', [one('renown_heap_limit_bytes')]: '100+0x91' },
    firesAt: '20m',
    resolvedAt: '40m',
    labels: ONE,
    summary: '95% of the JavaScript heap of a is in use',
    quiet: { [one('renown_heap_used_bytes')]: '89+0x60', [one('renown_heap_limit_bytes')]: '100+0x60' },
    quietAt: '60m',
  },
  FilesNearlyUsedUp: {
    trouble: { [one('process_open_fds')]: '900+0x30 100+0x60', [one('process_max_fds')]: '1000+0x91' },
    firesAt: '20m',
    resolvedAt: '40m',
    labels: ONE,
    summary: 'a has 90% of the files and connections open that it may',
    quiet: { [one('process_open_fds')]: '790+0x60', [one('process_max_fds')]: '1000+0x60' },
    quietAt: '60m',
  },
  RenownRestarts: {
    trouble: { [one('process_start_time_seconds')]: '100+0x4 200+0x4 300+0x4 400+0x80' },
    firesAt: '20m',
    resolvedAt: '60m',
    labels: ONE,
    summary: 'a started 3 times within half an hour',
    quiet: { [one('process_start_time_seconds')]: '100+0x4 200+0x4 300+0x80' },
    quietAt: '20m',
  },
  InferenceWorkersCrash: {
    trouble: { [one('renown_inference_worker_restarts_total')]: '0+0x4 1+0x4 2+0x80' },
    firesAt: '18m',
    resolvedAt: '40m',
    labels: ONE,
    summary: 'Inference workers of a stopped 2 times within 15 minutes',
    quiet: { [one('renown_inference_worker_restarts_total')]: '0+0x4 1+0x80' },
    quietAt: '15m',
  },
}
