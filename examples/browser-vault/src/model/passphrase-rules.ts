/** What a new passphrase has to be, so that an attacker does not guess it soon. */
import type { Score } from './passphrase-strength.js'
import { FILES_GONE, Refusal } from './problem-words.js'

export const PASSPHRASE_CHARS_MIN = 8

/** 10^8 guesses and more. One processor makes some ten in a second: scrypt is that slow. */
const SCORE_MIN: Score = 3

const SCORE_WORDS: Readonly<Record<Score, string>> = {
  0: 'Guessed at once',
  1: 'Guessed within hours',
  2: 'Guessed within weeks',
  3: 'Good',
  4: 'Strong',
}

export interface Strength {
  readonly score: Score
  readonly words: string
}

/** @throws Refusal where the lists that it takes cannot be loaded */
export async function strengthOf(passphrase: string): Promise<Strength> {
  const { scoreOf } = await import('./passphrase-strength.js').catch(() => {
    throw new Refusal(FILES_GONE)
  })
  // Blanks at the ends are what a person forgets first, and what is guessed first.
  const score = scoreOf(passphrase.trim())
  return { score, words: SCORE_WORDS[score] }
}

/** @returns why it cannot be taken, in words for a person, or `null` where it can */
export async function whyTooWeak(passphrase: string): Promise<string | null> {
  if (Array.from(passphrase.trim()).length < PASSPHRASE_CHARS_MIN) {
    return `A passphrase needs at least ${PASSPHRASE_CHARS_MIN} characters.`
  }
  const { score } = await strengthOf(passphrase)
  return score < SCORE_MIN ? 'This passphrase is guessed too easily. Take several words.' : null
}

/** @throws Refusal for a new passphrase that cannot be taken. */
export async function requireNewPassphrase(first: string, again: string): Promise<void> {
  const why = first === again ? await whyTooWeak(first) : 'The two passphrases differ.'
  if (why !== null) throw new Refusal(why)
}
