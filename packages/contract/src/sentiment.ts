// One text in, its sentiment out.
import { Type } from 'typebox'
import { type Component, component, reference, words } from './schema.ts'

export const SENTIMENTS = ['negative', 'neutral', 'positive'] as const
export type Sentiment = (typeof SENTIMENTS)[number]

export interface SentimentScores {
  negative: number
  neutral: number
  positive: number
}

export interface SentimentRequest {
  text: string
}

export interface SentimentResponse {
  label: Sentiment
  score: number
  scores: SentimentScores
  model: string
  windows: number
}

const probability = Type.Number({ minimum: 0, maximum: 1 })

export const EXAMPLE_SCORES: SentimentScores = { negative: 0.012, neutral: 0.081, positive: 0.907 }

export const EXAMPLE_RESPONSE: SentimentResponse = {
  label: 'positive',
  score: 0.907,
  scores: EXAMPLE_SCORES,
  model: '1.0.0',
  windows: 1,
}

export const SentimentScoresSchema: Component<SentimentScores> = component<SentimentScores>()(
  'SentimentScores',
  Type.Object(
    { negative: probability, neutral: probability, positive: probability },
    { description: 'The probability of each sentiment; they add up to 1.', examples: [EXAMPLE_SCORES] },
  ),
)

export const SentimentRequestSchema: Component<SentimentRequest> = component<SentimentRequest>()(
  'SentimentRequest',
  Type.Object(
    {
      text: Type.String({
        description: 'The post. Any Unicode text that is not blank, up to the length limit of the server.',
        examples: ['The new app is a joy to use, thank you!'],
      }),
    },
    {
      description: 'One text to classify.',
      examples: [{ text: 'The new app is a joy to use, thank you!' }],
    },
  ),
)

export const SentimentResponseSchema: Component<SentimentResponse> = component<SentimentResponse>()(
  'SentimentResponse',
  Type.Object(
    {
      label: words(SENTIMENTS, { description: 'The most probable sentiment.', examples: ['positive'] }),
      score: Type.Number({ minimum: 0, maximum: 1, description: 'The probability of `label`.', examples: [0.907] }),
      scores: reference(SentimentScoresSchema),
      model: Type.String({ description: 'The version of the model that answered.', examples: ['1.0.0'] }),
      windows: Type.Integer({
        minimum: 1,
        description:
          'How many overlapping windows the text was scored in: 1, or more where it is longer than the model reads at once.',
        examples: [1],
      }),
    },
    { description: 'What the model says about one text.', examples: [EXAMPLE_RESPONSE] },
  ),
)
