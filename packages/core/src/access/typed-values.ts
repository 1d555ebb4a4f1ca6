/**
 * Numbers, dates and booleans as policies write them. Each reader returns `null` for what is not of
 * its type: in a document that is refused, in a request it counts against the caller. None uses a
 * regular expression, because none is used on the text of a policy.
 */

const NUMBER_DIGITS_MAX = 16
/** The greatest number of a policy, 2^53. */
export const NUMBER_MAX: number = 2 ** 53

/** Nanoseconds are the finest fraction of a second that a date may have. */
const FRACTION_DIGITS_MAX = 9
export const NANOSECONDS_PER_MS = 1_000_000n
const NANOSECONDS_PER_SECOND = 1_000_000_000n
const NANOSECONDS_PER_DAY = 86_400n * NANOSECONDS_PER_SECOND
/** From the first day of year 0 to that of 1970. */
const DAYS_BEFORE_1970 = 719_528

/** An integer within ±2^53, without exponent or fraction. */
export function readNumber(text: string): number | null {
  const isNegative = text.startsWith('-')
  const digits = isNegative ? text.slice(1) : text
  if (digits.length > NUMBER_DIGITS_MAX) return null
  const value = readDigits(digits)
  // A greater number may be rounded to 2^53.
  if (
    value === null ||
    value > NUMBER_MAX ||
    (value === NUMBER_MAX && digits !== NUMBER_MAX_TEXT)
  ) {
    return null
  }
  return isNegative ? 0 - value : value
}

const NUMBER_MAX_TEXT = String(NUMBER_MAX)

/** `true` or `false`, in lower case. */
export function readBoolean(text: string): boolean | null {
  return text === 'true' ? true : text === 'false' ? false : null
}

/**
 * A date of RFC 3339, section 5.6, with an offset or `Z`; or a date alone, which means midnight
 * UTC. A leap second is refused, because the host's clock has none, and so is a fraction of more
 * than nine digits.
 *
 * @returns nanoseconds since 1970
 */
export function readDate(text: string): bigint | null {
  if (text[4] !== '-' || text[7] !== '-') return null
  const day = readDay(text.slice(0, 4), text.slice(5, 7), text.slice(8, 10))
  if (day === null) return null
  if (text.length === 10) return day
  const time = text[10] === 'T' ? readTime(text.slice(11)) : null
  return time === null ? null : day + time
}

/** Midnight UTC of a day that exists, in nanoseconds since 1970. */
function readDay(yearText: string, monthText: string, dayText: string): bigint | null {
  const year = readDigits(yearText)
  const month = readDigits(monthText)
  const day = dayText.length === 2 ? readDigits(dayText) : null
  if (year === null || month === null || day === null) return null
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return null
  let days = 365 * year + leapYearsBefore(year) - DAYS_BEFORE_1970 + day - 1
  for (let each = 1; each < month; each++) days += daysOf(year, each)
  return BigInt(days) * NANOSECONDS_PER_DAY
}

/** Days of a month, in the Gregorian calendar for all years. */
function daysOf(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Leap years from year 0 on, which is one. */
function leapYearsBefore(year: number): number {
  if (year === 0) return 0
  const last = year - 1
  return 1 + Math.floor(last / 4) - Math.floor(last / 100) + Math.floor(last / 400)
}

/** The nanoseconds from midnight UTC to a time like `08:30:00.5+02:00`. */
function readTime(text: string): bigint | null {
  const minutes = readMinutes(text.slice(0, 5))
  const second = text[5] === ':' ? readPart(text.slice(6, 8), 59) : null
  let end = 8
  if (text[end] === '.')
    do end++
    while (isDigit(text.charCodeAt(end)))
  const fraction = readFraction(text.slice(8, end))
  const offset = readOffset(text.slice(end))
  if (minutes === null || second === null || fraction === null || offset === null) return null
  return BigInt(60 * (minutes - offset) + second) * NANOSECONDS_PER_SECOND + fraction
}

/** The nanoseconds of `.5`; none for an empty text. */
function readFraction(text: string): bigint | null {
  if (text === '') return 0n
  const digits = text.slice(1)
  if (digits === '' || digits.length > FRACTION_DIGITS_MAX) return null
  return BigInt(digits.padEnd(FRACTION_DIGITS_MAX, '0'))
}

/** Minutes that a place is ahead of UTC. */
function readOffset(text: string): number | null {
  if (text === 'Z') return 0
  const isBehind = text.startsWith('-')
  const minutes = isBehind || text.startsWith('+') ? readMinutes(text.slice(1)) : null
  if (minutes === null) return null
  return isBehind ? 0 - minutes : minutes
}

/** Minutes of `hh:mm`. */
function readMinutes(text: string): number | null {
  if (text.length !== 5 || text[2] !== ':') return null
  const hours = readPart(text.slice(0, 2), 23)
  const minutes = readPart(text.slice(3), 59)
  return hours === null || minutes === null ? null : 60 * hours + minutes
}

/** Two digits up to `max`. */
function readPart(text: string, max: number): number | null {
  const value = text.length === 2 ? readDigits(text) : null
  return value !== null && value <= max ? value : null
}

/** One or more decimal digits. */
export function readDigits(text: string): number | null {
  if (text === '') return null
  for (let i = 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return null
  return Number(text)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
