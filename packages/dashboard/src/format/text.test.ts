// Text of strangers stays text and can be looked at.
import { describe, expect, it } from 'vitest'
import { oneLine, showControls } from './text.ts'

describe('text of strangers', () => {
  it('shows NUL, control characters and lone surrogates as a replacement character', () => {
    expect(showControls('a\u0000b\u0007c\ud800d\u009f')).toBe('a\ufffdb\ufffdc\ufffdd\ufffd')
  })

  it('drops marks that turn the direction of the words after them', () => {
    expect(showControls('invoice\u202egnp.exe\u2066x\u2069')).toBe('invoicegnp.exex')
  })

  it('leaves tags, line breaks, emoji and right-to-left scripts alone', () => {
    const text = '<b>x</b>\n\t🙂 مرحبا'
    expect(showControls(text)).toBe(text)
  })

  it('puts a post on one line without cutting a character in half', () => {
    expect(oneLine('  a\n\n b\t c ')).toBe('a b c')
    expect(oneLine('🙂'.repeat(300), 5)).toBe('🙂🙂🙂🙂…')
    expect(oneLine('abcde', 5)).toBe('abcde')
  })
})
