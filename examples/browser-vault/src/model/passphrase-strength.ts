/** How easily a passphrase is guessed, by zxcvbn. Its lists of passwords make this file large. */
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

/** From 0, which is guessed at once, to 4, which takes years of trying. */
export type Score = 0 | 1 | 2 | 3 | 4

export function scoreOf(passphrase: string): Score {
  return zxcvbn.check(passphrase).score
}
