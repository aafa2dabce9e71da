// Errors and file names that come from elsewhere.
import { describe, expect, test } from 'vitest'
import { cleanFileName } from '../scorings/read-file.ts'
import { contentDisposition } from './content-disposition.ts'
import { toApiError } from './problems.ts'

describe('an error of the system', () => {
  test.each([
    ['ENOSPC', 'DISK_FULL', 507],
    ['EDQUOT', 'DISK_FULL', 507],
    ['EACCES', 'INTERNAL', 500],
    ['ERR_STREAM_PREMATURE_CLOSE', 'INVALID_REQUEST', 400],
  ])('%s is %s', (code, expected, status) => {
    expect(toApiError(Object.assign(new Error('secret text'), { code }))).toMatchObject({ code: expected, status })
  })

  test.each(['text', null, undefined, 5, {}, new Error('secret text')])(
    '%s that nobody foresaw is internal, and its words stay here',
    (error) => {
      const problem = toApiError(error)
      expect(problem.code).toBe('INTERNAL')
      expect(problem.message).not.toContain('secret')
    },
  )
})

describe('a file name', () => {
  test.each([
    ['posts.csv', 'posts.csv'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ann\\posts.csv', 'posts.csv'],
    ['a\u0000b\r\nc.csv', 'abc.csv'],
    ['posts\u202evsc.exe', 'postsvsc.exe'],
    ['', 'file'],
    ['..', 'file'],
    [undefined, 'file'],
    ['\ud800.csv', '\ufffd.csv'],
    ['x'.repeat(300), 'x'.repeat(200)],
  ])('%j is shown as %j', (name, shown) => {
    expect(cleanFileName(name)).toBe(shown)
  })

  test.each([
    ['plain.csv', `attachment; filename="plain.csv"; filename*=UTF-8''plain.csv`],
    ['a "b" \\c.csv', `attachment; filename="a _b_ _c.csv"; filename*=UTF-8''a%20%22b%22%20%5Cc.csv`],
    ['\u6295\u7a3f.csv', `attachment; filename=".csv"; filename*=UTF-8''%E6%8A%95%E7%A8%BF.csv`],
    ["it's (1)*.csv", `attachment; filename="it's (1)*.csv"; filename*=UTF-8''it%27s%20%281%29%2A.csv`],
  ])('%s is saved under its name', (name, header) => {
    expect(contentDisposition(name)).toBe(header)
  })
})
