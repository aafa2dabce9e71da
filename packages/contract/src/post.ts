// The posts behind a number, page by page.
import { Type } from 'typebox'
import { type Component, component, nullableString, reference, words } from './schema.ts'
import { EXAMPLE_SCORES, SENTIMENTS, type Sentiment, type SentimentScores, SentimentScoresSchema } from './sentiment.ts'

export interface ScoredPost {
  line: number
  text: string
  label: Sentiment
  score: number
  scores: SentimentScores
  date: string | null
  author: string | null
  source: string | null
}

export interface PostPage {
  posts: ScoredPost[]
  next: string | null
}

export const POST_ORDERS = ['strongest', 'file'] as const
export type PostOrder = (typeof POST_ORDERS)[number]

export interface PostQuery {
  label?: Sentiment
  from?: string
  to?: string
  order?: PostOrder
  limit?: number
  cursor?: string
}

export const EXAMPLE_POST: ScoredPost = {
  line: 2,
  text: 'The new app is a joy to use, thank you!',
  label: 'positive',
  score: 0.907,
  scores: EXAMPLE_SCORES,
  date: '2026-01-02T03:04:05.000Z',
  author: null,
  source: null,
}

export const ScoredPostSchema: Component<ScoredPost> = component<ScoredPost>()(
  'ScoredPost',
  Type.Object(
    {
      line: Type.Integer({ minimum: 1, description: 'Line of the file, or row where it has no lines.' }),
      text: Type.String({ description: 'As it stands in the file: plain text, never HTML.' }),
      label: words(SENTIMENTS),
      score: Type.Number({ minimum: 0, maximum: 1, description: 'The probability of `label`.' }),
      scores: reference(SentimentScoresSchema),
      date: nullableString({ format: 'date-time', description: 'UTC, or null where the row has none.' }),
      author: nullableString(),
      source: nullableString(),
    },
    { description: 'One row of the file with its sentiment.', examples: [EXAMPLE_POST] },
  ),
)

export const PostPageSchema: Component<PostPage> = component<PostPage>()(
  'PostPage',
  Type.Object(
    {
      posts: Type.Array(reference(ScoredPostSchema)),
      next: nullableString({ description: 'The `cursor` of the next page; null on the last.' }),
    },
    { description: 'A page of posts.', examples: [{ posts: [EXAMPLE_POST], next: null }] },
  ),
)

export const PostQuerySchema: Component<PostQuery> = component<PostQuery>()(
  'PostQuery',
  Type.Object({
    label: Type.Optional(words(SENTIMENTS, { description: 'Only posts of this sentiment.' })),
    from: Type.Optional(
      Type.String({ description: 'Only posts of this moment (ISO 8601) or later.', examples: ['2026-01-02'] }),
    ),
    to: Type.Optional(Type.String({ description: 'Only posts before this moment.', examples: ['2026-01-03'] })),
    order: Type.Optional(
      words(POST_ORDERS, {
        default: 'strongest',
        description: '`strongest`: surest first, each distinct text once. `file`: every row, as in the file.',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
    cursor: Type.Optional(Type.String({ maxLength: 200, description: '`next` of the page before.' })),
  }),
)
