// The OpenAPI document, the contract and the documentation pages.
import { API_ERROR_CODES, COMPONENTS, exampleProblem, ProblemSchema } from '@renown/contract'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestApp, type TestServer } from '../test-support.ts'

let server: TestServer
let spec: Spec

interface Media {
  readonly schema?: Record<string, unknown>
  readonly example?: unknown
  readonly examples?: Record<string, { readonly value: unknown }>
}

interface Operation {
  readonly operationId: string
  readonly responses: Record<string, { readonly description: string; readonly content?: Record<string, Media> }>
  readonly requestBody?: { readonly content: Record<string, Media> }
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
}

interface Spec {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> }
}

beforeAll(async () => {
  server = await openTestApp()
  spec = (await server.app.inject({ url: '/openapi.json', headers: { host: 'localhost' } })).json()
})
afterAll(async () => await server.close())

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  for (const component of COMPONENTS) ajv.addSchema(component, component.$id)
  return ajv
}

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    expect(spec.openapi).toBe('3.1.0')
    const result = await new Validator().validate(structuredClone(spec) as object as Record<string, unknown>)
    expect(result.errors ?? []).toEqual([])
    expect(result.valid).toBe(true)
  })

  test('names its components as the contract does', () => {
    expect(Object.keys(spec.components.schemas).sort()).toEqual(COMPONENTS.map(({ $id }) => $id).sort())
    const predict = spec.paths['/predict']?.post
    expect(predict?.requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/SentimentRequest',
    })
    expect(predict?.responses['200']?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/SentimentResponse',
    })
  })

  test('every reference leads somewhere', () => {
    const references = [...JSON.stringify(spec).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? '')
    expect(references.length).toBeGreaterThan(50)
    for (const reference of references) {
      expect(Object.keys(spec.components.schemas)).toContain(reference.replace('#/components/schemas/', ''))
    }
  })

  test('lists exactly the routes of the API', () => {
    const routes = Object.entries(spec.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(routes.sort()).toEqual(
      [
        'POST /predict',
        'POST /predict/batch',
        'GET /api/v1/model',
        'GET /api/v1/registry',
        'GET /api/v1/registry/versions/{version}',
        'GET /api/v1/registry/versions/{version}/reports/{report}',
        'GET /api/v1/registry/comparison',
        'GET /api/v1/registry/aliases/{alias}/history',
        'GET /api/v1/registry/events',
        'GET /api/v1/registry/tasks/{id}',
        'POST /api/v1/registry/aliases/{alias}/promote',
        'POST /api/v1/registry/aliases/{alias}/rollback',
        'POST /api/v1/registry/versions',
        'POST /api/v1/registry/prune',
        'POST /api/v1/registry/verify',
        'GET /api/v1/drift',
        'GET /api/v1/drift/texts',
        'POST /api/v1/drift/labels',
        'GET /api/v1/deployment',
        'POST /api/v1/deployment/check',
        'POST /api/v1/deployment/rollback',
        'POST /api/v1/deployment/allow',
        'GET /api/v1/scorings',
        'POST /api/v1/scorings',
        'GET /api/v1/scorings/{id}',
        'DELETE /api/v1/scorings/{id}',
        'POST /api/v1/scorings/{id}/start',
        'POST /api/v1/scorings/{id}/cancel',
        'GET /api/v1/scorings/{id}/events',
        'GET /api/v1/scorings/{id}/posts',
        'GET /api/v1/scorings/{id}/results',
        'GET /api/v1/scorings/{id}/rejects',
        'GET /api/v1/session',
        'POST /api/v1/session',
        'DELETE /api/v1/session',
        'GET /health/live',
        'GET /health/ready',
        'GET /metrics',
        'GET /openapi.json',
      ].sort(),
    )
  })

  test('every error of the table is documented somewhere, with a valid example and the right status', () => {
    const validate = createAjv().getSchema('Problem')
    const seen = new Set<string>()
    for (const operation of operations()) {
      for (const [status, response] of Object.entries(operation.responses)) {
        const examples = response.content?.['application/problem+json']?.examples ?? {}
        for (const [code, { value }] of Object.entries(examples)) {
          seen.add(code)
          expect(validate?.(value)).toBe(true)
          expect(value).toMatchObject({ code, status: Number(status) })
        }
      }
    }
    // These two stand in the record of a job; where there is no route, there is no operation.
    const jobs = ['SCORING_FAILED', 'SCORING_INTERRUPTED']
    const documented = Object.keys(API_ERROR_CODES).filter((code) => !jobs.includes(code))
    const missing = documented.filter((code) => !seen.has(code))
    expect(missing).toEqual(['ROUTE_NOT_FOUND'])
  })

  test('every operation has its own id, a summary, and a body or a description for each answer', () => {
    const ids = operations().map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const operation of operations()) {
      for (const response of Object.values(operation.responses))
        expect(response.description).not.toBe('Default Response')
    }
  })

  test('the upload is documented as a form with a file', () => {
    const content = spec.paths['/api/v1/scorings']?.post?.requestBody?.content
    expect(content?.['multipart/form-data']?.schema).toMatchObject({ required: ['file'] })
  })
})

describe('the contract', () => {
  test('every example of a component is a value of it', () => {
    const ajv = createAjv()
    for (const component of COMPONENTS) {
      const validate = ajv.getSchema(component.$id) as ValidateFunction
      const { examples = [] } = component as { examples?: unknown[] }
      for (const example of examples)
        expect([component.$id, validate(example), validate.errors]).toEqual([component.$id, true, null])
    }
  })

  test('every code makes a valid problem', () => {
    const validate = createAjv().getSchema(ProblemSchema.$id) as ValidateFunction
    for (const code of Object.keys(API_ERROR_CODES)) {
      expect(validate(exampleProblem(code as keyof typeof API_ERROR_CODES))).toBe(true)
    }
  })
})

describe('the documentation', () => {
  test('is served without the network: every file it names is here', async () => {
    const page = await server.app.inject({ url: '/docs', headers: { host: 'localhost' } })
    expect(page.statusCode).toBe(200)
    const files = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file ?? '')
    expect(files.length).toBeGreaterThan(4)
    for (const file of files) {
      expect(file).not.toMatch(/^(https?:)?\/\//)
      const answer = await server.app.inject({
        url: new URL(file, 'http://localhost/docs').pathname,
        headers: { host: 'localhost' },
      })
      expect([file, answer.statusCode]).toEqual([file, 200])
    }
  })

  test('allows scripts of its own only', async () => {
    const page = await server.app.inject({ url: '/docs', headers: { host: 'localhost' } })
    expect(page.headers['content-security-policy']).toContain("script-src 'self';")
    expect(page.body).not.toMatch(/<script>|<style>|on\w+="/)
  })

  test('explains every error code where problems point to', async () => {
    const page = await server.app.inject({ url: '/docs/errors', headers: { host: 'localhost' } })
    for (const code of Object.keys(API_ERROR_CODES)) expect(page.body).toContain(`id="${code}"`)
  })
})

function operations(): Operation[] {
  return Object.values(spec.paths).flatMap((path) => Object.values(path))
}
