// Answers by prepared text, least recently used out first, bounded by entries and by bytes.
import type { Classification } from '@renown/reputation'
import { type Linked, LinkedList } from './linked-list.ts'

/** Map entry, links, answer with its boxed numbers: measured with a full cache, rounded up. */
const ENTRY_BYTES = 500

interface Entry extends Linked<Entry> {
  readonly text: string
  readonly bytes: number
  readonly answer: Classification
  /** The same answer marked as cached; made at the first hit. */
  marked: Classification | null
}

export interface CacheStats {
  readonly entries: number
  readonly bytes: number
  readonly hits: number
  readonly misses: number
}

/** One model's answers: a model with another hash, preparation or temperature gets another cache. */
export class AnswerCache {
  #hits = 0
  #misses = 0
  #bytes = 0
  readonly #maxEntries: number
  readonly #maxBytes: number
  readonly #entries = new Map<string, Entry>()
  // Oldest first. The Map's own order would do, but finding its first key costs 25 µs once it has seen many deletions.
  readonly #byUse = new LinkedList<Entry>()

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
  }

  /** The answer, marked as cached. */
  get(text: string): Classification | null {
    const entry = this.#entries.get(text)
    if (entry === undefined) {
      this.#misses++
      return null
    }
    this.#hits++
    return this.#use(entry)
  }

  /** As `get`, for a text that was counted before. */
  peek(text: string): Classification | null {
    const entry = this.#entries.get(text)
    return entry === undefined ? null : this.#use(entry)
  }

  set(text: string, answer: Classification): void {
    const bytes = 2 * text.length + ENTRY_BYTES
    if (this.#maxEntries === 0 || bytes > this.#maxBytes / 8) return
    const old = this.#entries.get(text)
    if (old !== undefined) this.#drop(old)
    const entry: Entry = { text: detach(text), bytes, answer, marked: null, previous: null, next: null }
    this.#entries.set(entry.text, entry)
    this.#byUse.append(entry)
    this.#bytes += bytes
    while (this.#entries.size > this.#maxEntries || this.#bytes > this.#maxBytes) this.#drop(this.#byUse.first!)
  }

  stats(): CacheStats {
    return { entries: this.#entries.size, bytes: this.#bytes, hits: this.#hits, misses: this.#misses }
  }

  #use(entry: Entry): Classification {
    this.#byUse.moveToEnd(entry)
    entry.marked ??= Object.freeze({ ...entry.answer, cached: true })
    return entry.marked
  }

  #drop(entry: Entry): void {
    this.#entries.delete(entry.text)
    this.#byUse.remove(entry)
    this.#bytes -= entry.bytes
  }
}

/** A copy of its own: a slice of a file's chunk would keep the whole chunk in memory as long as it is a key here. */
function detach(text: string): string {
  return ` ${text}`.slice(1)
}
