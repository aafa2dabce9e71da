// Rejected rows are counted by reason, from the first lines of a stream.
import { describe, expect, it } from 'vitest'
import { groupRejects, readLines } from './reject-groups.ts'

const row = (line: number, code: string): string => JSON.stringify({ line, code, reason: `because ${code}` })

describe('rejected rows', () => {
  it('are grouped, the most frequent first, with their first lines', () => {
    const lines = [row(3, 'A'), row(4, 'B'), row(9, 'B'), 'no json', '{"line":"x"}', row(12, 'B')]
    expect(groupRejects(lines)).toEqual({
      read: 4,
      groups: [
        { code: 'B', reason: 'because B', count: 3, lines: [4, 9, 12] },
        { code: 'A', reason: 'because A', count: 1, lines: [3] },
      ],
    })
  })

  it('are read across chunks, and no more than asked for', async () => {
    const text = Array.from({ length: 100 }, (_, line) => row(line, 'Ä')).join('\n')
    const bytes = new TextEncoder().encode(text)
    let sent = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent >= bytes.length) controller.close()
        else controller.enqueue(bytes.slice(sent, sent + 7))
        sent += 7
      },
    })
    expect(await readLines(new Response(stream), 3)).toEqual([row(0, 'Ä'), row(1, 'Ä'), row(2, 'Ä')])
    expect(sent).toBeLessThan(bytes.length)
    expect(await readLines(new Response(`${row(1, 'A')}\n\n${row(2, 'A')}`), 10)).toHaveLength(2)
    expect(await readLines(new Response(''), 10)).toEqual([])
  })
})
