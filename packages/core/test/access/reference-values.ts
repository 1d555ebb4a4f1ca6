/** Numbers, booleans and dates, which policies and requests hold as text. */

const NUMBER_MAX = 2n ** 53n

/** `-?[0-9]{1,16}` within 2^53 of zero, or `null`. */
export function parseInteger(text: string): bigint | null {
  const isNegative = text.startsWith('-')
  const size = isNegative ? text.slice(1) : text
  if (size.length < 1 || size.length > 16 || !isDigits(size)) return null
  const value = BigInt(size)
  if (value > NUMBER_MAX) return null
  return isNegative ? -value : value
}

/** A JavaScript number as such an integer, or `null`. */
export function integerOf(value: number): bigint | null {
  return Number.isInteger(value) && Math.abs(value) <= 2 ** 53 ? BigInt(value) : null
}

/** `true` or `false`, or `null` for any other text. */
export function parseBoolean(text: string): boolean | null {
  return text === 'true' ? true : text === 'false' ? false : null
}

/** An instant: whole seconds since 1970, and the digits of the fraction without zeros behind. */
export interface ReferenceInstant {
  readonly seconds: number
  readonly fraction: string
}

/** RFC 3339 with an offset or `Z`, or a date alone, which is midnight in UTC; or `null`. */
export function parseInstant(text: string): ReferenceInstant | null {
  const day = parseDay(text.slice(0, 10))
  if (day === null) return null
  if (text.length === 10) return { seconds: day, fraction: '' }
  if (text.charAt(10) !== 'T') return null
  const time = parseClock(text.slice(11, 19))
  if (time === null) return null
  let rest = text.slice(19)
  let fraction = ''
  if (rest.startsWith('.')) {
    let end = 1
    while (end < rest.length && isDigits(rest.charAt(end))) end++
    fraction = rest.slice(1, end)
    rest = rest.slice(end)
    if (fraction === '') return null
  }
  const offset = parseOffset(rest)
  if (offset === null) return null
  while (fraction.endsWith('0')) fraction = fraction.slice(0, -1)
  return { seconds: day + time - offset, fraction }
}

/** Negative, zero or positive, as `a` is before, at or after `b`. */
export function compareInstants(a: ReferenceInstant, b: ReferenceInstant): number {
  if (a.seconds !== b.seconds) return a.seconds - b.seconds
  // Digits behind a point sort like text.
  return a.fraction < b.fraction ? -1 : a.fraction > b.fraction ? 1 : 0
}

/** `YYYY-MM-DD` as seconds since 1970. */
function parseDay(text: string): number | null {
  const [year, month, day] = fieldsOf(text, '0000-00-00', [0, 5, 8])
  if (year === undefined || month === undefined || day === undefined) return null
  // `Date.UTC` takes years below 100 for those of the last century; `setUTCFullYear` does not.
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null
  return date.getTime() / 1000
}

/** `hh:mm:ss` as seconds; a leap second is refused. */
function parseClock(text: string): number | null {
  const [hour, minute, second] = fieldsOf(text, '00:00:00', [0, 3, 6])
  if (hour === undefined || minute === undefined || second === undefined) return null
  if (hour > 23 || minute > 59 || second > 59) return null
  return hour * 3600 + minute * 60 + second
}

/** `Z`, or the sign, hours and minutes of an offset, as seconds. */
function parseOffset(text: string): number | null {
  if (text === 'Z') return 0
  const sign = text.startsWith('+') ? 1 : text.startsWith('-') ? -1 : null
  const [hour, minute] = fieldsOf(text.slice(1), '00:00', [0, 3])
  if (sign === null || hour === undefined || minute === undefined) return null
  if (hour > 23 || minute > 59) return null
  return sign * (hour * 3600 + minute * 60)
}

/** The numbers that begin at `starts`, of a text of the shape of `form`; none for another shape. */
function fieldsOf(text: string, form: string, starts: readonly number[]): readonly number[] {
  if (text.length !== form.length) return []
  for (let i = 0; i < form.length; i++) {
    const isRight = form[i] === '0' ? isDigits(text.charAt(i)) : text[i] === form[i]
    if (!isRight) return []
  }
  return starts.map((start) => parseInt(text.slice(start), 10))
}

function isDigits(text: string): boolean {
  for (const char of text) if (char < '0' || char > '9') return false
  return text !== ''
}
