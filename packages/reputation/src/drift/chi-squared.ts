// The tail of the chi-squared distribution.

const STEPS = 10_000
const CLOSE = 1e-14
const TINY = 1e-300

/** The probability of a value of at least `x` with `degrees` degrees of freedom; 1 without any. */
export function chiSquaredTail(x: number, degrees: number): number {
  if (degrees <= 0 || x <= 0) return 1
  return upperGamma(degrees / 2, x / 2)
}

/** Q(a, x), the regularised upper incomplete gamma function. Abramowitz and Stegun (1964), 6.5.29 and 6.5.31. */
function upperGamma(a: number, x: number): number {
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a))
  return x < a + 1 ? 1 - scale * series(a, x) : scale * continuedFraction(a, x)
}

function series(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let step = 1; step < STEPS && term > sum * CLOSE; step++) {
    term *= x / (a + step)
    sum += term
  }
  return sum
}

/** Lentz's method, as W. J. Thompson and A. R. Barnett describe it, J. Comput. Phys. 64 (1986). */
function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let product = d
  for (let step = 1; step < STEPS; step++) {
    const numerator = -step * (step - a)
    b += 2
    d = 1 / nonZero(numerator * d + b)
    c = nonZero(b + numerator / c)
    product *= d * c
    if (Math.abs(d * c - 1) < CLOSE) break
  }
  return product
}

function nonZero(value: number): number {
  return Math.abs(value) < TINY ? TINY : value
}

/** Stirling's series, from 10 on; below, by Γ(a + 1) = a · Γ(a). Abramowitz and Stegun (1964), 6.1.41. */
function logGamma(a: number): number {
  if (a < 10) return logGamma(a + 1) - Math.log(a)
  const square = 1 / (a * a)
  const correction = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / a
  return (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + correction
}
