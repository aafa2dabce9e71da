// The posts the model is surest about, per label, the same text once, in bounded memory.
import type { Sentiment } from './sentiment.ts'

/** Longer texts are cut to this many UTF-16 units where they are shown as examples. */
export const SHOWN_CHARS = 2000

/** A post with its label; callers may carry more fields along. */
export interface LabelledPost {
  readonly line: number
  readonly text: string
  readonly date: Date | null
  readonly label: Sentiment
  readonly score: number
}

export type StrongestPosts<Post extends LabelledPost> = Readonly<Record<Sentiment, readonly Post[]>>

export interface Strongest<Post extends LabelledPost> {
  add(post: Post): void
  /** Surest first; of equals, the earlier line first. */
  result(): StrongestPosts<Post>
}

/** Keeps `perLabel` posts of each label. A text that comes again counts once, at its highest score. */
export function createStrongest<Post extends LabelledPost = LabelledPost>(perLabel: number): Strongest<Post> {
  const kept: Record<Sentiment, Post[]> = { negative: [], neutral: [], positive: [] }
  return {
    add: (post) => keep(kept[post.label], post, perLabel),
    result: () => ({ negative: [...kept.negative], neutral: [...kept.neutral], positive: [...kept.positive] }),
  }
}

/** `posts` stays sorted and short, so a linear look is cheaper than a heap; most posts fail the first comparison. */
function keep<Post extends LabelledPost>(posts: Post[], post: Post, limit: number): void {
  const weakest = posts.at(-1)
  if (limit < 1 || !Number.isFinite(post.score)) return
  if (weakest !== undefined && posts.length >= limit && compare(post, weakest) >= 0) return
  const text = shownText(post.text)
  const twin = posts.findIndex((other) => other.text === text)
  if (twin >= 0) {
    if (compare(post, posts[twin]!) >= 0) return
    posts.splice(twin, 1)
  }
  const position = posts.findIndex((other) => compare(post, other) < 0)
  posts.splice(position < 0 ? posts.length : position, 0, { ...post, text })
  if (posts.length > limit) posts.pop()
}

function compare(a: LabelledPost, b: LabelledPost): number {
  return b.score - a.score || a.line - b.line
}

/** The text as it is shown: trimmed, and cut between characters, never inside a surrogate pair. */
function shownText(text: string): string {
  const trimmed = text.trim()
  if (trimmed.length <= SHOWN_CHARS) return trimmed
  const last = trimmed.charCodeAt(SHOWN_CHARS - 1)
  const end = last >= 0xd800 && last <= 0xdbff ? SHOWN_CHARS - 1 : SHOWN_CHARS
  return `${trimmed.slice(0, end)}…`
}
