/** Reading a value that is there, from LevelDB: the vault beside the bare database. */
import type { Comparison, PrepareSuite, Subject, SuiteContext } from '../comparison.js'
import { check } from '../comparison.js'
import { cycle, isSameBytes, payloadBytes, payloadText, sizeName } from '../payloads.js'
import { createRawAead } from '../raw-aead.js'
import { createLevelVault, createPlainLevel, type PlainLevel } from '../stores.js'

/** Read in turn. Few enough for every cache there is: this suite is about the way in between. */
const SECRETS = 64

type Closing = () => Promise<void>

function nameOf(index: number): string {
  return `app/service-${index}/credentials`
}

/** Writes do not matter here, so they need not wait for the disk. */
async function vaultSubject(
  { folder }: SuiteContext, bytes: number, closings: Closing[],
): Promise<Subject> {
  const { vault, close } = await createLevelVault(folder, `get-vault-${bytes}`, 'relaxed')
  closings.push(close)
  for (let i = 0; i < SECRETS; i++) {
    const secretName = nameOf(i)
    await vault.createSecret({ secretName, secretData: payloadText(bytes, 'replaced') })
    await vault.putSecretValue({ secretName, secretData: payloadText(bytes, secretName) })
  }
  const next = cycle(SECRETS)
  return {
    kind: 'async',
    name: 'getSecretValue',
    run: () => vault.getSecretValue({ secretName: nameOf(next()) }),
    verify: async () => {
      for (let i = 0; i < SECRETS; i++) {
        const secretName = nameOf(i)
        const found = await vault.getSecretValue({ secretName })
        check(found.secretData === payloadText(bytes, secretName), 'another value')
        check(found.versionId === 'v2', 'another version')
        check(found.versionStages.join() === 'ACSCurrent', 'other labels')
      }
    },
  }
}

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
    const ours = await vaultSubject(context, bytes, closings)
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
