/**
 * Marks by which a text of one line may begin, continue or end a value of several lines.
 *
 * No list of notations is complete, so the rules refuse what no common value looks like. The last
 * line of a text in Base64 ends in `=`, and the closing mark of its notation stands behind: such a
 * line has the form of a statement, and its name would be a part of the value.
 */

const ARMOUR_BEGIN = /--\s*BEGIN\b/g
const ARMOUR_END = /--\s*END\b/g
const BRACKETS = ['()', '[]', '{}'] as const

/** What a value without quotes begins with if it is the end of a value of several lines. */
const CLOSING: readonly RegExp[] = [
  // A word without a letter or digit: `/;`, `$$`, `-->`, `~~~`.
  /^[^\p{L}\p{N}\s]+(?:\s|$)/u,
  // Also initial quotation marks: some languages close with them, as in »text«.
  /^[,;>|\\\p{Pe}\p{Pf}\p{Pi}]/u,
  // `*/5 * * * *` is a schedule.
  /^(?:<\/|\*\/(?!\d)|&&|\.\w+\()/,
  // PostgreSQL: `$$` or `$tag$`. Hashes of passwords begin in a similar way: `$2b$`, `$y$j9T`.
  /^\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$(?=[\s;:,)|\]}'"]|$)/u,
  // References to characters: `&quot;`, `&#34;`, `%22`.
  /^&(?:#\d+|#x[\da-f]+|[a-z]+\d*);/i,
  /^(?:%[\da-f]{2})+$/i,
  // Quoted-printable: `=3D` is the `=` at the end of Base64.
  /^3D(?:=[\dA-F]{2})*[^\p{L}\p{N}]*$/iu,
]

/** What a value without quotes begins with if it may go on below. */
const OPENING: readonly RegExp[] = [
  /^(?:[%!@#*&?^]|__|~(?!\/)|\$\$|\$[A-Za-z_]\w*\$)/,
  // Perl, Ruby: a letter, or `q` and a letter, and any delimiter.
  /^(?:[A-Za-z]|q[a-z])[/!%#~^*+@$&?;]/,
]

/** Why a value without quotes may go on below, or `null` if it does not. */
export function whyOpen(text: string): string | null {
  if (text.startsWith('=')) return 'an = begins the value; it needs quotes round it'
  if (CLOSING.some((pattern) => pattern.test(text))) {
    return 'a closing mark begins the value; it needs quotes round it'
  }
  if (countOf(text, ARMOUR_END) > countOf(text, ARMOUR_BEGIN)) return 'the end of a key'
  if (hasOddQuote(text)) return 'a quote inside the value has no partner'
  // `[`, `%{` and `$(` open a value of more lines, and so does what ends with a bracket or a comma.
  if (hasOpenBracket(text) && /^(?:%\w?|[$@])?[([{]|[([{,]$/.test(text)) {
    return 'a bracket inside the value is never closed'
  }
  if (/(?:^|\s)[|>][-+\d]*$|\^$/.test(text)) return 'the value goes on below'
  return null
}

/** Whether something in the text, which stands before an `=`, may go on in the next line. */
export function isOpen(text: string): boolean {
  return text.includes('<<') || hasOddQuote(text) || hasOpenBracket(text)
}

/** Without what may open something in a notation not known here, such as brackets and quotes. */
export function isPlain(text: string): boolean {
  return (
    /^[\w\s./:@%+,=?&#~!*^$;-]*$/.test(text) &&
    !text.includes('/*') &&
    !OPENING.some((pattern) => pattern.test(text))
  )
}

function hasOddQuote(text: string): boolean {
  return ["'", '"', '`'].some((quote) => countOf(text, quote) % 2 === 1)
}

function hasOpenBracket(text: string): boolean {
  return BRACKETS.some(([open = '', close = '']) => countOf(text, open) > countOf(text, close))
}

export function countOf(text: string, part: string | RegExp): number {
  return text.split(part).length - 1
}

/** Whether a key in PEM form, or one of its relatives, begins and does not end in this line. */
export function hasOpenArmour(line: string): boolean {
  return lastPlace(line, ARMOUR_BEGIN) > lastPlace(line, ARMOUR_END)
}

function lastPlace(line: string, pattern: RegExp): number {
  return [...line.matchAll(pattern)].at(-1)?.index ?? -1
}
