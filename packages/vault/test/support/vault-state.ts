import type { Vault } from 'stagevault'
import { answerOf } from './read-probes.js'

/** Everything that a vault says, values included and the ids of slots not, as one text. */
export async function stateOf(vault: Vault): Promise<string> {
  const answers: string[] = []
  const { slots } = await vault.listUnlockSlots()
  const ways = slots.map(({ kind, description }) => `${kind} ${description}`)
  answers.push(...ways.sort())
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
