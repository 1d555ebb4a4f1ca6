import { describe, it } from 'vitest'
import type { RemoteClient } from '../driver/remote-client.js'
import type { RegisterCases } from '../page/cases.js'
import { frameOver } from '../page/cases.js'

/** Registers the cases of a page with vitest; each runs in the page, by its name. */
export function describePageCases(register: RegisterCases, page: () => RemoteClient): void {
  register(
    frameOver(describe, (path, name) => {
      it(name, () => page().call('runCase', path))
    }),
  )
}
