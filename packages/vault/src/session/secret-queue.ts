/**
 * Turns within this process: operations that change one secret wait for each other here, so that
 * they do not spend their attempts on each other's conflicts. Other tabs and processes are kept
 * apart by the guards of the commits alone.
 */

/** Runs a task when every earlier task of each of its lanes has ended. */
export type SecretQueue = <T>(lanes: readonly string[], task: () => Promise<T>) => Promise<T>

/** The lane of what changes the vault root; no secret can have this name. */
export const ROOT_LANE = '!root'
/** The lane of what changes the keyring. */
export const KEYRING_LANE = '!keyring'

export function createSecretQueue(): SecretQueue {
  const tails = new Map<string, Promise<void>>()

  return async (lanes, task) => {
    const ahead = lanes.map((lane) => tails.get(lane)).filter((tail) => tail !== undefined)
    let leave: () => void = () => undefined
    const done = new Promise<void>((resolve) => {
      leave = resolve
    })
    // All lanes are entered in one turn: two tasks can never wait for each other.
    for (const lane of lanes) tails.set(lane, done)
    if (ahead.length > 0) await Promise.all(ahead)
    try {
      return await task()
    } finally {
      leave()
      for (const lane of lanes) if (tails.get(lane) === done) tails.delete(lane)
    }
  }
}
