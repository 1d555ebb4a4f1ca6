/** A promise and what settles it, for the callbacks of a transaction. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

/** `Promise.withResolvers`, which browsers have had since 2024 only. */
export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<T>((...settlers) => {
    [resolve, reject] = settlers
  })
  return { promise, resolve, reject }
}
