import { describe, it } from 'vitest'
import type { RegisterCases } from '../browser/cases.js'
import { frameOver } from '../browser/cases.js'
import type { RemoteClient } from './remote-client.js'

/** Registers the cases of a page with vitest; each runs there, by its name. */
export function describePageCases(register: RegisterCases, page: () => RemoteClient): void {
  register(frameOver(describe, (path, name) => {
    it(name, () => page().call('runCase', path))
  }))
}
