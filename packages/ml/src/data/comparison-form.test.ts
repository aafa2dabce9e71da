// Which posts count as the same.
import { describe, expect, test } from 'vitest'
import { comparisonForm } from './comparison-form.ts'

describe('comparisonForm', () => {
  test.each([
    ['Great  phone!!', 'great phone', 'great phone'],
    ['"Great phone"', '@bob great phone https://t.co/x', 'great phone'],
    ['@user Great-phone http', 'great phone', 'great phone'],
    ['Don’t stop', "don't stop", 'dont stop'],
    ['R&amp;B tonight', 'r b tonight', 'r b tonight'],
    ['I\\u2019m here', 'im here', 'im here'],
    ['ＦＵＬＬ width', 'full width', 'full width'],
    ['#launch day', 'launch day', 'launch day'],
  ])('%s is %s', (a, b, form) => {
    expect(comparisonForm(a)).toBe(form)
    expect(comparisonForm(b)).toBe(form)
  })

  test('emoji tell posts apart, and so do the only signs of a post without words', () => {
    expect(comparisonForm('Sure 😀')).not.toBe(comparisonForm('Sure 😡'))
    expect(comparisonForm(' :) ')).toBe(':)')
    expect(comparisonForm(':(')).not.toBe(comparisonForm(':)'))
    expect(comparisonForm('@user')).toBe('@user')
  })

  test('is empty for nothing but white space, and takes lone surrogates', () => {
    expect(comparisonForm(' \n\t\u00a0')).toBe('')
    expect(comparisonForm('a \ud83d b')).toBe(comparisonForm('A \ufffd B'))
  })
})
