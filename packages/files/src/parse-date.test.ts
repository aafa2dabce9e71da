// Dates: the forms that exports use, their zones, what is refused, and which order a column has.
import { describe, expect, test } from 'vitest'
import { dateOrder, parseDate } from './parse-date.ts'

const MOMENT = '2018-10-10T20:19:24.000Z'

describe('one moment in many forms', () => {
  test.each([
    '2018-10-10T20:19:24Z',
    '2018-10-10T20:19:24.000Z',
    '2018-10-10T22:19:24+02:00',
    '2018-10-10 12:19:24 -0800',
    '2018-10-10 20:19:24',
    '2018-10-10 20:19:24 UTC',
    '2018-10-10 20:19:24+00:00',
    '2018/10/10 20:19:24',
    '20181010T201924Z',
    'Wed Oct 10 20:19:24 +0000 2018',
    'Wed Oct 10 13:19:24 PDT 2018',
    'Wed, 10 Oct 2018 20:19:24 GMT',
    'Wed, 10 Oct 2018 15:19:24 -0500',
    '10 October 2018 20:19:24',
    'Oct 10, 2018 8:19:24 PM',
    'October 10, 2018 at 8:19:24 pm',
    ' 2018-10-10T20:19:24Z ',
    '1539202764',
    '1539202764000',
    '1539202764.0',
    '1539202764000000',
    '1539202764000000000',
    1539202764,
    1539202764000,
    1539202764000n,
    new Date(MOMENT),
  ])('%s', (value) => {
    expect(parseDate(value)?.toISOString()).toBe(MOMENT)
  })

  test.each([
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['20240229', '2024-02-29T00:00:00.000Z'],
    ['29.02.2024', '2024-02-29T00:00:00.000Z'],
    ['2/29/2024 23:59', '2024-02-29T23:59:00.000Z'],
    ['2/29/2024 12:30 AM', '2024-02-29T00:30:00.000Z'],
    ['8:19 PM · Oct 10, 2018', '2018-10-10T20:19:00.000Z'],
    ['Oct 10, 2018 · 8:19 PM UTC', '2018-10-10T20:19:00.000Z'],
    ['8:19 PM - 10 Oct 2018', '2018-10-10T20:19:00.000Z'],
    ['29.02.24', '2024-02-29T00:00:00.000Z'],
    ['2/29/24 11:59 PM', '2024-02-29T23:59:00.000Z'],
    ['31/12/69', '2069-12-31T00:00:00.000Z'],
    ['31/12/70', '1970-12-31T00:00:00.000Z'],
    ['2024-02-29T12:00:00.123456Z', '2024-02-29T12:00:00.123Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31', '9999-12-31T00:00:00.000Z'],
    ['Mon Apr 06 22:19:45 PDT 2009', '2009-04-07T05:19:45.000Z'],
  ])('%s is %s', (value, iso) => {
    expect(parseDate(value)?.toISOString()).toBe(iso)
  })
})

test.each([
  '',
  'yesterday',
  'a post from 2018-10-10',
  '2018',
  '12',
  2018,
  12.5,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  '2023-02-29',
  '2018-13-01',
  '2018-00-10',
  '2018-10-10 24:00:00',
  '2018-10-10 20:60',
  '13:00 PM · Oct 10, 2018',
  '2018-10-10 20:19:24 XYZ',
  '32 Oct 2018',
  '10 Okt 2018 20:19 CEST',
  '03/04/2024',
  '03/04/24',
  '24-03-17',
  '29.02.23',
  '1234567890123456789012',
  null,
  undefined,
  true,
  {},
  [],
  new Date('nonsense'),
  `2018-10-10${' '.repeat(100_000)}`,
])('%s is no date', (value) => {
  expect(parseDate(value)).toBeNull()
})

test('a day and a month are never guessed, but taken when the order is known', () => {
  expect(parseDate('03/04/2024')).toBeNull()
  expect(parseDate('03/04/2024', 'day-first')?.toISOString()).toBe('2024-04-03T00:00:00.000Z')
  expect(parseDate('03/04/2024', 'month-first')?.toISOString()).toBe('2024-03-04T00:00:00.000Z')
  expect(parseDate('3.4.24', 'day-first')?.toISOString()).toBe('2024-04-03T00:00:00.000Z')
  expect(parseDate('13/04/2024')?.toISOString()).toBe('2024-04-13T00:00:00.000Z')
  expect(parseDate('04/13/2024', 'day-first')?.toISOString()).toBe('2024-04-13T00:00:00.000Z')
})

test("a column's order is what its unmistakable dates say", () => {
  expect(dateOrder(['03/04/2024', '25/12/2024', 'x', null])).toBe('day-first')
  expect(dateOrder(['03/04/2024', '12/25/2024 8:00 PM'])).toBe('month-first')
  expect(dateOrder(['3/4/24', '12/25/24'])).toBe('month-first')
  expect(dateOrder(['03/04/2024', '05/06/2024'])).toBeNull()
  expect(dateOrder(['25/12/2024', '12/25/2024'])).toBeNull()
})

test('the time zone of the machine changes nothing', () => {
  const zone = process.env.TZ
  try {
    const read = ['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC'].map((name) => {
      process.env.TZ = name
      return ['2024-03-10 02:30:00', '2024-03-10', 'Oct 10, 2018 8:19 PM'].map((text) => parseDate(text)?.toISOString())
    })
    expect(read[0]).toEqual(read[2])
    expect(read[1]).toEqual(read[2])
  } finally {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
})
