/** Reading a value that is there, from LevelDB: the vault next to the bare database. */
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { cycle, isSameBytes, payloadBytes, sizeName } from '../payloads.js'
import { createRawAead } from '../raw-aead.js'
import { createLevelVault, createPlainLevel, type PlainLevel } from '../stores.js'
import type { PrepareSuite } from '../suite.js'
import { createGetSubject, nameOf, SECRETS } from '../vault-subjects/get-subject.js'

type Closing = () => Promise<void>

function plainSubjects(database: PlainLevel, bytes: number): Subject[] {
  const awaited = cycle(SECRETS)
  const immediate = cycle(SECRETS)
  const verify = async (get: (key: string) => unknown): Promise<void> => {
    for (let i = 0; i < SECRETS; i++) {
      const found = (await get(nameOf(i))) as Uint8Array | undefined
      check(isSameBytes(found, payloadBytes(bytes, nameOf(i))), 'another value')
    }
  }
  return [
    {
      kind: 'async',
      name: 'await level.get, same plaintext',
      aim: 1,
      run: () => database.get(nameOf(awaited())),
      verify: () => verify((key) => database.get(key)),
    },
    {
      kind: 'sync',
      name: 'level.getSync, same plaintext',
      run: () => database.getSync(nameOf(immediate())),
      verify: () => verify((key) => database.getSync(key)),
    },
  ]
}

function rawSubject(bytes: number): Subject {
  const { seal, open } = createRawAead()
  const plaintext = payloadBytes(bytes, 'raw')
  const box = seal(plaintext)
  return {
    kind: 'sync',
    name: 'node:crypto open, same plaintext',
    run: () => open(box),
    verify: () => {
      check(isSameBytes(open(box), plaintext), 'another plaintext')
    },
  }
}

export const prepareGetValue: PrepareSuite = async (context) => {
  const closings: Closing[] = []
  const comparisons: Comparison[] = []
  for (const bytes of context.scale.payloadBytes) {
    const database = await createPlainLevel(context.folder, `get-plain-${bytes}`)
    closings.push(() => database.close())
    for (let i = 0; i < SECRETS; i++) {
      await database.put(nameOf(i), payloadBytes(bytes, nameOf(i)))
    }
    // Writes do not matter here, so they need not wait for the disk.
    const { vault, close } = await createLevelVault(context.folder, `get-vault-${bytes}`, 'relaxed')
    closings.push(close)
    const ours = await createGetSubject(vault, bytes)
    comparisons.push({
      title: `get ${sizeName(bytes)}, LevelDB`,
      subjects: [ours, ...plainSubjects(database, bytes), rawSubject(bytes)],
    })
  }
  return {
    name: 'get',
    comparisons,
    close: async () => {
      for (const close of closings) await close()
    },
  }
}
