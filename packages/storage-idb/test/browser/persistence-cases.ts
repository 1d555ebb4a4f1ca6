import { requestPersistence } from '@stagevault/storage-idb'
import type { CaseFrame } from '@stagevault/browser-engines/page'
import { same } from '@stagevault/browser-engines/page'

/** The browser's own answer would depend on its settings, and Firefox would ask its user. */
export function persistenceCases({ describe, it }: CaseFrame): void {
  describe('requestPersistence', () => {
    const answers = [
      [true, 'granted'],
      [false, 'denied'],
    ] as const
    for (const [answer, expected] of answers) {
      it(`reports ${expected} where the browser says ${String(answer)}`, () =>
        withStorage({ persist: () => Promise.resolve(answer) }, async () => {
          same(await requestPersistence(), expected, 'report')
        }))
    }

    it('reports unsupported where the browser refuses to answer', () =>
      withStorage({ persist: () => Promise.reject(new TypeError('not here')) }, async () => {
        same(await requestPersistence(), 'unsupported', 'report')
      }))

    for (const storage of [{}, undefined]) {
      it(`reports unsupported with ${storage === undefined ? 'no storage' : 'no persist'}`, () =>
        withStorage(storage, async () => {
          same(await requestPersistence(), 'unsupported', 'report')
        }))
    }
  })
}

async function withStorage(storage: object | undefined, step: () => Promise<void>): Promise<void> {
  Object.defineProperty(navigator, 'storage', { value: storage, configurable: true })
  try {
    await step()
  } finally {
    // Uncovers the browser's own, which the prototype has.
    Reflect.deleteProperty(navigator, 'storage')
  }
}
