// From values to places on a plot, and the round values that an axis shows.

export interface Scale {
  readonly low: number
  readonly high: number
  readonly ticks: readonly number[]
  /** Place of a value, in per cent from the low end. */
  at(value: number): number
}

const STEPS = [1, 2, 2.5, 5, 10]

/** A scale over the values; its ticks are round, `wanted` of them or fewer. Equal values get room on both sides. */
export function makeScale(
  values: readonly number[],
  wanted: number,
  limits: Partial<Record<'low' | 'high', number>> = {},
): Scale {
  const finite = values.filter(Number.isFinite)
  let low = limits.low ?? smallest(finite)
  let high = limits.high ?? largest(finite)
  if (high <= low) {
    const room = Math.max(Math.abs(low) * 0.1, 1e-6)
    low -= limits.low === undefined ? room : 0
    high += room
  }
  const step = roundStep((high - low) / wanted)
  const from = limits.low ?? Math.floor(low / step + 1e-9) * step
  const to = limits.high ?? Math.ceil(high / step - 1e-9) * step
  const first = Math.ceil(from / step - 1e-9)
  const count = Math.floor(to / step + 1e-9) - first + 1
  return {
    low: from,
    high: to,
    ticks: Array.from({ length: count }, (_, index) => Number(((first + index) * step).toPrecision(12))),
    at: (value) => Math.round(((value - from) / (to - from)) * 1e5) / 1e3,
  }
}

function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const factor = STEPS.find((step) => step * power >= least * (1 - 1e-9)) ?? 10
  return factor * power
}

/** Not by spreading: a long run has more values than a call has room for. */
function smallest(values: readonly number[]): number {
  return values.reduce((least, value) => Math.min(least, value), values[0] ?? 0)
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), values[0] ?? 1)
}
