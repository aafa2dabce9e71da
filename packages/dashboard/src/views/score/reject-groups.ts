// Reads the first rejected rows and counts them by reason.

export interface RejectGroup {
  readonly code: string
  /** The words of the first row of this code. */
  readonly reason: string
  readonly count: number
  /** Lines of the first few. */
  readonly lines: readonly number[]
}

export interface RejectSample {
  readonly groups: readonly RejectGroup[]
  readonly read: number
}

const LINES_SHOWN = 5

/** The first `most` lines of a streamed answer; the rest is not fetched. */
export async function readLines(response: Response, most: number): Promise<readonly string[]> {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) return []
  const lines: string[] = []
  let rest = ''
  while (lines.length < most) {
    const { done, value } = await reader.read()
    if (done) break
    const parts = (rest + value).split('\n')
    rest = parts.pop() ?? ''
    lines.push(...parts.filter((line) => line.trim() !== ''))
  }
  if (lines.length < most && rest.trim() !== '') lines.push(rest)
  // Nobody waits for the rest.
  void reader.cancel().catch(() => undefined)
  return lines.slice(0, most)
}

/** Groups JSON lines of `{line, code, reason}` by code, the most frequent first. */
export function groupRejects(lines: readonly string[]): RejectSample {
  const groups = new Map<string, { code: string; reason: string; count: number; lines: number[] }>()
  let read = 0
  for (const text of lines) {
    const row = parseReject(text)
    if (row === null) continue
    read++
    const group = groups.get(row.code) ?? { code: row.code, reason: row.reason, count: 0, lines: [] }
    group.count++
    if (group.lines.length < LINES_SHOWN) group.lines.push(row.line)
    groups.set(row.code, group)
  }
  return { groups: [...groups.values()].sort((a, b) => b.count - a.count), read }
}

function parseReject(text: string): { line: number; code: string; reason: string } | null {
  try {
    const value = JSON.parse(text) as Record<string, unknown>
    if (typeof value.line !== 'number' || typeof value.code !== 'string') return null
    return { line: value.line, code: value.code, reason: typeof value.reason === 'string' ? value.reason : '' }
  } catch {
    return null
  }
}
