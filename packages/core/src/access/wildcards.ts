/**
 * Patterns with `*` (any number of characters) and `?` (one). The matcher keeps one place to return
 * to and never recurses: it takes at most pattern × text steps, where a regular expression made of
 * the same text can take exponentially many.
 */

/** What matching may still cost. One step is one comparison of characters. */
export interface Budget {
  steps: number
}

/** A compiled pattern. */
export interface Pattern {
  /** What the text begins with. */
  readonly prefix: string
  /** What follows: empty, or from the first wildcard on. */
  readonly rest: string
}

const STAR = 0x2a
const QUESTION_MARK = 0x3f

/** Runs of `*` mean one `*`, and what stands before the first wildcard is compared at once. */
export function compilePattern(text: string): Pattern {
  let first = 0
  while (first < text.length && !isWildcard(text.charCodeAt(first))) first++
  let rest = ''
  for (const character of text.slice(first).split('')) {
    if (character !== '*' || !rest.endsWith('*')) rest += character
  }
  return { prefix: text.slice(0, first), rest }
}

/** Whether `text` matches, by UTF-16 code units. Takes what it did from the budget. */
export function matchesPattern(pattern: Pattern, text: string, budget: Budget): boolean {
  const { prefix, rest } = pattern
  budget.steps -= prefix.length + 1
  if (!text.startsWith(prefix)) return false
  if (rest === '*') return true
  if (rest === '') return text.length === prefix.length
  return matchesRest(rest, text, prefix.length, budget)
}

function matchesRest(rest: string, text: string, from: number, budget: Budget): boolean {
  let place = 0
  let at = from
  // Where the last star was met: it takes one character more each time that the rest fails.
  let afterStar = -1
  let takenTo = -1
  while (at < text.length) {
    if (--budget.steps < 0) return false
    const wanted = rest.charCodeAt(place)
    if (wanted === STAR) {
      afterStar = ++place
      takenTo = at
    } else if (wanted === QUESTION_MARK || wanted === text.charCodeAt(at)) {
      place++
      at++
    } else if (afterStar >= 0) {
      place = afterStar
      at = ++takenTo
    } else {
      return false
    }
  }
  while (rest.charCodeAt(place) === STAR) place++
  return place === rest.length
}

/** `text` with A to Z as a to z, and every other character as it is. */
export function foldCase(text: string): string {
  let folded = ''
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    // Not `toLowerCase`, which also maps U+212A KELVIN SIGN to `k`.
    folded += code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 0x20) : (text[i] ?? '')
  }
  return folded
}

function isWildcard(code: number): boolean {
  return code === STAR || code === QUESTION_MARK
}
