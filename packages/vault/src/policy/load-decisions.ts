import type { Caller } from './caller.js'
import type * as Decisions from './decisions.js'

let loaded: typeof Decisions | null = null

/** The code that decides the calls of views, or `null` if it is not loaded yet. */
export function loadedDecisions(): typeof Decisions | null {
  return loaded
}

/** Rejects with {@link VaultError} `MODULE_UNAVAILABLE` if the code cannot be loaded. */
export async function loadDecisions(caller: Caller): Promise<typeof Decisions> {
  loaded ??= await caller.loadDecisions()
  return loaded
}
