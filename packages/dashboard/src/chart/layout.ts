// Two pictures over one time axis: net sentiment above, columns of volume beneath.
import type uPlot from 'uplot'

/** Of the plot's height: net sentiment, then air, then volume. */
const NET_SHARE = 0.66
const VOLUME_SHARE = 0.24

/** The scale that puts −100…100 into the upper part. */
export const NET_RANGE: readonly [number, number] = [100 - 200 / NET_SHARE, 100]
export const NET_TICKS: readonly number[] = [-100, -50, 0, 50, 100]

/** The scale that puts 0…top into the lower part. */
export function volumeRange(top: number): [number, number] {
  return [0, top / VOLUME_SHARE]
}

/** In pixels of the canvas. */
export interface Frame {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  /** Where the net part ends. */
  readonly netBottom: number
  readonly ratio: number
  x(seconds: number): number
  net(points: number): number
  volume(posts: number): number
}

export function frameOf(plot: uPlot): Frame {
  const { left, top, width, height } = plot.bbox
  return {
    left,
    top,
    right: left + width,
    bottom: top + height,
    netBottom: plot.valToPos(-100, 'net', true),
    ratio: devicePixelRatio,
    x: (seconds) => plot.valToPos(seconds, 'x', true),
    net: (points) => plot.valToPos(points, 'net', true),
    volume: (posts) => plot.valToPos(posts, 'volume', true),
  }
}
