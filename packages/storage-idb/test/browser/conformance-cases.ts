import { storageConformance } from '@stagevault/storage/conformance'
import type { CaseFrame } from '@stagevault/browser-engines/page'
import type { FailedWrite } from './idb-subject.js'
import { idbSubject } from './idb-subject.js'

/** The whole suite, once for each way in which writes fail. */
export function conformanceCases({ describe, it }: CaseFrame): void {
  const variants: readonly (readonly ['strict' | 'relaxed', FailedWrite])[] = [
    ['strict', 'not made'],
    ['relaxed', 'made'],
  ]
  for (const [durability, failedWrite] of variants) {
    describe(`${durability}, failed writes: ${failedWrite}`, () => {
      storageConformance({
        describe,
        it,
        factory: () => Promise.resolve(idbSubject(durability, failedWrite)),
      })
    })
  }
}
