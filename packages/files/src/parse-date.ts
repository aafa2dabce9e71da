// Dates as posts carry them. A time without a zone is UTC; what is ambiguous is no date unless an order is given.

/** How to read 03/04/2024: day first, month first, or not at all. */
export type DateOrder = 'day-first' | 'month-first'

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** Zones by name that mail and Twitter exports use (RFC 2822, section 4.3), in minutes. */
const ZONES: Readonly<Record<string, number>> = {
  Z: 0,
  UT: 0,
  UTC: 0,
  GMT: 0,
  EST: -300,
  EDT: -240,
  CST: -360,
  CDT: -300,
  MST: -420,
  MDT: -360,
  PST: -480,
  PDT: -420,
}

const TIME = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?\s*(?<half>[AaPp]\.?[Mm]\.?)?`
const ZONE = String.raw`(?<zone>[A-Z]{1,3}|(?:UTC|GMT)?[+-]\d{2}(?::?\d{2})?)(?:\s*\([^)]*\))?`
const REST = String.raw`(?:[T\s,·]+(?:at\s+)?${TIME}\s*(?:${ZONE})?)?`
const WEEKDAY = String.raw`(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?`
const MONTH = String.raw`(?<monthName>[A-Za-z]{3,9})\.?`

const FORMS: readonly RegExp[] = [
  // 2018-10-10T20:19:24.000Z, 2018/10/10 20:19, 2018-10-10, 2018-10-10 20:19:24 -0800
  new RegExp(String.raw`^(?<year>\d{4})[-/.](?<month>\d{1,2})[-/.](?<day>\d{1,2})${REST}$`),
  // 20181010, 20181010T201924Z
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})(?:T(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})?(?<zone>Z)?)?$/,
  // Wed Oct 10 20:19:24 +0000 2018, Mon Apr 06 22:19:45 PDT 2009
  new RegExp(String.raw`^${WEEKDAY}${MONTH}\s+(?<day>\d{1,2})\s+${TIME}\s*(?:${ZONE}\s+)?(?<year>\d{4})$`, 'i'),
  // Wed, 10 Oct 2018 20:19:24 GMT, 10 Oct 2018, 10-Oct-2018
  new RegExp(String.raw`^${WEEKDAY}(?<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+${MONTH}[\s,-]+(?<year>\d{4})${REST}$`, 'i'),
  // October 10, 2018, Oct 10 2018 8:19 PM
  new RegExp(String.raw`^${WEEKDAY}${MONTH}\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})${REST}$`, 'i'),
  // 8:19 PM · Oct 10, 2018 (as X shows it)
  new RegExp(String.raw`^${TIME}\s*[·-]\s*${MONTH}\s+(?<day>\d{1,2}),?\s+(?<year>\d{4})(?:\s+${ZONE})?$`, 'i'),
  // 8:19 PM - 10 Oct 2018 (as Twitter showed it)
  new RegExp(String.raw`^${TIME}\s*[·-]\s*(?<day>\d{1,2})\s+${MONTH}\s+(?<year>\d{4})(?:\s+${ZONE})?$`, 'i'),
]

/** 13/04/2024, 4/13/24 8:19 PM, 13.04.24: the two first numbers are day and month in some order. */
const ORDERED = new RegExp(
  String.raw`^(?<first>\d{1,2})(?<mark>[-/.])(?<second2>\d{1,2})[-/.](?<year>\d{4}|\d{2})${REST}$`,
)

/** Years of two digits are of 1970 to 2069, as POSIX reads them. */
const FIRST_SHORT_YEAR = 70

const LONGEST_DATE = 64

/** Epoch seconds up to the year 5138, then milliseconds, microseconds and nanoseconds, told apart by size. */
const EPOCH_UNITS = [
  { from: 1e8, to: 1e11, milliseconds: 1000 },
  { from: 1e11, to: 1e14, milliseconds: 1 },
  { from: 1e14, to: 1e17, milliseconds: 1e-3 },
  { from: 1e17, to: 1e19, milliseconds: 1e-6 },
] as const

/**
 * A date in one of the common forms: ISO 8601 and its relatives, epoch seconds to nanoseconds, Twitter's and mail's
 * forms, month names. Never the machine's time zone; never a guess between day and month: that takes `order`.
 */
export function parseDate(value: unknown, order?: DateOrder | null): Date | null {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value
  if (typeof value === 'bigint') return parseEpoch(Number(value))
  if (typeof value === 'number') return parseEpoch(value)
  if (typeof value !== 'string' || value.length > LONGEST_DATE) return null
  const text = value.trim()
  if (/^\d{9,19}(\.\d+)?$/.test(text)) return parseEpoch(Number(text))
  return parseOrdered(text, order ?? null) ?? parseForms(text)
}

/** Whether day or month comes first in a column of dates like 13/04/2024; null where nothing tells, or both do. */
export function dateOrder(values: Iterable<unknown>): DateOrder | null {
  let dayFirst = 0
  let monthFirst = 0
  for (const value of values) {
    const groups = typeof value === 'string' && value.length <= LONGEST_DATE ? matchOrdered(value.trim()) : null
    if (groups === null) continue
    if (Number(groups.first) > 12) dayFirst++
    else if (Number(groups.second2) > 12) monthFirst++
  }
  if (dayFirst > 0 === monthFirst > 0) return null
  return dayFirst > 0 ? 'day-first' : 'month-first'
}

function parseEpoch(value: number): Date | null {
  const unit = EPOCH_UNITS.find(({ from, to }) => value >= from && value < to)
  return unit === undefined ? null : new Date(Math.floor(value * unit.milliseconds))
}

function parseForms(text: string): Date | null {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups
    if (groups !== undefined) return build(groups, monthNumber(groups), Number(groups.day))
  }
  return null
}

/** 24-03-17 is none: written with hyphens, a year of two digits stands as often in front. */
function matchOrdered(text: string): Groups | null {
  const groups = ORDERED.exec(text)?.groups ?? null
  return groups?.year?.length === 2 && groups.mark === '-' ? null : groups
}

function parseOrdered(text: string, order: DateOrder | null): Date | null {
  const groups = matchOrdered(text)
  if (groups === null) return null
  const first = Number(groups.first)
  const second = Number(groups.second2)
  const dayFirst = first > 12 || (order === 'day-first' && second <= 12)
  if (!dayFirst && second <= 12 && order !== 'month-first') return null
  return dayFirst ? build(groups, second, first) : build(groups, first, second)
}

type Groups = Readonly<Record<string, string | undefined>>

function monthNumber(groups: Groups): number {
  if (groups.monthName === undefined) return Number(groups.month)
  return MONTHS.indexOf(groups.monthName.slice(0, 3).toLowerCase()) + 1
}

function build(groups: Groups, month: number, day: number): Date | null {
  const hour = hourOfDay(groups)
  const minute = Number(groups.minute ?? 0)
  const second = Number(groups.second ?? 0)
  const offset = zoneMinutes(groups.zone)
  if (hour === null || offset === null || minute > 59 || second > 60) return null
  const date = new Date(0)
  date.setUTCFullYear(fullYear(groups.year), month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  const milliseconds = Math.floor(Number(`0.${groups.fraction ?? 0}`) * 1000)
  date.setUTCHours(hour, minute - offset, second, milliseconds)
  return date
}

function fullYear(year = ''): number {
  const number = Number(year)
  if (year.length > 2) return number
  return number < FIRST_SHORT_YEAR ? 2000 + number : 1900 + number
}

function hourOfDay(groups: Groups): number | null {
  const hour = Number(groups.hour ?? 0)
  if (groups.half === undefined) return hour <= 23 ? hour : null
  if (hour < 1 || hour > 12) return null
  return (hour % 12) + (groups.half.toLowerCase().startsWith('p') ? 12 : 0)
}

/** Minutes east of UTC; 0 where no zone is given; null for a name that isn't known. */
function zoneMinutes(zone: string | undefined): number | null {
  if (zone === undefined) return 0
  const match = /([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (match === null) return ZONES[zone.toUpperCase()] ?? null
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0)
  return match[1] === '-' ? -minutes : minutes
}
