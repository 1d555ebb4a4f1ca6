/** The code that decides the calls of views: a vault without views does not load it. */

import type * as Decisions from './decisions.js'

let load: (() => Promise<typeof Decisions>) | null = null
let loaded: typeof Decisions | null = null

/** Says how to load the code; called for the first view. */
export function provideDecisions(loadIt: () => Promise<typeof Decisions>): void {
  load = loadIt
}

/** The code, or `null` if it is not loaded yet. */
export function loadedDecisions(): typeof Decisions | null {
  return loaded
}

/** Rejects with {@link VaultError} `MODULE_UNAVAILABLE` if the code cannot be loaded. */
export async function loadDecisions(): Promise<typeof Decisions> {
  if (load === null) throw new TypeError('there is no view')
  loaded ??= await load()
  return loaded
}
