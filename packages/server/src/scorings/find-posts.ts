// A page of the posts behind a number.
import { open } from 'node:fs/promises'
import type { ColumnMapping, PostPage, PostQuery, ScoredPost } from '@renown/contract'
import { parseDate } from '@renown/files'
import { ApiError } from '../errors.ts'
import { readExactly } from './append-file.ts'
import type { Job } from './job.ts'
import {
  type FoundEntry,
  findInFileOrder,
  findStrongest,
  type PageRequest,
  type PostFilter,
  type StrongestCursor,
} from './post-index.ts'
import { parseStoredRow, toPost } from './stored-row.ts'

const DEFAULT_LIMIT = 50

/** Throws VALIDATION_FAILED for a cursor or moment that cannot be read. */
export async function findPosts(job: Job, query: PostQuery): Promise<PostPage> {
  const { mapping, written } = job.record
  const plan = planPage(query)
  if (mapping === null || written.entries === 0) return { posts: [], next: null }
  // One more than asked for tells whether there is a next page.
  const page: PageRequest = {
    path: job.paths.index,
    entries: written.entries,
    filter: plan.filter,
    limit: plan.limit + 1,
  }
  const found = await plan.find(page)
  const shown = found.slice(0, plan.limit)
  const last = shown.at(-1)
  const posts = await readPosts(job.paths.results, shown, mapping)
  return { posts, next: found.length > plan.limit && last !== undefined ? plan.cursorAfter(last) : null }
}

interface PagePlan {
  readonly filter: PostFilter
  readonly limit: number
  find(page: PageRequest): Promise<FoundEntry[]>
  cursorAfter(entry: FoundEntry): string
}

function planPage(query: PostQuery): PagePlan {
  const filter: PostFilter = {
    label: query.label ?? null,
    from: readMoment('from', query.from) ?? Number.NEGATIVE_INFINITY,
    to: readMoment('to', query.to) ?? Number.POSITIVE_INFINITY,
  }
  const limit = query.limit ?? DEFAULT_LIMIT
  if (query.order === 'file') {
    const after = readFileCursor(query.cursor)
    return { filter, limit, find: (page) => findInFileOrder(page, after), cursorAfter: (entry) => `f${entry.number}` }
  }
  const after = readStrongestCursor(query.cursor)
  return {
    filter,
    limit,
    find: (page) => findStrongest(page, after),
    cursorAfter: (entry) => `s${entry.score}~${entry.number}`,
  }
}

function readMoment(name: string, value: string | undefined): number | null {
  if (value === undefined) return null
  const date = parseDate(value)
  if (date !== null) return date.getTime()
  throw wrongParameter(name, 'expected a moment in ISO 8601, such as 2026-01-02 or 2026-01-02T03:04:05Z')
}

function readFileCursor(cursor: string | undefined): number | null {
  if (cursor === undefined) return null
  const [, number] = /^f(\d{1,15})$/.exec(cursor) ?? []
  if (number === undefined) throw wrongParameter('cursor', CURSOR_RULE)
  return Number(number)
}

function readStrongestCursor(cursor: string | undefined): StrongestCursor | null {
  if (cursor === undefined) return null
  const [, score, number] = /^s(\d[\d.e-]*)~(\d{1,15})$/.exec(cursor) ?? []
  if (score === undefined || number === undefined) throw wrongParameter('cursor', CURSOR_RULE)
  return { score: Math.fround(Number(score)), number: Number(number) }
}

const CURSOR_RULE = 'expected `next` of a page with the same order'

function wrongParameter(name: string, detail: string): ApiError {
  return new ApiError('VALIDATION_FAILED', {
    detail: `query ${name}: ${detail}`,
    errors: [{ path: `/${name}`, code: 'format', detail }],
  })
}

async function readPosts(path: string, found: readonly FoundEntry[], mapping: ColumnMapping): Promise<ScoredPost[]> {
  if (found.length === 0) return []
  const file = await open(path, 'r')
  try {
    const posts: ScoredPost[] = []
    for (const entry of found) {
      const line = await readExactly(file, entry.offset, entry.length)
      posts.push(toPost(parseStoredRow(line.toString('utf8')), mapping))
    }
    return posts
  } finally {
    await file.close()
  }
}
