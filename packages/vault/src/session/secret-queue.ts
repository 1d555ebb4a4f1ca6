/**
 * Turns within this process: operations that change one secret wait for each other here, so that
 * they do not spend their attempts on each other's conflicts. Other tabs and processes are kept
 * apart by the guards of the commits alone.
 */

export interface SecretQueue {
  /** Runs a task when every earlier task of each of its lanes has ended. */
  <T>(lanes: readonly string[], task: () => Promise<T>): Promise<T>
  /**
   * Runs a task at once if all of its lanes are free, and otherwise not at all: for what can wait
   * until somebody else does it. Unlike the other it may be called from within a lane.
   */
  readonly ifFree: (lanes: readonly string[], task: () => Promise<void>) => Promise<void>
}

/** The lane of what changes the vault root; no secret can have this name. */
export const ROOT_LANE = '!root'
/** The lane of what changes the keyring. */
export const KEYRING_LANE = '!keyring'

export function createSecretQueue(): SecretQueue {
  const tails = new Map<string, Promise<void>>()

  async function inTurn<T>(lanes: readonly string[], task: () => Promise<T>): Promise<T> {
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

  return Object.assign(inTurn, {
    ifFree: async (lanes: readonly string[], task: () => Promise<void>) => {
      if (!lanes.some((lane) => tails.has(lane))) await inTurn(lanes, task)
    },
  })
}
