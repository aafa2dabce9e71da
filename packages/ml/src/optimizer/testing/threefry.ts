// Threefry-4x32 with 20 rounds, a block at a time, as its paper has it: the oracle of the tests.
const ROTATIONS = [
  [10, 26],
  [11, 21],
  [13, 27],
  [23, 5],
  [6, 20],
  [17, 11],
  [25, 10],
  [18, 20],
] as const
const PARITY = 0x1bd11bda

/** Salmon et al. 2011, section 4.2; counter, key and result are four words of 32 bits. */
export function threefry(counter: readonly number[], key: readonly number[]): number[] {
  const keys = Uint32Array.of(
    ...key,
    key.reduce((parity, word) => parity ^ word, PARITY),
  )
  const x = Uint32Array.from(counter, (word, index) => word + keys[index]!)
  for (let round = 0; round < 20; round++) {
    const [left, right] = ROTATIONS[round % 8]!
    const [second, fourth] = round % 2 === 0 ? [1, 3] : [3, 1]
    mix(x, 0, second, left)
    mix(x, 2, fourth, right)
    if (round % 4 !== 3) continue
    const times = (round + 1) / 4
    for (let word = 0; word < 4; word++) x[word]! += keys[(times + word) % 5]! + (word === 3 ? times : 0)
  }
  return [...x]
}

function mix(x: Uint32Array, a: number, b: number, rotation: number): void {
  x[a]! += x[b]!
  x[b] = ((x[b]! << rotation) | (x[b]! >>> (32 - rotation))) ^ x[a]!
}
