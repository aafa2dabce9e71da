// Labelled posts for tests, made up from parts: the words tell the label, and no two posts are alike.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../test-cli.ts'

export interface TestPost {
  readonly text: string
  readonly label: string
}

const WORDS = {
  negative: ['awful', 'broken again', 'a sad joke', 'slow and rude', 'late as ever', 'not worth a cent', 'so bad'],
  neutral: ['open today', 'in the usual place', 'as described', 'on the second floor', 'due on Monday', 'blue', 'here'],
  positive: ['lovely', 'a real joy', 'quick and kind', 'better than hoped', 'simply great', 'a fine surprise', 'good'],
} as const

const SUBJECTS = [
  'The parcel',
  'My order',
  'Their new app',
  'The ferry',
  'This cafe',
  'Our room',
  'The museum',
  'Dinner',
]
const ENDINGS = ['', '!', ' for us both.', ' once more.', ' this time.', ', said my sister.']

/** `count` posts, a third of each label, in turn; `start` is below 168. */
export function somePosts(count: number, start = 0): TestPost[] {
  return Array.from({ length: count }, (_, index) => {
    const number = start + index
    const label = (['negative', 'neutral', 'positive'] as const)[number % 3] ?? 'neutral'
    const part = Math.floor(number / 3)
    const words = WORDS[label]
    const text = `${SUBJECTS[Math.floor(part / 7) % 8]} is ${words[part % 7]}${ENDINGS[part % 6]}`
    return { text, label }
  })
}

export function toCsv(posts: readonly TestPost[]): string {
  const rows = posts.map(({ text, label }) => `"${text}",${label}`)
  return `text,label\n${rows.join('\n')}\n`
}

export interface TestFiles {
  readonly folder: string
  readonly train: string
  readonly validation: string
}

/** A folder with train.csv (48 posts unless given) and validation.jsonl (18 posts). */
export async function writePosts(train: readonly TestPost[] = somePosts(48)): Promise<TestFiles> {
  const folder = await temporaryFolder()
  const files = { folder, train: join(folder, 'train.csv'), validation: join(folder, 'validation.jsonl') }
  await writeFile(files.train, toCsv(train))
  const lines = somePosts(18, 48).map((post) => JSON.stringify(post))
  await writeFile(files.validation, `${lines.join('\n')}\n`)
  return files
}
