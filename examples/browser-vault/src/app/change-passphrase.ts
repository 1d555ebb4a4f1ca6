/** Another passphrase for the vault that is open. The old one opens it no longer. */
import type { Vault } from 'stagevault'
import { requireNewPassphrase } from '../model/passphrase-rules.js'
import { Refusal, problemWords } from '../model/problem-words.js'
import type { DerivationOptions } from '../unlocking/worker-passphrase.js'
import { workerPassphrase } from '../unlocking/worker-passphrase.js'
import { openPassphraseDialog } from '../views/passphrase-dialog.js'
import type { Attempts } from './attempts.js'

/** @param done - told what was done, also where it was cancelled too late */
export function openChangePassphrase(
  vault: Vault,
  orGone: Attempts['orGone'],
  done: (words: string) => void,
): void {
  openPassphraseDialog(async ({ now, next, again }, work) => {
    await requireNewPassphrase(next, again)
    if (now === next) throw new Refusal('The new passphrase is the present one.')
    const { signal } = work
    const unlock = workerPassphrase(now, halfOf(work, 0))
    const newUnlock = workerPassphrase(next, halfOf(work, 1))
    await orGone(() => vault.replaceUnlockSlot({ unlock, newUnlock, signal }))
    done('The passphrase is changed')
  }, problemWords)
}

/** Two keys are derived one after the other: each is half of the way. */
function halfOf(work: DerivationOptions, place: 0 | 1): DerivationOptions {
  return {
    signal: work.signal,
    onProgress: (fraction) => {
      work.onProgress((place + fraction) / 2)
    },
  }
}
