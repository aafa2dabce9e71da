// How a model wants its texts prepared: part of every model's manifest.

export interface Preparation {
  /** `@name`, `@name@host`, `@name.bsky.social` as they are, or all as `@user`. */
  readonly mentions: 'keep' | '@user'
  /** Web addresses as they are, all as `http`, or left out. */
  readonly urls: 'keep' | 'http' | 'drop'
  /** HTML entities (`&amp;`) as they are or decoded, once. */
  readonly entities: 'keep' | 'decode'
  /** Literal escapes (`\u2019`, `\u002c`, `\""`) that old data sets hold: as they are, or as the characters they stand for. */
  readonly escapes: 'keep' | 'decode'
}

/** The raw text. */
export const RAW_PREPARATION: Preparation = { mentions: 'keep', urls: 'keep', entities: 'keep', escapes: 'keep' }

/** What TweetEval's sentiment set holds (Barbieri et al. 2020): mentions as `@user`, web addresses left out. */
export const TWEET_PREPARATION: Preparation = { mentions: '@user', urls: 'drop', entities: 'decode', escapes: 'decode' }

/** What the card of cardiffnlp/twitter-roberta-base-sentiment-latest asks for: `@user` and `http`. */
export const CARDIFF_PREPARATION: Preparation = {
  mentions: '@user',
  urls: 'http',
  entities: 'decode',
  escapes: 'decode',
}
