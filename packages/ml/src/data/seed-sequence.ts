// Entropy from a seed, spread as NumPy's SeedSequence spreads it.

// numpy/random/bit_generator.pyx, after Melissa O'Neill's seed_seq_fe
const POOL_WORDS = 4
const INIT_A = 0x43b0d7e5
const MULT_A = 0x931e8875
const INIT_B = 0x8b51f9dd
const MULT_B = 0x58f38ded
const MIX_MULT_L = 0xca01f9dd
const MIX_MULT_R = 0x4973f715

/**
 * `SeedSequence(seed).generate_state(words)`: whole numbers of 32 bits.
 * `seed` is a whole number from 0 to 2^53 − 1.
 */
export function seedWords(seed: number, words: number): Uint32Array {
  const pool = mixEntropy(seed)
  const state = new Uint32Array(words)
  let constant = INIT_B
  for (let index = 0; index < words; index++) {
    let value = (pool[index % POOL_WORDS] ?? 0) ^ constant
    constant = Math.imul(constant, MULT_B)
    value = Math.imul(value, constant)
    state[index] = value ^ (value >>> 16)
  }
  return state
}

/** A seed of two words fills two places of the pool, the rest is as if it were 0: no seed is longer than the pool here. */
function mixEntropy(seed: number): Uint32Array {
  const pool = new Uint32Array(POOL_WORDS)
  const hash = createHash()
  const entropy = [seed % 0x100000000, Math.floor(seed / 0x100000000)]
  for (let index = 0; index < POOL_WORDS; index++) pool[index] = hash(entropy[index] ?? 0)
  for (let source = 0; source < POOL_WORDS; source++) {
    for (let target = 0; target < POOL_WORDS; target++) {
      if (source !== target) pool[target] = mix(pool[target] ?? 0, hash(pool[source] ?? 0))
    }
  }
  return pool
}

/** Its constant moves on with every call. */
function createHash(): (value: number) => number {
  let constant = INIT_A
  return (value) => {
    let hashed = value ^ constant
    constant = Math.imul(constant, MULT_A)
    hashed = Math.imul(hashed, constant)
    return (hashed ^ (hashed >>> 16)) >>> 0
  }
}

function mix(x: number, y: number): number {
  const mixed = Math.imul(MIX_MULT_L, x) - Math.imul(MIX_MULT_R, y)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
