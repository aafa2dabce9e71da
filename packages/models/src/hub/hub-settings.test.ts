// Tests of the variables, the names and the waits.
import { homedir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readHubSettings } from './hub-settings.ts'
import { apiPath, cacheName, checkRepositoryName, checkRevision, parseRepository, resolvePath } from './repository.ts'
import { planWait, readRetryAfter } from './retry.ts'

describe('the settings', () => {
  test('are those of the Hub where nothing is set', () => {
    expect(readHubSettings({})).toEqual({
      endpoint: 'https://huggingface.co',
      token: null,
      cache: join(homedir(), '.cache', 'huggingface', 'hub'),
      offline: false,
      symlinks: true,
    })
  })

  test.each([
    [{ HF_HUB_CACHE: '/a', HF_HOME: '/b', XDG_CACHE_HOME: '/c' }, '/a'],
    [{ HUGGINGFACE_HUB_CACHE: '/a', HF_HOME: '/b' }, '/a'],
    [{ HF_HOME: '/b', XDG_CACHE_HOME: '/c' }, '/b/hub'],
    [{ XDG_CACHE_HOME: '/c' }, '/c/huggingface/hub'],
    [{ HOME: '/d' }, '/d/.cache/huggingface/hub'],
    [{ HF_HUB_CACHE: '~/e', HOME: '/d' }, '/d/e'],
    [{ HF_HUB_CACHE: '', HF_HOME: '', HOME: '/d' }, '/d/.cache/huggingface/hub'],
  ])('find the cache as huggingface_hub finds it: %j', (env, cache) => {
    expect(readHubSettings(env).cache).toBe(cache)
  })

  test.each(['1', 'true', 'YES', 'on'])('are offline where HF_HUB_OFFLINE is %s', (text) => {
    expect(readHubSettings({ HF_HUB_OFFLINE: text }).offline).toBe(true)
    expect(readHubSettings({ HF_HUB_OFFLINE: '0', TRANSFORMERS_OFFLINE: text }).offline).toBe(true)
  })

  test('have the endpoint without a slash at its end, and may have a path', () => {
    expect(readHubSettings({ HF_ENDPOINT: 'https://mirror.example.org/hub//' }).endpoint).toBe(
      'https://mirror.example.org/hub',
    )
  })

  test.each(['mirror.example.org', 'ftp://example.org', 'https://a:b@example.org', 'https://example.org?x=1', '/x'])(
    'can not have the endpoint %s',
    (endpoint) => {
      expect(() => readHubSettings({ HF_ENDPOINT: endpoint })).toThrow(/HF_ENDPOINT: expected an address/)
    },
  )

  test('have the token without white space around it', () => {
    expect(readHubSettings({ HF_TOKEN: ' hf_x\n' }).token).toBe('hf_x')
    expect(readHubSettings({ HF_TOKEN: ' ' }).token).toBeNull()
  })
})

describe('names', () => {
  test('of repositories become paths of the Hub and folders of the cache', () => {
    const { repository, revision } = parseRepository('dataset', 'Some-one/twe.et_1@refs/pr/3')
    expect(revision).toBe('refs/pr/3')
    expect(apiPath(repository, 'tree', 'refs/pr/3')).toBe('/api/datasets/Some-one/twe.et_1/tree/refs%2Fpr%2F3')
    expect(resolvePath(repository, 'main', 'a b/c#d?.txt')).toBe(
      '/datasets/Some-one/twe.et_1/resolve/main/a%20b/c%23d%3F.txt',
    )
    expect(cacheName(repository)).toBe('datasets--Some-one--twe.et_1')
    expect(cacheName({ type: 'model', name: 'gpt2' })).toBe('models--gpt2')
  })

  test.each([
    '',
    '/',
    'a/',
    '/a',
    'a/b/c',
    '.',
    '..',
    'a/..',
    '-a/b',
    'a/b-',
    'a--b/c',
    'a/b.git',
    'a b',
    'é/b',
    'a\\b',
  ])('%j is no repository', (name) => expect(() => checkRepositoryName(name)).toThrow(/can't be a repository/))

  test.each([
    '',
    '/',
    '../x',
    'a/../b',
    'a//b',
    '.x',
    '-x',
    'a..b',
    'x.lock',
    'a b',
    'a\u0000',
    'a\\b',
    'C:',
    'x'.repeat(300),
  ])('%j is no revision', (revision) => expect(() => checkRevision(revision)).toThrow(/can't be a revision/))

  test('that are let through never leave the folder they are put into', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const isFine = (check: (text: string) => string): boolean => {
          try {
            return check(text) === text
          } catch {
            return false
          }
        }
        if (isFine(checkRevision)) expect(join('/refs', text).startsWith('/refs/')).toBe(true)
        if (isFine(checkRepositoryName)) expect(join('/cache', text).startsWith('/cache/')).toBe(true)
      }),
    )
  })
})

describe('waits', () => {
  test('double up to half a minute, at random between half and all', () => {
    expect([1, 2, 3, 4, 9].map((failures) => planWait(failures, null, () => 1))).toEqual([
      500, 1000, 2000, 4000, 30_000,
    ])
    expect([1, 2, 3].map((failures) => planWait(failures, null, () => 0))).toEqual([250, 500, 1000])
  })

  test('are never shorter than asked for, and none where an hour is asked for', () => {
    expect(planWait(1, 60_000, () => 0)).toBe(60_250)
    expect(planWait(1, 3_600_000, () => 0)).toBeNull()
  })

  test.each([
    [{ 'retry-after': '12' }, 12_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 21 Oct 2020 07:28:30 GMT' }, 0],
    [{ 'retry-after': 'soon' }, null],
    [{ ratelimit: '"api";r=0;t=55' }, 55_000],
    [{ ratelimit: '"api";r=17;t=55' }, null],
    [{}, null],
  ])('are asked for by %j', (headers, expected) => {
    expect(readRetryAfter(new Headers(headers), Date.parse('2026-10-21T07:28:00Z'))).toBe(expected)
  })
})
