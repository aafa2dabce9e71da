// Numbers as people read them.
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

export function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** Net sentiment, always with its sign. */
export function formatPoints(points: number): string {
  const rounded = points.toFixed(1)
  return points > 0 && rounded !== '0.0' ? `+${rounded}` : rounded.replace(/^-0\.0$/, '0.0')
}

export function formatBytes(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`
  return `${(bytes / 1e9).toFixed(2)} GB`
}

export function formatDuration(seconds: number): string {
  if (seconds < 1) return 'under 1 s'
  if (seconds < 100) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 100 ? `${minutes} min` : `${(minutes / 60).toFixed(1)} h`
}
