// How good scored posts are, with the probabilities that people get and with temperature 1.
import { combineWindows, type Evaluation, type EvaluationOptions, evaluate, softmax } from '@renown/ml'
import type { PostLogits } from './score-posts.ts'

export interface PostEvaluation {
  /** Of each post, in the order of the labels. */
  readonly probabilities: readonly (readonly number[])[]
  readonly evaluation: Evaluation
  /** The same with temperature 1. Its intervals are not worth reading: one resample. */
  readonly untempered: Evaluation
}

export interface EvaluatePostsOptions extends EvaluationOptions {
  readonly temperature: number
}

/** Throws EVALUATION_INVALID of the learning core. */
export function evaluatePosts(
  logits: PostLogits,
  classes: readonly number[],
  labels: readonly string[],
  options: EvaluatePostsOptions,
): PostEvaluation {
  const probabilities = postProbabilities(logits, options.temperature)
  return {
    probabilities,
    evaluation: evaluate(classes, probabilities, labels, options),
    untempered: evaluate(classes, postProbabilities(logits, 1), labels, { resamples: 1 }),
  }
}

/** The windows of a post combined as in serving: after the softmax, weighted by their tokens. */
export function postProbabilities(logits: PostLogits, temperature: number): number[][] {
  return logits.map((windows) =>
    combineWindows(
      windows.map((window) => softmax(window.logits, temperature)),
      windows.map((window) => window.tokens),
    ),
  )
}
