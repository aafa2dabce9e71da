// Figures per second, as the Trainer's `speed_metrics` rounds them.

/** Nothing where no time has passed. */
export function perSecond<Name extends string>(
  name: Name,
  count: number,
  milliseconds: number,
): { [K in Name]?: number } {
  if (milliseconds <= 0) return {}
  return { [name]: roundTo(count / (milliseconds / 1000), 3) } as { [K in Name]?: number }
}

export function roundTo(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits
}
