// What every error looks like: problem details (RFC 9457) with a stable code.
import { Type } from 'typebox'
import { API_ERROR_CODES, type ApiErrorCode } from './error-codes.ts'
import { type Component, component } from './schema.ts'

export interface ProblemField {
  path: string
  code: string
  detail: string
}

export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: string
  instance?: string
  errors?: ProblemField[]
}

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/** Where a code is explained, as a URI reference below the root of the server. */
export function problemType(code: ApiErrorCode): string {
  return `/docs/errors#${code}`
}

export function exampleProblem(code: ApiErrorCode): Problem {
  const { status, title, explanation } = API_ERROR_CODES[code]
  return { type: problemType(code), title, status, detail: explanation, code, instance: 'req-1' }
}

const fieldSchema = Type.Object({
  path: Type.String({ description: 'JSON pointer to the field, or the name of the parameter.', examples: ['/text'] }),
  code: Type.String({ description: 'The rule that failed.', examples: ['type'] }),
  detail: Type.String({ examples: ['must be string'] }),
})

export const ProblemSchema: Component<Problem> = component<Problem>()(
  'Problem',
  Type.Object(
    {
      type: Type.String({ description: 'A link to the explanation of the code.' }),
      title: Type.String({ description: 'The same for every error of this code.' }),
      status: Type.Integer({ minimum: 400, maximum: 599 }),
      detail: Type.String({ description: 'What happened here: what, expected, got. Never holds the text of a post.' }),
      code: Type.String({
        description: 'Stable, for programs: one of the codes listed in the documentation.',
        examples: Object.keys(API_ERROR_CODES),
      }),
      instance: Type.Optional(Type.String({ description: 'The id of the request, as in the log.' })),
      errors: Type.Optional(Type.Array(fieldSchema, { description: 'Each field at fault.' })),
    },
    { description: 'An error as problem details (RFC 9457).', examples: [exampleProblem('TEXT_EMPTY')] },
  ),
)
