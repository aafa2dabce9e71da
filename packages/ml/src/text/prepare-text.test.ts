// Preparation of posts: what changes, what stays, and that it never takes long.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CARDIFF_PREPARATION, type Preparation, RAW_PREPARATION, TWEET_PREPARATION } from './preparation.ts'
import { prepareText } from './prepare-text.ts'

const only = (part: Partial<Preparation>): Preparation => ({ ...RAW_PREPARATION, ...part })

describe('mentions', () => {
  const cases = [
    ['@bob hi', '@user hi'],
    ['.@bob, hi (@al_ice)', '.@user, hi (@user)'],
    ['RT @bob: yes', 'RT @user: yes'],
    ['"@bob"', '"@user"'],
    ['ありがとう@bob', 'ありがとう@user'],
    ['＠bob', '@user'],
    ['@a @123456789012345', '@user @user'],
    ['@1234567890123456', '@1234567890123456'],
    ['me@example.com and first.last+x@example.co.uk', 'me@example.com and first.last+x@example.co.uk'],
    ['@alice@mastodon.social!', '@user!'],
    ['@alice.bsky.social said', '@user said'],
    ['@jack.Nice', '@user.Nice'],
    ['@user', '@user'],
    ['@', '@'],
    ['@@bob', '@@bob'],
    ['@josé', '@josé'],
    ['@bob’s phone', '@user’s phone'],
  ] as const
  test.each(cases)('%s → %s', (text, expected) => {
    expect(prepareText(text, only({ mentions: '@user' }))).toBe(expected)
  })
})

describe('web addresses', () => {
  const cases = [
    ['see https://t.co/abc now', 'see http now', 'see now'],
    ['https://t.co/abc', 'http', ''],
    ['https://t.co/abc now', 'http now', 'now'],
    ['now https://t.co/abc http://x.y/z', 'now http http', 'now'],
    ['(see http://x.y/a_(b)).', '(see http).', '(see).'],
    ['(http://x.y/z)', '(http)', '()'],
    ['Wow!http://x.y/z, ok', 'Wow!http, ok', 'Wow!, ok'],
    ['www.thewrap.com rocks', 'http rocks', 'rocks'],
    ['www. is short', 'www. is short', 'www. is short'],
    ['HTTPS://X.Y?', 'http?', '?'],
    ['見てhttps://t.co/abcすごい', '見てhttpすごい', '見てすごい'],
    ['https://t.co/abc😡', 'http😡', '😡'],
    ['pic.twitter.com/abc', 'http', ''],
    ['http://', 'http://', 'http://'],
    ['http', 'http', 'http'],
    ['a\nhttp://x.y\nb', 'a\nhttp\nb', 'a\n\nb'],
  ] as const
  test.each(cases)('%s', (text, replaced, dropped) => {
    expect(prepareText(text, only({ urls: 'http' }))).toBe(replaced)
    expect(prepareText(text, only({ urls: 'drop' }))).toBe(dropped)
    expect(prepareText(text, RAW_PREPARATION)).toBe(text)
  })

  test('a mention inside a kept address stays', () => {
    const text = '@bob https://x.y/?by=@bob @bob'
    expect(prepareText(text, only({ mentions: '@user' }))).toBe('@user https://x.y/?by=@bob @user')
  })
})

describe('entities and escapes', () => {
  const cases = [
    ['R&amp;B &lt;3 &quot;x&quot; &#039; &#x27; &hellip; &nbsp;|', 'R&B <3 "x" \' \' … \u00a0|'],
    ['&amp;lt;', '&lt;'],
    ['AT&T, &amp and &copy2020 &nosuch;', 'AT&T, &amp and &copy2020 &nosuch;'],
    ['&#0;&#xD800;&#x110000;', '\ufffd\ufffd\ufffd'],
    ['&CounterClockwiseContourIntegral;', '∳'],
    ['I\\u2019m here\\u002c now', 'I’m here, now'],
    ['\\ud83d\\ude21', '😡'],
    ['\\ud83d alone', '\ufffd alone'],
    ['\\U0001F621 \\UFFFFFFFF', '😡 \\UFFFFFFFF'],
    ['\\""quoted\\"" and \\"so\\"', '"quoted" and "so"'],
    ['\\u0026amp;', '&'],
    ['\\u12 \\m C:\\new', '\\u12 \\m C:\\new'],
    ['\\u0040bob', '@user'],
  ] as const
  test.each(cases)('%s', (text, expected) => {
    expect(prepareText(text, CARDIFF_PREPARATION)).toBe(expected)
  })

  test('both stay where the preparation keeps them', () => {
    expect(prepareText('&amp; \\u2019', RAW_PREPARATION)).toBe('&amp; \\u2019')
  })
})

const post = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        '@',
        '@bob',
        'http://',
        'https://t.co/x',
        'www.',
        'www.a.b',
        ' ',
        '.',
        ')',
        '(',
        '@a@b.co',
        '/',
        ':',
        '…',
        '\ud83d',
      ),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''))

test('mentions and addresses are settled after one pass, and the result is well-formed', () => {
  for (const urls of ['keep', 'http', 'drop'] as const) {
    const preparation = only({ mentions: '@user', urls })
    fc.assert(
      fc.property(post, (text) => {
        const once = prepareText(text, preparation)
        expect(prepareText(once, preparation)).toBe(once)
        expect(Buffer.from(once, 'utf8').toString('utf8')).toBe(once)
      }),
      { numRuns: 2_000, seed: 7 },
    )
  }
})

test('hostile texts take time in proportion to their length', () => {
  const parts = [
    '@',
    '@a',
    'a@',
    '@a.',
    '@a-',
    'http://',
    'www.',
    'www.a',
    '&',
    '&a',
    '\\',
    '\\u',
    '\\"',
    '.',
    ' ',
    'http://(',
    '@a@a.',
    '&#',
    't.co/',
  ]
  for (const part of parts) {
    const text = part.repeat(Math.ceil(100_000 / part.length))
    expect(prepareText(text, TWEET_PREPARATION).length).toBeLessThanOrEqual(text.length * 3)
  }
})
