// Addresses of the page, and whether the server can be reached.
import { describe, expect, it } from 'vitest'
import { createConnection } from './connection.ts'
import { formatRoute, parseRoute, type Route } from './route.ts'

describe('addresses', () => {
  it('lead to a view and back', () => {
    const routes: Route[] = [
      { view: 'try' },
      { view: 'score' },
      { view: 'model' },
      { view: 'scoring', id: 'a/b c', posts: null },
      { view: 'scoring', id: 'x', posts: { label: null, from: null, to: null } },
      {
        view: 'scoring',
        id: 'x',
        posts: { label: 'negative', from: '2024-03-04T00:00:00.000Z', to: '2024-03-05T00:00:00.000Z' },
      },
    ]
    for (const route of routes) expect(parseRoute(formatRoute(route))).toEqual(route)
  })

  it('begin with the first view, and know what leads nowhere', () => {
    expect(parseRoute('')).toEqual({ view: 'try' })
    expect(parseRoute('#/score/')).toEqual({ view: 'score' })
    expect(parseRoute('#/nope')).toEqual({ view: 'unknown' })
    expect(parseRoute('#/score/a/b')).toEqual({ view: 'unknown' })
    expect(parseRoute('#/score/%E0%A4%A')).toEqual({ view: 'scoring', id: '%E0%A4%A', posts: null })
    expect(parseRoute('#/score/x?posts=&label=evil')).toEqual({
      view: 'scoring',
      id: 'x',
      posts: { label: null, from: null, to: null },
    })
  })
})

describe('the connection', () => {
  function setUp(answers: boolean[]) {
    const queue: (() => void)[] = []
    const seen: boolean[] = []
    const timer = { set: (run: () => void) => queue.push(run), clear: () => queue.splice(0) }
    const connection = createConnection(async () => answers.shift() ?? false, timer)
    connection.subscribe((online) => seen.push(online))
    const tick = async (): Promise<void> => {
      queue.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
    return { connection, seen, queue, tick }
  }

  it('asks again until the server is back, and says each change once', async () => {
    const { connection, seen, queue, tick } = setUp([false, true])
    connection.report(false)
    connection.report(false)
    await tick()
    expect(connection.isOnline()).toBe(false)
    await tick()
    expect(connection.isOnline()).toBe(true)
    expect(seen).toEqual([false, true])
    expect(queue).toHaveLength(0)
  })

  it('believes a request that got through before the next probe', () => {
    const { connection, seen, queue } = setUp([])
    connection.report(false)
    connection.report(true)
    expect(seen).toEqual([false, true])
    expect(queue).toHaveLength(0)
  })
})
