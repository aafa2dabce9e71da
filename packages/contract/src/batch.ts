// Several texts in one request, one result for each.
import { Type } from 'typebox'
import { API_ERROR_CODES, type ApiErrorCode, type ErrorEntry } from './error-codes.ts'
import { type Component, component, reference } from './schema.ts'
import { EXAMPLE_RESPONSE, type SentimentResponse, SentimentResponseSchema } from './sentiment.ts'

export interface BatchRequest {
  texts: string[]
}

/** Why this one text has no label; the others of the batch have theirs. */
export interface ItemError {
  error: { code: string; detail: string }
}

export type BatchResult = SentimentResponse | ItemError

export interface BatchResponse {
  model: string
  results: BatchResult[]
}

const itemCode: ApiErrorCode = 'TEXT_EMPTY'
const itemEntry: ErrorEntry = API_ERROR_CODES[itemCode]
const EXAMPLE_ITEM_ERROR: ItemError = { error: { code: itemCode, detail: itemEntry.title } }

export const BatchRequestSchema: Component<BatchRequest> = component<BatchRequest>()(
  'BatchRequest',
  Type.Object(
    {
      texts: Type.Array(Type.String(), {
        minItems: 1,
        description: 'The texts, 1 up to the batch limit of the server (1,000 unless configured).',
        examples: [['The new app is a joy to use, thank you!', 'Third outage this week.']],
      }),
    },
    {
      description: 'Texts to classify together.',
      examples: [{ texts: ['The new app is a joy to use, thank you!', ' '] }],
    },
  ),
)

export const ItemErrorSchema: Component<ItemError> = component<ItemError>()(
  'ItemError',
  Type.Object(
    {
      error: Type.Object({
        code: Type.String({ description: 'One of the error codes of the API.', examples: [itemCode] }),
        detail: Type.String({ examples: [itemEntry.title] }),
      }),
    },
    { description: 'Why this one text was refused.', examples: [EXAMPLE_ITEM_ERROR] },
  ),
)

export const BatchResponseSchema: Component<BatchResponse> = component<BatchResponse>()(
  'BatchResponse',
  Type.Object(
    {
      model: Type.String({ description: 'The version of the model that answered.', examples: ['1.0.0'] }),
      results: Type.Array(Type.Union([reference(SentimentResponseSchema), reference(ItemErrorSchema)]), {
        description: 'One result for each text, in the same order.',
      }),
    },
    {
      description: 'One result for each text, in the same order.',
      examples: [{ model: '1.0.0', results: [EXAMPLE_RESPONSE, EXAMPLE_ITEM_ERROR] }],
    },
  ),
)
