/** A vault in memory as a table case of access describes it, and the calls of the case. */

import { createMemoryData, createMemoryStorage } from '@stagevault/storage/memory'
import type { StorageAdapter } from '@stagevault/storage'
import type { Vault, VaultEvent, VaultView } from 'stagevault'
import { createVault, generateKey, rawKey } from 'stagevault'
import type {
  DecideCase,
  ScenarioIdentity,
  ScenarioSetup,
} from '../../../core/test/access/case-types.js'
import { CASE_ACCOUNT_ID, CASE_REGION } from '../../../core/test/access/case-types.js'
import type { ReferencePrincipal } from '../../../core/test/access/reference-facts.js'

const BATCH = 1_000

export interface CaseVault {
  readonly vault: Vault
  readonly storage: StorageAdapter
}

/** @param now - the clock of the vault */
export async function openCaseVault(now: () => number = Date.now): Promise<CaseVault> {
  const storage = createMemoryStorage({ data: createMemoryData() })
  const vault = await createVault({
    storage,
    unlock: rawKey(generateKey()),
    region: CASE_REGION,
    accountId: CASE_ACCOUNT_ID,
    limits: { secretsMax: 20_000 },
    clock: now,
  })
  return { vault, storage }
}

/** Brings about what a decide case describes. */
export async function prepareDecideCase(vault: Vault, item: DecideCase): Promise<void> {
  const { secret, documents } = item
  if (secret !== null) {
    const { secretName, tags } = secret
    await vault.createSecret({ secretName, secretData: 'value', versionId: 'v1', tags: [...tags] })
  }
  for (const { policyName, policy } of documents.identity) {
    await vault.createPolicy({ policyName, policy: JSON.stringify(policy) })
  }
  await preparePrincipal(vault, item)
  if (documents.secret !== null && secret !== null) {
    const policy = JSON.stringify(documents.secret)
    await vault.setSecretPolicy({ secretName: secret.secretName, policy })
  }
}

/** The principal with its policies, its own before those of its groups. */
async function preparePrincipal(vault: Vault, item: DecideCase): Promise<void> {
  const { principal, documents, isDisabled } = item
  if (item.hasRecord === false) return
  const { kind, name } = principal
  if (kind === 'user') await vault.createUser({ userName: name })
  else await vault.createRole({ roleName: name })
  for (const { source, policyName } of documents.identity) {
    if (source === 'identity') {
      await vault.attachPolicy({ policyName, to: { kind, name } })
      continue
    }
    const groupName = `of-${policyName}`
    await vault.createGroup({ groupName })
    await vault.attachPolicy({ policyName, to: { kind: 'group', name: groupName } })
    await vault.addUserToGroup({ userName: name, groupName })
  }
  if (!isDisabled) return
  if (kind === 'user') await vault.setUserEnabled({ userName: name, enabled: false })
  else await vault.setRoleEnabled({ roleName: name, enabled: false })
}

/** Brings about what a scenario begins with. */
export async function prepareScenario(vault: Vault, setup: ScenarioSetup): Promise<void> {
  for (const { count = null, ...secret } of setup.secrets ?? []) {
    const names =
      count === null
        ? [secret.secretName]
        : Array.from({ length: count }, (_, i) =>
            secret.secretName.replace('{n}', String(i).padStart(5, '0')),
          )
    // As many at once as a vault lets wait.
    for (let i = 0; i < names.length; i += BATCH) {
      await Promise.all(
        names
          .slice(i, i + BATCH)
          .map((secretName) =>
            vault.createSecret({ ...secret, secretName, tags: [...(secret.tags ?? [])] }),
          ),
      )
    }
  }
  for (const { policyName, policy } of setup.policies ?? []) {
    await vault.createPolicy({ policyName, policy: JSON.stringify(policy) })
  }
  const attach = async (kind: 'user' | 'role' | 'group', item: ScenarioIdentity): Promise<void> => {
    for (const policyName of item.policies) {
      await vault.attachPolicy({ policyName, to: { kind, name: item.name } })
    }
  }
  for (const group of setup.groups ?? []) {
    await vault.createGroup({ groupName: group.name })
    await attach('group', group)
  }
  for (const user of setup.users ?? []) {
    await vault.createUser({ userName: user.name })
    await attach('user', user)
    for (const groupName of user.groups ?? []) {
      await vault.addUserToGroup({ userName: user.name, groupName })
    }
  }
  for (const role of setup.roles ?? []) {
    await vault.createRole({ roleName: role.name })
    await attach('role', role)
  }
  for (const { secretName, policy } of setup.secretPolicies ?? []) {
    await vault.setSecretPolicy({ secretName, policy: JSON.stringify(policy) })
  }
}

type AnyOperation = (request: unknown) => Promise<unknown>

/** Calls an operation by its name; `iterateSecrets` collects its rows. */
export async function callOperation(
  handle: Vault | VaultView,
  operation: string,
  request: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  if (operation === 'iterateSecrets') {
    const secrets: unknown[] = []
    for await (const row of handle.iterateSecrets(request)) secrets.push(row)
    return { secrets }
  }
  const method = (handle as unknown as Record<string, AnyOperation>)[operation]
  if (method === undefined) throw new TypeError(`there is no operation ${operation}`)
  return method(request)
}

/** Listeners of a scenario, by the principal that they belong to. */
export class Listeners {
  readonly #events = new Map<string, VaultEvent[]>()

  subscribe(key: string, handle: Vault | VaultView): void {
    const heard: VaultEvent[] = []
    this.#events.set(key, heard)
    handle.subscribe((event) => heard.push(event))
  }

  /** What has been heard since the last call. */
  take(key: string): VaultEvent[] {
    return this.#events.get(key)?.splice(0) ?? []
  }
}

export function keyOf(principal: ReferencePrincipal | null): string {
  return principal === null ? 'owner' : `${principal.kind}/${principal.name}`
}
