// The highest value since the last scrape, for whoever scrapes: one who comes often doesn't take it from another.

const HELD_SECONDS = 15

export interface PeakHold {
  /** Takes the peak since the last look, and gives the highest of the last 15 seconds' looks. */
  look(peak: number): number
}

/** `seconds`: a clock that nobody sets. */
export function createPeakHold(seconds: () => number = () => performance.now() / 1000): PeakHold {
  let looks: readonly { readonly at: number; readonly peak: number }[] = []
  return {
    look(peak) {
      const at = seconds()
      // Earlier looks that are lower can't be the highest again.
      const earlier = looks.filter((look) => at - look.at < HELD_SECONDS && look.peak > peak)
      looks = [...earlier, { at, peak }]
      return looks[0]!.peak
    },
  }
}
