import type { CaseFrame } from '@stagevault/browser-engines/page'
import { commitCases } from './commit-cases.js'
import { conformanceCases } from './conformance-cases.js'
import { copyCases } from './copy-cases.js'
import { lostConnectionCases } from './lost-connection-cases.js'
import { openingCases } from './opening-cases.js'
import { persistenceCases } from './persistence-cases.js'

/** Everything that one page alone can show about the adapter. */
export function storageCases(frame: CaseFrame): void {
  openingCases(frame)
  lostConnectionCases(frame)
  commitCases(frame)
  copyCases(frame)
  persistenceCases(frame)
  conformanceCases(frame)
}
