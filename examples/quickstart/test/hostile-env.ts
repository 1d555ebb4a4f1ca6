/** A credentials file with everything in it that people and accidents put there. */

const LONG_NAME = 'N'.repeat(193)
const HUGE = 'huge '.repeat(6_145)

/** Written with CRLF and a byte order mark. */
export const HOSTILE_LINES: readonly string[] = [
  '# line 1: a comment',
  '',
  '  export  SPACED  =  leading and trailing dropped  ',
  'EQUALS=a=b==c=',
  'HASH=pass#word # a comment',
  'DOUBLE="two\\nlines, a \\"quote\\", a \\\\ and a # inside"   # a comment',
  "SINGLE='back\\nslash stays, \" too'",
  'TICK=`both \' and "`',
  'MULTI="first line',
  'second = line',
  '# not a comment"',
  'EMPTY=',
  'EMPTY_QUOTED=""',
  '=leaked-without-a-name',
  'with space=leaked-value-of-an-illegal-name',
  'ключ=leaked-value-of-a-cyrillic-name',
  `${LONG_NAME}=leaked-value-of-a-long-name`,
  `TOO_LARGE=${HUGE}`,
  '__proto__=is-a-name-like-others',
  'constructor=this-one-too',
  'TWICE=replaced-value-one',
  'TWICE=replacing-value-two',
  'ESCAPE=\u001B[31mred-and-ringing\u0007',
  'UNICODE="пароль 🔑 ünïcode"',
  'MyDbCreds=taken-by-the-file-itself',
  'SAME_AS_NAME=SAME_AS_NAME',
  'ONE_LINE_PEM=-----BEGIN X-----\\nYWJjZA==\\n-----END X-----',
  'COMMA="leaked-before-a-comma",',
  'TAG=<leaked-tag>',
  'PEM=-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7=',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC8==',
  '-----END PRIVATE KEY-----',
  'LAST=is-stored-too',
]

/** What a vault should hold of it. */
export const HOSTILE_ENTRIES: Readonly<Record<string, string>> = Object.fromEntries([
  ['SPACED', 'leading and trailing dropped'],
  ['EQUALS', 'a=b==c='],
  ['HASH', 'pass#word'],
  ['DOUBLE', 'two\nlines, a "quote", a \\ and a # inside'],
  ['SINGLE', 'back\\nslash stays, " too'],
  ['TICK', 'both \' and "'],
  ['MULTI', 'first line\nsecond = line\n# not a comment'],
  ['__proto__', 'is-a-name-like-others'],
  ['constructor', 'this-one-too'],
  ['TWICE', 'replacing-value-two'],
  ['ESCAPE', '\u001B[31mred-and-ringing\u0007'],
  ['UNICODE', 'пароль 🔑 ünïcode'],
  ['MyDbCreds', 'taken-by-the-file-itself'],
  ['SAME_AS_NAME', 'SAME_AS_NAME'],
  ['ONE_LINE_PEM', '-----BEGIN X-----\\nYWJjZA==\\n-----END X-----'],
  ['LAST', 'is-stored-too'],
])

const EMPTY = 'the value is empty'
const SIZE = 'secretData must have 1 to 30720 bytes'
const CHARSET = 'no name that a variable may have'

/** Lines that must be reported, and how. */
export const PROBLEM_LINES: readonly (readonly [line: number, message: string])[] = [
  [12, EMPTY],
  [13, EMPTY],
  [14, 'no name before the ='],
  [15, CHARSET],
  [16, CHARSET],
  [17, 'secretName must have 1 to 192 characters; got 193'],
  [18, SIZE],
  [21, 'replaced by line 22'],
  [28, 'something stands behind the closing quote'],
  [29, 'a value that begins with < and has no quotes'],
  [30, 'a key that needs quotes round it'],
]
