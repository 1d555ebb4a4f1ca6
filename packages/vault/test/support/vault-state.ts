import type { Vault } from 'stagevault'
import { answerOf } from './read-probes.js'

/** Everything that a vault says about its secrets, values included, as one text to compare. */
export async function stateOf(vault: Vault): Promise<string> {
  const answers: string[] = []
  for await (const { secretName } of vault.iterateSecrets()) {
    const all = { secretName, includeDeprecated: true }
    answers.push(await answerOf(() => vault.describeSecret({ secretName })))
    answers.push(await answerOf(() => vault.listSecretVersionIds(all)))
    const { versionIds } = await vault.listSecretVersionIds(all)
    for (const { versionId } of versionIds) {
      answers.push(await answerOf(() => vault.getSecretValue({ secretName, versionId })))
    }
  }
  return answers.join('\n')
}
