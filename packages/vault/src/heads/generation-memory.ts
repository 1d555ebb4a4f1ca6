/** What this process has seen of a record that has a generation: the vault root, the keyring. */

import { VaultError } from '@stagevault/core/errors'
import { platform } from '#platform'

interface Newest {
  readonly generation: number
  readonly bytes: Uint8Array
  readonly moment: number
}

const NONE: Newest = { generation: 0, bytes: /* @__PURE__ */ new Uint8Array(0), moment: 0 }

export interface GenerationMemory {
  /** The generation that was known at that moment, 0 for none. */
  at(moment: number): number
  /** Remembers a record that was read or written. */
  note(generation: number, bytes: Uint8Array): void
  /**
   * @param asked - the moment at which the record was asked for
   * @throws {@link VaultError} `ROLLBACK_DETECTED` for one that is older than one that was seen
   *   before, or is another one of the same generation.
   */
  requireNotOlder(generation: number, bytes: Uint8Array, asked: number): void
  clear(): void
}

/** @param tick - makes a new moment */
export function createGenerationMemory(what: string, tick: () => number): GenerationMemory {
  let newest = NONE

  return {
    at: (moment) => (newest.moment <= moment ? newest.generation : 0),
    note: (generation, bytes) => {
      if (generation > newest.generation) newest = { generation, bytes, moment: tick() }
    },
    requireNotOlder: (generation, bytes, asked) => {
      if (generation === newest.generation && !platform.isSame(bytes, newest.bytes)) {
        throw wentBack(`another ${what}`)
      }
      if (newest.moment <= asked && generation < newest.generation) {
        throw wentBack(`an earlier ${what}`)
      }
    },
    clear: () => {
      newest = NONE
    },
  }
}

export function wentBack(what: string): VaultError {
  return new VaultError('ROLLBACK_DETECTED', `the store gives ${what} than it gave before`)
}
