// Preparations of posts, by the names that people give.
import { CARDIFF_PREPARATION, type Preparation, RAW_PREPARATION, TWEET_PREPARATION } from '@renown/ml'

export const PREPARATION_NAMES = ['cardiff', 'tweet', 'raw'] as const
export type PreparationName = (typeof PREPARATION_NAMES)[number]

export const PREPARATIONS: Readonly<Record<PreparationName, Preparation>> = {
  cardiff: CARDIFF_PREPARATION,
  tweet: TWEET_PREPARATION,
  raw: RAW_PREPARATION,
}
