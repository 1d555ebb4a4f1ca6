import type { StorageAdapter } from './contract.js'
import { StorageError } from './storage-error.js'

/** One call before it reaches the store. */
export interface StorageCall {
  /** The method that was called. */
  readonly method: 'read' | 'scan' | 'commit' | 'close'
  /** The number of calls of any method before this one, including failed calls; 0 for the first. */
  readonly index: number
}

/**
 * What happens to a call:
 *
 * - `pass`: the call is made;
 * - `fail-before`: the call is not made and rejects with `STORAGE_UNAVAILABLE`;
 * - `fail-after`: the call is made and its result is lost: a commit rejects with
 *   `STORAGE_OUTCOME_UNKNOWN`, other methods with `STORAGE_UNAVAILABLE`;
 * - `stop`: the process died before the call: this call and all later ones, including `close`, are
 *   not made and reject with `STORAGE_CLOSED`;
 * - `stop-after`: the process died after the call and before its result: this call is made, later
 *   ones are not, and all reject with `STORAGE_CLOSED`.
 */
export type FaultVerdict = 'pass' | 'fail-before' | 'fail-after' | 'stop' | 'stop-after'

/**
 * A store that fails on purpose, for tests of code that uses a store. `script` is called before
 * every call, in order, until a verdict stops the store. To continue after a stop, open the data of
 * `inner` again: it holds what the dead process left.
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
      throw new StorageError('STORAGE_UNAVAILABLE', `${method} failed on purpose`)
    }
    stopped = verdict === 'stop' || verdict === 'stop-after'
    if (verdict === 'stop') throw stoppedError(method)
    await make()
    if (verdict === 'stop-after') throw stoppedError(method)
    throw new StorageError(
      method === 'commit' ? 'STORAGE_OUTCOME_UNKNOWN' : 'STORAGE_UNAVAILABLE',
      `the result of ${method} was lost on purpose`,
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
  return new StorageError('STORAGE_CLOSED', `${method} came after the store was stopped on purpose`)
}
