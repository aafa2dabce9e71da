// Whether a file of a model computes what another one does.
import { ModelsError } from '../errors.ts'
import type { PostLogits } from '../evaluation/score-posts.ts'

/** How many posts are compared. */
export const PARITY_POSTS = 32

/** Of the largest logit: sums in another order differ by the rounding of float32, over a deep model by some 1e-5. */
const TOLERANCE = 1e-3

/** Compares the posts that `logits` has with the first of `expected`. Throws EXPORT_FAILED. */
export function checkParity(file: string, logits: PostLogits, expected: PostLogits): void {
  for (const [post, windows] of logits.entries()) {
    for (const [at, window] of windows.entries()) {
      const other = expected[post]?.[at]?.logits
      const scale = Math.max(1, ...window.logits.map(Math.abs))
      const difference = Math.max(
        ...window.logits.map((value, label) => Math.abs(value - (other?.[label] ?? Number.NaN))),
      )
      if (difference <= TOLERANCE * scale) continue
      throw new ModelsError(
        'EXPORT_FAILED',
        `${file} is not the model that was trained: its logits for post ${post} differ by ${difference}; expected at most ${TOLERANCE * scale}`,
      )
    }
  }
}
