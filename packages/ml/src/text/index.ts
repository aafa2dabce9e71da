// Text preparation, the same for training, evaluation and serving.

export { CARDIFF_PREPARATION, type Preparation, RAW_PREPARATION, TWEET_PREPARATION } from './preparation.ts'
export { prepareText } from './prepare-text.ts'
export { toWellFormed } from './well-formed.ts'
