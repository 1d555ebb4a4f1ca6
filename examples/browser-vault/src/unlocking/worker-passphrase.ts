/**
 * A passphrase whose scrypt runs in a worker, so that the page keeps responding. The next
 * worker is loaded ahead: a locked vault can be unlocked though the server of the page is away.
 */
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

/** A worker that has derived nothing yet, or `null` before there is one. */
let next: Worker | null = null
let isPrepared = false

/** Loads the worker of the next derivation, and then that of each next one. */
export function prepareDerivations(): void {
  isPrepared = true
  if (next === null) startNext()
}

/** The page is left: a browser that keeps it for "back" may not keep its workers. */
export function dropPreparedDerivation(): void {
  isPrepared = false
  next?.terminate()
  next = null
}

function startNext(): Worker {
  const worker = new Worker(new URL('./derivation-worker.js', import.meta.url), {
    type: 'module',
    name: 'scrypt',
  })
  // What could not be loaded is tried again by who needs it.
  worker.onerror = () => {
    if (next === worker) next = null
  }
  next = worker
  return worker
}

function takeWorker(): Worker {
  const worker = next ?? startNext()
  next = null
  return worker
}

async function deriveInWorker(
  request: DerivationRequest,
  { signal, onProgress }: DerivationOptions,
): Promise<Uint8Array> {
  signal.throwIfAborted()
  const worker = takeWorker()
  try {
    worker.postMessage(request)
    return await keyFrom(worker, signal, onProgress)
  } finally {
    worker.terminate()
    // What ends here must not keep the passphrase from being forgotten.
    worker.onmessage = null
    worker.onerror = null
    if (isPrepared) prepareDerivations()
  }
}

/** Never sees the passphrase. */
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
