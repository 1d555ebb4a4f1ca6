/** The forms in which a text may lie on a disk where nothing was done to hide it. */

/** Texts shorter than this turn up in any file by chance, in one form or another. */
const TEXT_BYTES_MIN = 8
/** As do numbers, in times and in sizes. */
const DIGITS_MIN = 12
/** From here on each half is looked for too: a store may cut a record in two. */
const HALVES_BYTES_MIN = 32

/** Whether finding the text, or not finding it, would mean anything. */
export function isSearchable(text: string): boolean {
  if (/^\d*$/.test(text)) return text.length >= DIGITS_MIN
  return Buffer.byteLength(text) >= TEXT_BYTES_MIN
}

/** The text and, where it is long, each of its halves. */
export function piecesOf(text: string): string[] {
  if (Buffer.byteLength(text) < HALVES_BYTES_MIN) return [text]
  const chars = Array.from(text)
  const middle = Math.floor(chars.length / 2)
  const halves = [chars.slice(0, middle).join(''), chars.slice(middle).join('')]
  return [text, ...halves.filter(isSearchable)]
}

/**
 * UTF-8, UTF-16 of both byte orders, hexadecimal of both cases, and Base64 of both alphabets at
 * each of the three places where the text may begin in it.
 */
export function formsOf(text: string): Buffer[] {
  const utf8 = Buffer.from(text, 'utf8')
  const utf16 = Buffer.from(text, 'utf16le')
  const hex = utf8.toString('hex')
  const base64 = [0, 1, 2].map((shift) => innerBase64(utf8, shift))
  const written = [hex, hex.toUpperCase(), ...base64, ...base64.map(toUrlAlphabet)]
  return [
    utf8,
    utf16,
    Buffer.from(utf16).swap16(),
    ...[...new Set(written)].map((form) => Buffer.from(form, 'latin1')),
  ]
}

/** The characters of a Base64 text that depend on `bytes` alone, `shift` bytes into it. */
function innerBase64(bytes: Buffer, shift: number): string {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
  const first = Math.ceil((shift * 8) / 6)
  const end = Math.floor((shifted.length * 8) / 6)
  return shifted.toString('base64').slice(first, end)
}

function toUrlAlphabet(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_')
}
