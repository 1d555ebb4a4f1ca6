/** Derives the key of one slot by scrypt, away from the page: half a second to several. */
import { passphrase } from 'stagevault'
import type { DerivationReply, DerivationRequest } from './derivation.js'

/** The scope of a worker, as far as it is needed; the types of a page know `Window` only. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<DerivationRequest>) => void) | null
  postMessage(reply: DerivationReply, transfer?: readonly Transferable[]): void
}

const scope = globalThis as unknown as WorkerScope

async function derive({ text, kdf }: DerivationRequest): Promise<void> {
  try {
    const unlock = passphrase(text, {
      onProgress: (fraction) => { scope.postMessage({ kind: 'progress', fraction }) },
    })
    const key = await unlock.deriveKey(kdf)
    if (key === null) throw new Error('this slot is not for a passphrase')
    // Handed over and not copied: none stays here.
    scope.postMessage({ kind: 'key', key }, [key.buffer as ArrayBuffer])
  } catch (error) {
    scope.postMessage({ kind: 'failed', message: (error as Error).message })
  }
}

scope.onmessage = ({ data }) => void derive(data)
