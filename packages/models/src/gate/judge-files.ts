// Verdicts on what a candidate costs: time for a post, size of the served file.
import type { GateRule, MeasuredModel, ReferenceRole, SpeedReport } from './gate-types.ts'
import type { GatePolicy } from './policy.ts'

export function judgeLatency(speed: SpeedReport | null, against: ReferenceRole | null, policy: GatePolicy): GateRule[] {
  if (speed === null || against === null) return []
  const times = `${speed.candidate.toFixed(1)} ms a post, the ${against} ${speed.reference.toFixed(1)} ms, each post's fastest of ${speed.rounds} rounds in turns`
  return [ratioRule('latency', speed.ratio, policy.latency_ratio, times)]
}

export function judgeSize(
  candidate: MeasuredModel | undefined,
  reference: MeasuredModel | undefined,
  policy: GatePolicy,
): GateRule[] {
  if (candidate === undefined || reference === undefined) return []
  const sizes = `${megabytes(candidate.bytes)} MB (${candidate.file}), the ${reference.role} ${megabytes(reference.bytes)} MB`
  return [ratioRule('size', candidate.bytes / reference.bytes, policy.size_ratio, sizes)]
}

function ratioRule(rule: 'latency' | 'size', ratio: number, allowed: number, facts: string): GateRule {
  return {
    rule,
    subject: 'served file',
    status: ratio <= allowed ? 'pass' : 'fail',
    measured: ratio,
    bound: null,
    allowed,
    unit: 'ratio',
    sentence: `${facts}: ${ratio.toFixed(2)} times as much; ${allowed} is allowed`,
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1)
}
