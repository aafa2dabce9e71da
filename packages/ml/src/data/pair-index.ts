// Where in a row of words two words stand at a distance.

/** Of `words`, whose numbers are from 0: places p sorted by words[p] and words[p + distance]. 4 bytes a word. */
export interface PairIndex {
  /** How often the pair occurs, and where. */
  find(first: number, second: number): PlaceRange
}

export interface PlaceRange {
  readonly count: number
  /** The place of the first word of one of them, 0 to count − 1. */
  at(index: number): number
}

export function indexPairs(words: Int32Array, distance: number): PairIndex {
  const places = new Uint32Array(Math.max(0, words.length - distance)).map((_, place) => place)
  const compare = (place: number, first: number, second: number): number =>
    words[place]! - first || words[place + distance]! - second
  places.sort((one, other) => compare(one, words[other]!, words[other + distance]!) || one - other)

  /** The first of the sorted places whose pair isn't before this one. */
  const lowerBound = (first: number, second: number): number => {
    let low = 0
    let high = places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compare(places[middle]!, first, second) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  return {
    find(first, second) {
      const from = lowerBound(first, second)
      return { count: lowerBound(first, second + 1) - from, at: (index) => places[from + index]! }
    },
  }
}
