// Files of posts for the tests of the page: our own sentences, plain enough that any model agrees on them.

const GOOD = [
  'I love this shop, the staff are wonderful.',
  'Fantastic service, thank you so much.',
  'What a great day, the food was delicious.',
  'Best support I ever had, really happy.',
]
const BAD = [
  'Terrible service, I am so angry.',
  'I hate this app, it crashes all the time.',
  'Worst delivery ever, the parcel arrived broken.',
  'Awful food and rude staff, never again.',
]
const PLAIN = ['The shop opens at nine on Monday.', 'The meeting is in room 12.', 'The bus stops at Mill Road.']

export interface PostRow {
  readonly created_at: string
  readonly author: string
  readonly text: string
}

/**
 * Posts over `days` days from 4 March 2024, `perDay` a day: mostly good in the first half, mostly bad in the second.
 * Day 5 (9 March) has none.
 */
export function makePosts(days: number, perDay: number): PostRow[] {
  const rows: PostRow[] = []
  for (let day = 0; day < days; day++) {
    if (day === 5) continue
    for (let index = 0; index < perDay; index++) {
      const date = new Date(Date.UTC(2024, 2, 4 + day, 8, index % 60))
      rows.push({
        created_at: date.toISOString(),
        author: `visitor_${index % 7}`,
        text: pickText(day < days / 2, index),
      })
    }
  }
  return rows
}

// Of ten posts seven follow the mood, two are plain, one goes against it; a number keeps most texts distinct.
function pickText(good: boolean, index: number): string {
  const kind = index % 10
  const texts = kind >= 8 ? PLAIN : good === kind < 7 ? GOOD : BAD
  return `${texts[index % texts.length]} (${index})`
}

export function toCsv(rows: readonly PostRow[]): string {
  const lines = rows.map(({ created_at, author, text }) => `${created_at},${author},"${text.replaceAll('"', '""')}"`)
  return `created_at,author,text\n${lines.join('\n')}\n`
}

export function toJsonl(rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

export function asFile(name: string, content: string | Buffer): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) }
}
