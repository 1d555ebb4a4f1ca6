import type { Vault } from 'stagevault'
import { answerOf } from './read-probes.js'

/**
 * Everything that a vault says, values included, and without the ids of slots and the generations
 * of policies of secrets, as one text.
 */
export async function stateOf(vault: Vault): Promise<string> {
  const answers: string[] = []
  const { slots } = await vault.listUnlockSlots()
  const ways = slots.map(({ kind, description }) => `${kind} ${description}`)
  answers.push(...ways.sort())
  for await (const { secretName } of vault.iterateSecrets()) {
    const all = { secretName, includeDeprecated: true }
    answers.push(await answerOf(() => vault.describeSecret({ secretName })))
    answers.push(await answerOf(() => vault.listSecretVersionIds(all)))
    answers.push(await answerOf(async () => (await vault.getSecretPolicy({ secretName })).policy))
    const { versionIds } = await vault.listSecretVersionIds(all)
    for (const { versionId } of versionIds) {
      answers.push(await answerOf(() => vault.getSecretValue({ secretName, versionId })))
    }
  }
  answers.push(...(await accessOf(vault)))
  return answers.join('\n')
}

async function accessOf(vault: Vault): Promise<string[]> {
  const page = { pageSize: 100 }
  const { policies } = await vault.listPolicies(page)
  const calls = [
    () => vault.listUsers(page),
    () => vault.listRoles(page),
    () => vault.listGroups(page),
    ...policies.map(
      ({ policyName }) =>
        () =>
          vault.getPolicy({ policyName }),
    ),
  ]
  const answers: string[] = []
  for (const call of calls) answers.push(await answerOf(call))
  return answers
}
