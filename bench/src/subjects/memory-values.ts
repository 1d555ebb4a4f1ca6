/** The vault over the memory store: what its own work costs where storage costs next to nothing. */
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { Comparison } from '../comparison.js'
import { check } from '../comparison.js'
import { isSameBytes, payloadBytes, payloadText, sizeName } from '../payloads.js'
import { createRawAead } from '../raw-aead.js'
import type { PrepareSuite, SuiteContext } from '../suite.js'
import { settle, vaultOver } from '../vaults.js'

const NAME = 'app/service/credentials'

async function compare({ scale }: SuiteContext, bytes: number): Promise<Comparison[]> {
  const { vault } = await vaultOver(createMemoryStorage())
  const secretData = payloadText(bytes, NAME)
  await settle(vault, NAME, secretData, scale.settlingPuts)
  const { seal, open } = createRawAead()
  const plaintext = payloadBytes(bytes, NAME)
  const box = seal(plaintext)
  const verifyRaw = (): void => {
    check(isSameBytes(open(seal(plaintext)), plaintext), 'another plaintext')
  }
  const get = () => vault.getSecretValue({ secretName: NAME })
  const put = () => vault.putSecretValue({ secretName: NAME, secretData })
  return [
    {
      title: `get ${sizeName(bytes)}, memory`,
      subjects: [
        {
          kind: 'async',
          name: 'getSecretValue',
          run: get,
          verify: async () => {
            check((await get()).secretData === secretData, 'another value')
          },
        },
        { kind: 'sync', name: 'node:crypto open', run: () => open(box), verify: verifyRaw },
      ],
    },
    {
      title: `put ${sizeName(bytes)}, memory`,
      subjects: [
        {
          kind: 'async',
          name: 'putSecretValue',
          run: put,
          verify: async () => {
            const { versionId } = await put()
            const found = await get()
            check(found.versionId === versionId, 'another version')
            check(found.secretData === secretData, 'another value')
          },
        },
        { kind: 'sync', name: 'node:crypto seal', run: () => seal(plaintext), verify: verifyRaw },
      ],
    },
  ]
}

export const prepareMemoryValues: PrepareSuite = async (context) => {
  const comparisons: Comparison[] = []
  for (const bytes of context.scale.payloadBytes) {
    comparisons.push(...(await compare(context, bytes)))
  }
  return { name: 'memory', comparisons, close: () => Promise.resolve() }
}
