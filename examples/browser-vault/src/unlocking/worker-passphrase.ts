/** A passphrase whose scrypt runs in a worker, so that the page stays alive meanwhile. */
import type { Unlock } from 'stagevault'
import { passphrase } from 'stagevault'
import { FILES_GONE, Refusal } from '../model/problem-words.js'
import type { DerivationReply, DerivationRequest } from './derivation.js'

export interface DerivationOptions {
  /** Ends the worker, and the derivation with it. */
  readonly signal: AbortSignal
  /** Told how much is done, 0 to 1. */
  readonly onProgress: (fraction: number) => void
}

/**
 * Makes and opens the same slots as `passphrase`.
 *
 * @throws as `passphrase` for a text that can be none.
 */
export function workerPassphrase(text: string, options: DerivationOptions): Unlock {
  const unlock = passphrase(text)
  return {
    kind: unlock.kind,
    newKdf: (random) => unlock.newKdf(random),
    deriveKey: (kdf) => deriveInWorker({ text, kdf }, options),
  }
}

async function deriveInWorker(
  request: DerivationRequest,
  { signal, onProgress }: DerivationOptions,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const worker = new Worker(new URL('./derivation-worker.js', import.meta.url), {
    type: 'module',
    name: 'scrypt',
  })
  try {
    worker.postMessage(request)
    return await keyFrom(worker, signal, onProgress)
  } finally {
    worker.terminate()
    // What ends here must not keep the passphrase from being forgotten.
    worker.onmessage = null
    worker.onerror = null
  }
}

/** Knows nothing of the passphrase. */
function keyFrom(
  worker: Worker,
  signal: AbortSignal,
  onProgress: (fraction: number) => void,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(signal.reason as Error)
      },
      { once: true },
    )
    worker.onerror = () => {
      reject(new Refusal(FILES_GONE))
    }
    worker.onmessage = ({ data }: MessageEvent<DerivationReply>) => {
      if (data.kind === 'progress') onProgress(data.fraction)
      else if (data.kind === 'key') resolve(data.key)
      else reject(Object.assign(new Error(data.message), { code: data.code }))
    }
  })
}
