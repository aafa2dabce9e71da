// A card becomes elements, never HTML, and its links lead to the web or nowhere.
import { describe, expect, it } from 'vitest'
import { parseMarkdown } from './blocks.ts'
import { parseInline } from './inline.ts'

describe('blocks', () => {
  it('leaves out front matter and reads what cards are made of', () => {
    const source = [
      '---',
      'license: mit',
      '---',
      '# Title',
      '',
      'One',
      'two',
      '',
      '- a',
      '  b',
      '- c',
      '',
      '1. x',
      '',
      '> said',
      '',
      '---',
      '',
      '```sh',
      '<b>',
      '```',
      '',
      '| A | B |',
      '|---|--:|',
      '| 1 | a \\| b |',
      '',
      'end',
    ].join('\n')
    expect(parseMarkdown(source).map((block) => block.kind)).toEqual([
      'heading',
      'paragraph',
      'list',
      'list',
      'quote',
      'rule',
      'code',
      'table',
      'paragraph',
    ])
    const [, paragraph, list, ordered, , , code, table] = parseMarkdown(source)
    expect(paragraph).toEqual({ kind: 'paragraph', text: [{ kind: 'text', text: 'One two' }] })
    expect(list).toMatchObject({ ordered: false, items: [[{ text: 'a b' }], [{ text: 'c' }]] })
    expect(ordered).toMatchObject({ ordered: true })
    expect(code).toEqual({ kind: 'code', text: '<b>' })
    expect(table).toMatchObject({
      head: [[{ text: 'A' }], [{ text: 'B' }]],
      rows: [[[{ text: '1' }], [{ text: 'a | b' }]]],
    })
  })

  it('ends with an open fence, a lone table rule and nothing at all', () => {
    expect(parseMarkdown('```\nabc')).toEqual([{ kind: 'code', text: 'abc' }])
    expect(parseMarkdown('')).toEqual([])
    expect(parseMarkdown('|---|')).toHaveLength(1)
  })

  it('leaves out comments, but not from inside code words', () => {
    expect(parseMarkdown('a\n\n<!-- from\nhere -->\n\nb `<!-- x -->`').map((block) => block.kind)).toEqual([
      'paragraph',
      'paragraph',
    ])
    expect(parseMarkdown('<!-- open')).toHaveLength(1)
  })

  it('keeps HTML as text', () => {
    expect(parseMarkdown('<script>alert(1)</script>')).toEqual([
      { kind: 'paragraph', text: [{ kind: 'text', text: '<script>alert(1)</script>' }] },
    ])
  })

  it('reads a long card of hostile lines in one pass', () => {
    const source = `${'*'.repeat(20_000)}\n${'[a]('.repeat(5000)}\n${'| '.repeat(5000)}\n${'`'.repeat(9999)}`
    expect(parseMarkdown(source).length).toBeGreaterThan(0)
  })
})

describe('words', () => {
  it('knows code, strong, emphasis and links', () => {
    expect(
      parseInline('a `b*c*` **d** _e_ *f* [g](https://example.org/x_(y)) <https://example.org>').filter(
        (part) => part.kind !== 'text',
      ),
    ).toEqual([
      { kind: 'code', text: 'b*c*' },
      { kind: 'strong', text: 'd' },
      { kind: 'emphasis', text: 'e' },
      { kind: 'emphasis', text: 'f' },
      { kind: 'link', text: 'g', href: 'https://example.org/x_(y)' },
      { kind: 'link', text: 'https://example.org', href: 'https://example.org' },
    ])
  })

  it('leaves names with underscores and lone stars alone', () => {
    expect(parseInline('macro_recall of tweet_eval is 2 * 3 * 4')).toEqual([
      { kind: 'text', text: 'macro_recall of tweet_eval is 2 * 3 * 4' },
    ])
  })

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'data:text/html,x',
    '/api/v1/session',
    '//example.org',
    'vbscript:x',
  ])('makes no link of %s', (href) => {
    expect(parseInline(`[go](${href})`)).toEqual([{ kind: 'text', text: 'go' }])
  })
})
