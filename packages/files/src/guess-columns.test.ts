// Guessing columns: the layouts of well-known exports, with invented rows.
import { describe, expect, test } from 'vitest'
import { guessColumns } from './guess-columns.ts'
import type { SourceRow } from './rows.ts'
import { readContent } from './test-files.ts'

const POSTS = [
  'The new phone is great, but the battery dies fast',
  'never flying with them again, three hours late!',
  'ok',
  'Loved the staff. Will come back :)',
  'meh, could be worse I suppose, or better',
  'What a day https://example.com/abc',
]

function rowsOf(make: (post: string, index: number) => Record<string, unknown>): SourceRow[] {
  return POSTS.map((post, index) => ({ line: index + 2, values: make(post, index) }))
}

function guess(rows: readonly SourceRow[]): ReturnType<typeof guessColumns> {
  return guessColumns(Object.keys(rows[0]!.values), rows)
}

describe('by name and content', () => {
  test('an airline export', () => {
    const rows = rowsOf((text, i) => ({
      tweet_id: `57030613367776051${i}`,
      airline_sentiment: ['negative', 'positive', 'neutral'][i % 3],
      airline_sentiment_confidence: `0.${i}`,
      negativereason: ['', 'Late Flight', 'Bad Flight'][i % 3],
      airline: 'Some Air',
      name: `someone${i}`,
      retweet_count: '0',
      text,
      tweet_coord: '',
      tweet_created: `2015-02-24 11:35:5${i} -0800`,
      tweet_location: 'Earth',
      user_timezone: 'Eastern Time (US & Canada)',
    }))
    expect(guess(rows)).toEqual({
      text: 'text',
      date: 'tweet_created',
      label: 'airline_sentiment',
      id: 'tweet_id',
      author: 'name',
      source: null,
    })
  })

  test("Twitter's own JSON: the object that is the user is not the author's name", () => {
    const rows = rowsOf((text, i) => ({
      created_at: 'Wed Oct 10 20:19:24 +0000 2018',
      id: 1050118621198921700 + i,
      id_str: `105011862119892170${i}`,
      full_text: text,
      user: { screen_name: `u${i}` },
      source: '<a href="https://example.com">An app</a>',
      lang: 'en',
    }))
    expect(guess(rows)).toMatchObject({
      text: 'full_text',
      date: 'created_at',
      id: 'id',
      author: null,
      source: 'source',
    })
  })

  test('reviews: the body, not the title; the date, not the number of votes', () => {
    const rows = rowsOf((text, i) => ({
      'Review ID': `R${i}XYZ${i}`,
      'Review Title': 'Good enough',
      'Review Text': text,
      Rating: String(i % 5),
      'Helpful Votes': String(i),
      'Review Date': `March ${i + 1}, 2024`,
      'Reviewer Name': `Person ${i}`,
    }))
    expect(guess(rows)).toMatchObject({
      text: 'Review Text',
      date: 'Review Date',
      id: 'Review ID',
      author: 'Reviewer Name',
      label: null,
    })
  })

  test('Reddit comments, with epochs as dates', () => {
    const rows = rowsOf((body, i) => ({ id: `k${i}abc`, author: `r${i}`, created_utc: 1700000000 + i, body, score: i }))
    expect(guess(rows)).toMatchObject({ text: 'body', date: 'created_utc', id: 'id', author: 'author' })
  })

  test('case, spaces, underscores and hyphens do not matter, nor the language', () => {
    const rows = rowsOf((text, i) => ({
      'POST-ID': `${i}`,
      'Full  Text': text,
      'Posted At': '2024-01-01',
      Autor: `a${i}`,
    }))
    expect(guess(rows)).toMatchObject({ text: 'Full  Text', date: 'Posted At', id: 'POST-ID', author: 'Autor' })
    const spanish = rowsOf((text) => ({ fecha: '13/04/2024', texto: text, usuario: 'ana' }))
    expect(guess(spanish)).toMatchObject({ text: 'texto', date: 'fecha', author: 'usuario' })
    const german = rowsOf((text) => ({ Datum: '13.04.24', Verfasser: 'jan', Beitrag: text }))
    expect(guess(german)).toMatchObject({ text: 'Beitrag', date: 'Datum', author: 'Verfasser' })
  })
})

describe('by content alone', () => {
  test('a table without a header', async () => {
    const row = (post: string, i: number): string =>
      `"0","146781067${i}","Mon Apr 06 22:19:4${i} PDT 2009","NO_QUERY","user${i}","${post}"`
    const { source } = await readContent(`${POSTS.map(row).join('\n')}\n`, { name: 'training.csv' })
    expect(guessColumns(source.columns, source.sample)).toMatchObject({ text: 'column_6', date: 'column_3', id: null })
  })

  test('labels are known by their words', () => {
    const rows = rowsOf((text, i) => ({ a: text, b: ['Positive', 'NEG', 'neutral'][i % 3] }))
    expect(guess(rows)).toMatchObject({ text: 'a', label: 'b' })
  })

  test('Chinese has no spaces, and is text', () => {
    const texts = ['这家航空公司的服务太差了', '我很喜欢这个新手机', '还可以吧没什么特别的', '再也不会来了真的很失望']
    const rows = texts.map((text, i) => ({ line: i + 1, values: { x: `${i}`, y: text } }))
    expect(guess(rows)).toMatchObject({ text: 'y' })
  })
})

describe('never the text', () => {
  test('ids, links, numbers and dates, whatever they are called', () => {
    const rows = rowsOf((post, i) => ({
      text: `https://example.com/post/${i}`,
      tweet: `14678103${i}9`,
      message: `2024-01-0${i + 1}`,
      content: `a1b2c3d4-e5f6-7890-abcd-ef123456789${i}`,
      note: post,
    }))
    expect(guess(rows).text).toBe('note')
  })

  test('where nothing could be a text, none is named', () => {
    const rows = rowsOf((_, i) => ({ id: `${i}`, url: `https://example.com/${i}`, count: i }))
    expect(guess(rows)).toMatchObject({ text: null, id: 'id' })
  })

  test('a column of labels called text is no text', () => {
    const rows = rowsOf((post, i) => ({ text: ['positive', 'negative'][i % 2], comment: post }))
    expect(guess(rows)).toMatchObject({ text: 'comment', label: 'text' })
  })
})

test('without rows, names decide', () => {
  expect(guessColumns(['ID', 'Created At', 'Tweet', 'Sentiment', 'x'], [])).toEqual({
    text: 'Tweet',
    date: 'Created At',
    label: 'Sentiment',
    id: 'ID',
    author: null,
    source: null,
  })
  expect(guessColumns([], [])).toMatchObject({ text: null, date: null })
})

test('no column gets two roles', () => {
  const rows = rowsOf((text) => ({ text, data: text }))
  const roles = Object.values(guess(rows)).filter((name) => name !== null)
  expect(new Set(roles).size).toBe(roles.length)
})
