// Error codes and components hold together.
import { STATUS_CODES } from 'node:http'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { COMPONENTS } from './components.ts'
import { API_ERROR_CODES } from './error-codes.ts'
import { exampleProblem, problemType } from './problem.ts'
import { component, nullable, reference, words } from './schema.ts'

describe('error codes', () => {
  test('are stable words with a status, a title and an explanation', () => {
    for (const [code, { status, title, explanation }] of Object.entries(API_ERROR_CODES)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
      expect(status).toBeGreaterThanOrEqual(400)
      expect(STATUS_CODES[status]).toBeDefined()
      expect(title).toMatch(/^[A-Z].*[^.]$/)
      expect(explanation).toMatch(/\.$/)
    }
  })

  test('make a problem that points to its explanation', () => {
    expect(exampleProblem('TEXT_EMPTY')).toMatchObject({
      type: problemType('TEXT_EMPTY'),
      status: 422,
      code: 'TEXT_EMPTY',
    })
  })
})

describe('components', () => {
  test('have names of their own, a description, and refer only to each other', () => {
    const names = COMPONENTS.map(({ $id }) => $id)
    expect(new Set(names).size).toBe(names.length)
    for (const schema of COMPONENTS) {
      const text = JSON.stringify(schema)
      for (const [, target] of text.matchAll(/"\$ref":"([^"#]+)#"/g)) expect(names).toContain(target)
      expect(text).toMatch(/"description":|"properties":/)
    }
  })

  test('are named, referred to and made nullable by the helpers', () => {
    const Colour = component<{ name: 'red' | 'blue' }>()('Colour', Type.Object({ name: words(['red', 'blue']) }))
    expect(Colour.$id).toBe('Colour')
    expect([Check(Colour, { name: 'red' }), Check(Colour, { name: 'green' })]).toEqual([true, false])
    expect(reference(Colour)).toEqual({ $ref: 'Colour#' })
    expect(nullable(Colour)).toEqual({ anyOf: [{ $ref: 'Colour#' }, { type: 'null' }] })
  })
})
