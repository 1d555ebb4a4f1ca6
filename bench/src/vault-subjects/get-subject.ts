/** Reading values from a vault, over any storage. */
import type { Vault } from 'stagevault'
import type { Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { cycle, payloadText } from '../payloads.js'

/** Read in turn. Few enough for every cache there is: this is about the way in between. */
export const SECRETS = 64

export function nameOf(index: number): string {
  return `app/service-${index}/credentials`
}

/** Stores the values first. */
export async function createGetSubject(vault: Vault, bytes: number): Promise<Subject> {
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
