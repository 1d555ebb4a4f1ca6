/** Where the passphrase of the vault comes from: a person, the environment, or chance. */

import { randomBytes } from 'node:crypto'
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { UsageError } from './usage.js'

export interface ChosenPassphrase {
  readonly text: string
  /** Whether it was made up here, so that it has to be shown. */
  readonly isGenerated: boolean
  /** Where it comes from, in words for a person. */
  readonly origin: string
}

export const PASSPHRASE_VARIABLE = 'STAGEVAULT_PASSPHRASE'

/** A terminal, or in tests something like it. */
export interface Keyboard {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly output: { write(text: string): unknown; readonly isTTY?: boolean }
}

/**
 * Takes the passphrase from the environment; else asks for it, twice, if a person sits at a
 * terminal; else, or if that person just presses Enter, makes one.
 *
 * @throws {@link UsageError} when the two answers differ, or no answer comes.
 */
export async function choosePassphrase(
  env: Readonly<Record<string, string | undefined>>,
  keyboard: Keyboard,
): Promise<ChosenPassphrase> {
  const given = env[PASSPHRASE_VARIABLE] ?? ''
  const origin = `from ${PASSPHRASE_VARIABLE}`
  if (given !== '') return { text: given, isGenerated: false, origin }
  if (keyboard.input.isTTY !== true || keyboard.output.isTTY !== true) return generate()
  const [first, second] = await askHidden(keyboard, [
    'Passphrase for the new vault (just Enter: make one up): ',
    'The same once more: ',
  ])
  if (first === '') return generate()
  if (first !== second) throw new UsageError('the two passphrases differ; start again')
  return { text: first, isGenerated: false, origin: 'as you typed it' }
}

/** Asks each question and reads a line for it that is not shown. An empty first one ends it. */
async function askHidden(
  { input, output }: Keyboard,
  [question, repetition]: readonly [string, string],
): Promise<readonly [first: string, second: string]> {
  const reader = createInterface({ input, output: createNowhere(), terminal: true, historySize: 0 })
  // Kept until they are asked for: both answers may come in one piece, from a clipboard.
  const lines: string[] = []
  let hasEnded = false
  let wake = (): void => undefined
  const end = (): void => {
    hasEnded = true
    wake()
  }
  reader
    .on('line', (line) => {
      lines.push(line)
      wake()
    })
    .on('SIGINT', end)
    .on('close', end)

  const ask = async (text: string): Promise<string> => {
    output.write(text)
    while (lines.length === 0 && !hasEnded) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    output.write('\n')
    const line = lines.shift()
    if (line === undefined) throw new UsageError('no passphrase, no vault')
    return line
  }

  try {
    const first = await ask(question)
    return first === '' ? ['', ''] : [first, await ask(repetition)]
  } finally {
    reader.close()
  }
}

function createNowhere(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done()
    },
  })
}

/** 32 characters that are not taken for each other, so that five bits pick one without bias. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const GROUPS = 5
const GROUP_CHARS = 4

/** 100 bits: more than anyone can try, few enough to copy from a screen. */
function generate(): ChosenPassphrase {
  const bytes = randomBytes(GROUPS * GROUP_CHARS)
  const chars = Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length))
  const groups = Array.from({ length: GROUPS }, (_, i) =>
    chars.slice(i * GROUP_CHARS, (i + 1) * GROUP_CHARS).join(''),
  )
  return { text: groups.join('-'), isGenerated: true, origin: 'made up just now' }
}
