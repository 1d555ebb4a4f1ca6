/** Bad input of every kind for every parameter: a typed refusal, and nothing changes. */
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { VaultError } from 'stagevault'
import { fillAccess } from '../support/access-calls.js'
import { failureOf } from '../support/failures.js'
import type { TestVault } from '../support/test-vault.js'
import { vaultWithSecret } from '../support/test-vault.js'
import { OPERATIONS } from './parameters.js'
import { CANARY, tripwire } from './wrong-types.js'

type Call = (request: unknown) => Promise<unknown>

/** A secret `S` with versions `v1` and current `v2`, and users, a role, a group and a policy. */
async function preparedVault(): Promise<TestVault> {
  const test = await vaultWithSecret()
  await test.vault.putSecretValue({ secretName: 'S', secretData: '2' })
  await fillAccess(test.vault)
  return test
}

function callOf(vault: Vault, name: keyof Vault): Call {
  return Reflect.get(vault, name) as Call
}

/** What an error was, in the words of the tables; anything else is quoted as it is. */
function refusalOf(error: Error): string {
  if (error instanceof VaultError) return error.code
  if (error instanceof TypeError && !('code' in error)) return 'TypeError'
  return `${error.name}: ${error.message}`
}

/** The properties of the objects that everything inherits from. */
function prototypes(): string[] {
  return [Object, Array, Function, Uint8Array, Error, Promise].flatMap(({ prototype }) =>
    Reflect.ownKeys(prototype as object).map(String),
  )
}

describe('the table', () => {
  it('has every operation', async () => {
    const { vault } = await preparedVault()
    // Removal of slots has tests of its own: the id to remove is not known beforehand.
    // So have rebuildRoot, which this vault refuses, and what takes principals.
    const others = [
      'vaultId',
      'subscribe',
      'close',
      'iterateSecrets',
      'iterateSecretVersionIds',
      'listUnlockSlots',
      'removeUnlockSlot',
      'getVaultSettings',
      'rebuildRoot',
      'as',
      'explainAccess',
    ]
    const names = Object.keys(vault).filter((name) => !others.includes(name))
    expect(OPERATIONS.map(({ name }) => name).sort()).toEqual(names.sort())
  })

  it.each(OPERATIONS)('$name takes the good request', async ({ name, good }) => {
    const { vault } = await preparedVault()
    if (name === 'restoreSecret') await vault.deleteSecret({ secretName: 'S' })
    await callOf(vault, name)(good)
  })
})

describe.each(OPERATIONS)('$name', ({ name, good, parameters }) => {
  it.each(parameters.map((each) => [each.name, each] as const))('%s', async (_name, parameter) => {
    const { vault, dump } = await preparedVault()
    const call = callOf(vault, name)
    const before = await dump()
    const inherited = prototypes()
    for (const { what, value, refusal } of parameter.bad) {
      const error = await failureOf(() => call(parameter.request(value))).catch(
        (failure: unknown) => new Error(`${what}: ${String(failure)}`),
      )
      expect([what, refusalOf(error)]).toEqual([what, refusal])
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY)
    }
    expect(await dump()).toEqual(before)
    expect(prototypes()).toEqual(inherited)
  })

  it('converts nothing to text or to a number', async () => {
    const { vault, dump } = await preparedVault()
    const call = callOf(vault, name)
    const before = await dump()
    const { values, count } = tripwire('v1')
    for (const parameter of parameters) {
      // What takes objects or any array refuses these for what they hold, or takes them.
      if (
        /^(tags|filters|secretsList)\[\]|onfig$|ata$|, |unknown$|^(limits|to|from)$/.test(
          parameter.name,
        )
      ) {
        continue
      }
      const isList = /^(tags|filters|secretsList|versionStages|tagKeys)$|values$/.test(
        parameter.name,
      )
      for (const { what, value } of values) {
        if (isList && Array.isArray(value)) continue
        const error = await failureOf(() => call(parameter.request(value)))
        expect([parameter.name, what, refusalOf(error)]).toEqual([
          parameter.name,
          what,
          'TypeError',
        ])
      }
    }
    expect(count()).toBe(0)
    expect(await dump()).toEqual(before)
  })

  it('an option that it does not have', async () => {
    const { vault, dump } = await preparedVault()
    const before = await dump()
    for (const option of [
      'SecretName',
      'secretname',
      'force',
      CANARY,
      '',
      'constructor',
      'toString',
    ]) {
      const error = await failureOf(() => callOf(vault, name)({ ...good, [option]: undefined }))
      expect([option, refusalOf(error)]).toEqual([option, 'INVALID_PARAMETER'])
      expect(error.message).not.toContain(CANARY)
    }
    const inherited = JSON.parse(
      JSON.stringify(good).replace('{', '{"__proto__":{"x":1},').replace(',}', '}'),
    ) as unknown
    expect(refusalOf(await failureOf(() => callOf(vault, name)(inherited)))).toBe(
      'INVALID_PARAMETER',
    )
    expect(await dump()).toEqual(before)
  })
})
