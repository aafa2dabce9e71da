// Numbers as the page writes them: grouped thousands, a real minus sign, points and shares.

const MINUS = '\u2212'
const THIN = '\u202f'
/** Keeps a number and its margin on one line. */
const SPACE = '\u00a0'

/** 1204 → "1,204"; negative numbers get U+2212. */
export function formatCount(value: number): string {
  const digits = String(Math.abs(Math.round(value))).replace(/\B(?=(\d{3})+$)/g, ',')
  return value <= -0.5 ? MINUS + digits : digits
}

/** "1 post", "1,204 posts": a count with its noun. */
export function formatNoun(value: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(value)} ${value === 1 ? one : many}`
}

/** 12400 → "12.4 k", 3200000 → "3.2 M"; below a thousand the number itself. */
export function formatCompact(value: number): string {
  for (const [size, unit] of [
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const) {
    if (Math.abs(value) >= size * 0.9995) return `${trimZero(value / size)}${THIN}${unit}`
  }
  return formatCount(value)
}

function trimZero(value: number): string {
  const digits = Math.abs(value) >= 99.95 ? value.toFixed(0) : value.toFixed(1).replace(/\.0$/, '')
  return digits.replace('-', MINUS)
}

/** Net sentiment in whole points: "+4", "−8", "0". */
export function formatPoints(points: number): string {
  const whole = Math.round(points)
  if (whole === 0) return '0'
  return (whole > 0 ? '+' : MINUS) + Math.abs(whole)
}

export interface Interval {
  readonly points: number
  readonly low: number
  readonly high: number
}

/** "−8 ± 4", or "−96 (−100 to −81)" where the interval is not symmetrical to the point. */
export function formatNet(net: Interval): string {
  const below = net.points - net.low
  const above = net.high - net.points
  if (Math.abs(below - above) > 2) return `${formatPoints(net.points)} (${formatRange(net)})`
  return `${formatPoints(net.points)}${SPACE}±${SPACE}${Math.max(1, Math.round((below + above) / 2))}`
}

/** "−12 to −4". */
export function formatRange(net: Pick<Interval, 'low' | 'high'>): string {
  return `${formatPoints(net.low)} to ${formatPoints(net.high)}`
}

/** A share from 0 to 1 as a percentage that never rounds something to nothing or to everything. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.005) return '<1%'
  if (share < 1 && share >= 0.995) return '>99%'
  return `${Math.round(share * 100)}%`
}

/** "32–37%": the interval of a share. */
export function formatShareRange(low: number, high: number): string {
  return `${Math.round(low * 100)}–${Math.round(high * 100)}%`
}

/** A score between 0 and 1 with three decimals, as model cards print them. */
export function formatScore(value: number): string {
  return value.toFixed(3).replace('-', MINUS)
}

/** 3355443 → "3.4 MB" (decimal units). */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`
  for (const [size, unit] of [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
  ] as const) {
    if (bytes >= size * 0.9995) return `${trimZero(bytes / size)} ${unit}`
  }
  return `${trimZero(bytes / 1e3)} kB`
}

/** Characters as people count them: an astral character or a lone surrogate is one. */
export function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
