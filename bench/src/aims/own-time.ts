/** What the vault itself takes for a put and for a get, where storage costs next to nothing. */
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { RoundsComparison, RoundsSubject } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes, payloadText, sizeName } from '../payloads.js'
import { createRawAead } from '../raw-aead.js'
import type { SuiteContext, SuitePart } from '../suite.js'
import { createGetSubject } from '../vault-subjects/get-subject.js'
import { createPutVault } from '../vault-subjects/put-subject.js'
import { vaultOver } from '../vaults.js'

const PUT_SIZES = [100, 1024] as const
const GET_SIZE = 1024

/** Hot, and so in long turns. */
const PACE = { runs: 2000, turn: 200 } as const

function rawSubject(name: 'seal' | 'open', bytes: number): RoundsSubject {
  const { seal, open } = createRawAead()
  const plaintext = payloadBytes(bytes, 'raw')
  const box = seal(plaintext)
  return {
    kind: 'sync',
    name: `node:crypto ${name}, same plaintext`,
    run: name === 'seal' ? () => seal(plaintext) : () => open(box),
    verify: () => {
      check(isSameBytes(open(seal(plaintext)), plaintext), 'another plaintext')
    },
  }
}

/** One microtask and an object: what an `async` method that does nothing takes. */
function emptySubject(): RoundsSubject {
  const secretData = payloadText(GET_SIZE, 'empty')
  const answer = (): Promise<{ secretData: string }> => Promise.resolve({ secretData })
  return {
    kind: 'async',
    name: 'await of what is known',
    run: answer,
    verify: async () => {
      check((await answer()).secretData === secretData, 'another value')
    },
  }
}

export async function prepareOwnTime({ scale }: SuiteContext): Promise<SuitePart> {
  const puts: RoundsComparison[] = []
  const closings: (() => Promise<void>)[] = []
  for (const bytes of PUT_SIZES) {
    const ours = await createPutVault(createMemoryStorage(), bytes, scale.settlingPuts)
    closings.push(ours.close)
    puts.push({
      ...PACE,
      title: `put ${sizeName(bytes)}, memory`,
      subjects: [ours.subject, rawSubject('seal', bytes)],
    })
  }
  const { vault, close } = await vaultOver(createMemoryStorage())
  closings.push(close)
  const get: RoundsComparison = {
    ...PACE,
    title: `hot get ${sizeName(GET_SIZE)}, memory`,
    subjects: [
      await createGetSubject(vault, GET_SIZE),
      rawSubject('open', GET_SIZE),
      emptySubject(),
    ],
  }
  return {
    comparisons: [...puts, get],
    close: async () => {
      for (const each of closings) await each()
    },
  }
}
