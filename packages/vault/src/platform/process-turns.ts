/** Turns of the handles of one vault in this process. */

/** Waits for the turns that were asked for before. @returns what ends this one */
export function takeProcessTurn(name: string): Promise<() => void> {
  const turns = registry()
  const before = turns.get(name) ?? Promise.resolve()
  let end: () => void = () => undefined
  const own = new Promise<void>((resolve) => {
    end = resolve
  })
  const last = before.then(() => own)
  turns.set(name, last)
  void last.then(() => {
    if (turns.get(name) === last) turns.delete(name)
  })
  return before.then(() => end)
}

/** One for the process, also where two copies of this package are loaded. */
function registry(): Map<string, Promise<void>> {
  const symbol = Symbol.for('stagevault/turns')
  const found: unknown = Reflect.get(globalThis, symbol)
  if (found instanceof Map) return found as Map<string, Promise<void>>
  const created = new Map<string, Promise<void>>()
  Reflect.set(globalThis, symbol, created)
  return created
}
