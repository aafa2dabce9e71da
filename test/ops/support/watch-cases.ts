// What alerts about watching itself are tried with.
import { type AlertCase, another, JOB, ONE, one } from './alert-cases.ts'

const READY = 'renown_inference_ready'

export const WATCH_CASES: Readonly<Record<string, AlertCase>> = {
  RenownDown: {
    trouble: { [one('up')]: '1+0x4 0+0x9 1+0x30', [another('up')]: '0+0x60' },
    firesAt: '10m',
    resolvedAt: '20m',
    labels: JOB,
    summary: 'No Renown answers Prometheus',
    quiet: { [one('up')]: '1+0x4 0+0x1 1+0x30' },
    quietAt: '7m',
    others: { 'one of two': { series: { [one('up')]: '1+0x60', [another('up')]: '0+0x60' }, at: '20m' } },
  },
  ReplicaDown: {
    trouble: { [one('up')]: '1+0x4 0+0x9 1+0x30', [another(READY)]: '1+0x60' },
    firesAt: '12m',
    resolvedAt: '20m',
    labels: ONE,
    summary: 'a does not answer, or has no model, while other replicas do',
    // All of them: that is another alert, which pages.
    quiet: { [one('up')]: '0+0x60', [another('up')]: '0+0x60' },
    quietAt: '20m',
    others: {
      'one whose model does not answer': {
        series: { [one('up')]: '1+0x60', [one(READY)]: '0+0x60', [another(READY)]: '1+0x60' },
        at: '20m',
        summary: 'a does not answer, or has no model, while other replicas do',
      },
    },
  },
  RenownMissing: {
    trouble: { [one('up')]: '_x10 1+0x30' },
    firesAt: '8m',
    resolvedAt: '15m',
    labels: JOB,
    summary: 'Prometheus knows of no Renown to watch',
    // Down is not missing.
    quiet: { [one('up')]: '0+0x30' },
    quietAt: '20m',
  },
  ModelNotReady: {
    trouble: { [one(READY)]: '0+0x10 1+0x30', [another(READY)]: '0+0x40' },
    firesAt: '8m',
    resolvedAt: '15m',
    labels: JOB,
    summary: 'No replica has a model that answers',
    quiet: { [one(READY)]: '1+0x30', [another(READY)]: '0+0x30' },
    quietAt: '20m',
  },
  RulesFail: {
    trouble: {
      'prometheus_rule_evaluation_failures_total{job="prometheus",instance="p",rule_group="g"}':
        '0+0x2 5+5x30 155+0x60',
    },
    firesAt: '30m',
    resolvedAt: '60m',
    labels: { job: 'prometheus', instance: 'p', rule_group: 'g' },
    summary: 'Rules of g fail to evaluate',
    quiet: { 'prometheus_rule_evaluation_failures_total{job="prometheus",instance="p",rule_group="g"}': '7+0x60' },
    quietAt: '40m',
  },
}
