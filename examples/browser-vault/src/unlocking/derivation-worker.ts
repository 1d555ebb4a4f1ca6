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
      onProgress: (fraction) => {
        scope.postMessage({ kind: 'progress', fraction })
      },
    })
    const key = await unlock.deriveKey(kdf)
    if (key === null) throw new Error('this slot is not for a passphrase')
    // Handed over and not copied: none stays here.
    scope.postMessage({ kind: 'key', key }, [key.buffer as ArrayBuffer])
  } catch (error) {
    scope.postMessage({ kind: 'failed', ...failureOf(error) })
  }
}

/** Errors lose their code on their way out of a worker. */
function failureOf(error: unknown): { readonly message: string; readonly code: string | null } {
  if (!(error instanceof Error)) return { message: 'scrypt failed', code: null }
  const { message } = error
  // An exception of the DOM has a number there.
  if ('code' in error && typeof error.code === 'string') return { message, code: error.code }
  return { message, code: error instanceof RangeError ? 'NO_MEMORY' : null }
}

scope.onmessage = ({ data }) => void derive(data)
