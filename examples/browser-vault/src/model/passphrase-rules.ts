/** What a new passphrase has to be, so that nobody guesses it at once. */

export const PASSPHRASE_CHARS_MIN = 8
const DIFFERENT_CHARS_MIN = 5

/** @returns why it cannot be taken, in words for a person, or `null` where it can */
export function whyTooWeak(passphrase: string): string | null {
  const characters = Array.from(passphrase.trim())
  if (characters.length < PASSPHRASE_CHARS_MIN) {
    return `A passphrase needs at least ${PASSPHRASE_CHARS_MIN} characters.`
  }
  return new Set(characters).size < DIFFERENT_CHARS_MIN
    ? 'This passphrase is guessed too easily. Take several words.'
    : null
}
