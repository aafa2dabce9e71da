// Numbers and names as a report shows them.
import type { Interval } from '@renown/ml'

const MINUS = '−'

export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** A share in per cent with one decimal. */
export function formatShare(share: number): string {
  return `${formatPoints(share)} %`
}

/** The same without its sign, for columns that have it in their head. */
export function formatPoints(share: number): string {
  return (share * 100).toFixed(1)
}

/** `70.3 – 72.0`, in per cent. */
export function formatInterval([low, high]: Interval): string {
  return `${formatPoints(low)} – ${formatPoints(high)}`
}

/** A difference of shares in points, with its sign. */
export function formatDifference(difference: number): string {
  const points = (Math.abs(difference) * 100).toFixed(1)
  if (points === '0.0') return '0.0'
  return `${difference < 0 ? MINUS : '+'}${points}`
}

/** Four significant digits at most; very small and very large numbers as recipes write them: `8e-5`. */
export function formatNumber(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return formatPower(value)
  const digits = Number.isInteger(value) ? value.toLocaleString('en-US') : String(Number(value.toPrecision(4)))
  return digits.replace('-', MINUS)
}

function formatPower(value: number): string {
  const [digits = '', power = ''] = value.toExponential(2).split('e')
  return `${Number(digits)}e${Number(power)}`
}

/** A share in whole per cent, for axes; with one decimal where it has one. */
export function formatTick(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

/** `45 s`, `12 min`, `2 h 5 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 100) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const rest = minutes % 60
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`
}

/** `25 November 2026`. */
export function formatDay(time: string): string {
  return new Date(time).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

const ENCODINGS: Readonly<Record<string, string>> = { float32: '32-bit', int8: '8-bit', uint8: '8-bit' }

export function nameEncoding(encoding: string): string {
  return ENCODINGS[encoding] ?? encoding
}

/** `8-bit (onnx/model_quantized.onnx)`. */
export function nameFile({ file, encoding }: { readonly file: string; readonly encoding: string }): string {
  return `${nameEncoding(encoding)} (${file})`
}
