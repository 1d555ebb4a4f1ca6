import type { StorageAdapter } from './contract.js'
import { StorageError } from './storage-error.js'

/** One call that is about to reach the store. */
export interface StorageCall {
  readonly method: 'read' | 'scan' | 'commit' | 'close'
  /** How many calls of any method came before it, those that failed included. */
  readonly index: number
}

/**
 * What becomes of a call:
 * - `pass`: it is made as usual;
 * - `fail-before`: it is not made and rejects with `STORAGE_UNAVAILABLE`;
 * - `fail-after`: it is made and its answer lost: a commit rejects with `STORAGE_OUTCOME_UNKNOWN`,
 *   the others with `STORAGE_UNAVAILABLE`;
 * - `stop`: the process died before the call: this call and all later ones are not made and reject
 *   with `STORAGE_CLOSED`, `close` included;
 * - `stop-after`: the process died after the call and before its answer: the call is made, and it
 *   and all later ones, which are not made, reject with `STORAGE_CLOSED`.
 */
export type FaultVerdict = 'pass' | 'fail-before' | 'fail-after' | 'stop' | 'stop-after'

/**
 * A store that fails on purpose, for tests of what stands on it. `script` is asked before every
 * call, in the order of the calls, until a verdict stops the store. To go on after a stop, open
 * `inner`'s data anew: what is in it then is what the dead process left.
 */
export function faultyStorage(
  inner: StorageAdapter,
  script: (call: StorageCall) => FaultVerdict,
): StorageAdapter {
  let calls = 0
  let stopped = false

  async function run<T>(method: StorageCall['method'], make: () => Promise<T>): Promise<T> {
    if (stopped) throw stoppedError(method)
    const verdict = script({ method, index: calls })
    calls += 1
    if (verdict === 'pass') return make()
    if (verdict === 'fail-before') {
      throw new StorageError('STORAGE_UNAVAILABLE', `${method} was made to fail`)
    }
    stopped = verdict === 'stop' || verdict === 'stop-after'
    if (verdict === 'stop') throw stoppedError(method)
    await make()
    if (verdict === 'stop-after') throw stoppedError(method)
    throw new StorageError(
      method === 'commit' ? 'STORAGE_OUTCOME_UNKNOWN' : 'STORAGE_UNAVAILABLE',
      `the answer of ${method} was made to get lost`,
    )
  }

  return {
    read: (keys) => run('read', () => inner.read(keys)),
    scan: (range) => run('scan', () => inner.scan(range)),
    commit: (commit) => run('commit', () => inner.commit(commit)),
    close: () => run('close', () => inner.close()),
  }
}

function stoppedError(method: StorageCall['method']): StorageError {
  return new StorageError('STORAGE_CLOSED', `${method} came after the store was made to stop`)
}
