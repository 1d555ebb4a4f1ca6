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
  'hunter2-without-a-name',
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
  'OPEN_QUOTE="leaked-open-quote \\"',
  "JUNK='closed' leaked-junk-behind",
  'PEM=-----BEGIN PRIVATE KEY-----',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7=',
  'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC8==',
  '-----END PRIVATE KEY-----',
  'ONE_LINE_PEM=-----BEGIN X-----\\nYWJjZA==\\n-----END X-----',
  '-----BEGIN LOST-----',
  'MIIEvQIBADANleakedname=',
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
])

const EMPTY = 'secretData must not be empty'
const SIZE = 'secretData must have 1 to 30720 bytes'
const CHARSET = 'secretName may hold only ASCII letters, digits and _ / + = . @ -'

/** Lines that must be reported, and how. */
export const PROBLEM_LINES: readonly (readonly [line: number, message: string])[] = [
  [12, EMPTY],
  [13, EMPTY],
  [14, 'not of the form NAME=value'],
  [15, 'no name before the ='],
  [16, CHARSET],
  [17, CHARSET],
  [18, 'secretName must have 1 to 192 characters; got 193'],
  [19, SIZE],
  [22, 'replaced by line 23'],
  [28, 'a quote is opened and never closed'],
  [29, 'something stands behind the closing quote'],
  [30, 'a key of 4 lines that needs quotes round it'],
  [35, 'a key of 2 lines that needs quotes round it'],
]
