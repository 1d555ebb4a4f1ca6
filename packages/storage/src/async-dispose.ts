/// <reference lib="esnext.disposable" preserve="true" />
import type { DisposableStorage, StorageAdapter } from './contract.js'

/**
 * The same object with `[Symbol.asyncDispose]`, which calls `close`, so that `await using` closes
 * it. Unchanged where the runtime lacks the symbol, as Safari does: there the name of the method
 * would be the text `undefined`.
 */
export function withAsyncDispose<Closable extends Pick<StorageAdapter, 'close'>>(
  closable: Closable,
): Closable & Pick<DisposableStorage, typeof Symbol.asyncDispose> {
  const { asyncDispose } = Symbol as { readonly asyncDispose?: symbol }
  if (asyncDispose !== undefined) {
    Object.defineProperty(closable, asyncDispose, { value: () => closable.close() })
  }
  return closable as ReturnType<typeof withAsyncDispose<Closable>>
}
