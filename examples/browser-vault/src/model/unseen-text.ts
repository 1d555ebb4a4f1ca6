/** What a person does not see in a value: blanks and line ends at its ends, and a second line. */

const KINDS: readonly (readonly [pattern: RegExp, mark: string, one: string, many: string])[] = [
  [/^\n$/, '↵', 'a line end', 'line ends'],
  [/^\t$/, '⇥', 'a tab', 'tabs'],
  [/^\s$/, '␣', 'a blank', 'blanks'],
  // No width: byte order mark (which is also of `\s`), joiners and the like.
  [/^[\u200B-\u200D\u2060]$/, '□', 'an invisible character', 'invisible characters'],
]

/** More of them are not shown. */
const MARKS_MAX = 12

export interface UnseenText {
  /** A sentence that says what it is. */
  readonly words: string
  /** Signs for what is at the ends, or `''`. */
  readonly marks: string
  /** The value without it, and what a button to get that is called. */
  readonly without: string
  readonly removal: string
}

/** @param mayHaveLines - whether several lines are wanted: they are not worth a question then */
export function unseenIn(value: string, mayHaveLines: boolean): UnseenText | null {
  let [start, end] = [0, value.length]
  while (start < end && kindOf(value.charAt(start)) !== undefined) start += 1
  while (end > start && kindOf(value.charAt(end - 1)) !== undefined) end -= 1
  const [head, middle, tail] = [value.slice(0, start), value.slice(start, end), value.slice(end)]
  const lines = mayHaveLines ? 1 : middle.split('\n').length
  const found = [
    head === '' ? '' : `${middle === '' ? 'is nothing but' : 'begins with'} ${countWords(head)}`,
    lines === 1 ? '' : `has ${lines} lines`,
    tail === '' ? '' : `ends in ${countWords(tail)}`,
  ].filter((words) => words !== '')
  if (found.length === 0) return null
  return {
    words: `The value ${listWords(found)}.`,
    marks: head + tail === '' ? '' : `${marksOf(head)}…${marksOf(tail)}`,
    without: mayHaveLines ? middle : middle.replaceAll('\n', ''),
    removal: lines === 1 ? 'Take that out' : 'Make it one line',
  }
}

function kindOf(character: string): (typeof KINDS)[number] | undefined {
  return KINDS.find(([pattern]) => pattern.test(character))
}

function countWords(text: string): string {
  const characters = Array.from(text, kindOf)
  return listWords(
    KINDS.map((kind) => {
      const count = characters.filter((each) => each === kind).length
      return count === 0 ? '' : count === 1 ? kind[2] : `${count} ${kind[3]}`
    }).filter((words) => words !== ''),
  )
}

function listWords(words: readonly string[]): string {
  return new Intl.ListFormat('en').format(words)
}

function marksOf(text: string): string {
  const marks = Array.from(text.slice(0, MARKS_MAX), (character) => kindOf(character)?.[1] ?? '')
  return marks.join('')
}
