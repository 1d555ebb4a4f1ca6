/** The request as a whole: what it is, how it is read, and what happens to it after the call. */
import { inspect } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import type { Filter, Vault } from 'stagevault'
import { fillAccess } from '../support/access-calls.js'
import { codeOf, expectFailure, failureOf } from '../support/failures.js'
import { newTestVault, vaultWithSecret } from '../support/test-vault.js'
import { labelsOf } from '../support/version-labels.js'
import type { Operation } from './parameter.js'
import { OPERATIONS } from './parameters.js'
import { CANARY, NOT_AN_OBJECT, hostileProxy } from './wrong-types.js'

const S = { secretName: 'S' }

function callOf(vault: Vault, { name }: Operation): (request: unknown) => Promise<unknown> {
  return Reflect.get(vault, name) as (request: unknown) => Promise<unknown>
}

/** A request whose properties are read through a proxy that counts. */
function counted(request: object): { readonly proxy: object; readonly reads: Map<string, number> } {
  const reads = new Map<string, number>()
  const proxy = new Proxy(request, {
    get: (target, name) => {
      reads.set(String(name), (reads.get(String(name)) ?? 0) + 1)
      return Reflect.get(target, name) as unknown
    },
  })
  return { proxy, reads }
}

describe.each(OPERATIONS)('$name', (operation) => {
  const { good } = operation
  const needsRequest = Object.keys(good).length > 0

  it('takes nothing but one options object', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const bad = NOT_AN_OBJECT.map(({ value }) => value)
    for (const request of needsRequest ? [undefined, ...bad] : bad) {
      const error = await failureOf(() => callOf(vault, operation)(request))
      expect([inspect(request), codeOf(error)]).toEqual([inspect(request), 'TypeError'])
      expect(inspect(error)).not.toContain(CANARY)
    }
    expect(await dump()).toEqual(before)
  })

  it('reads each property once', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: '2' })
    await fillAccess(vault)
    if (operation.name === 'restoreSecret') await vault.deleteSecret(S)
    const { proxy, reads } = counted(good)
    await callOf(vault, operation)(proxy)
    for (const name of Object.keys(good)) expect([name, reads.get(name)]).toEqual([name, 1])
    expect([...reads.values()].every((count) => count === 1)).toBe(true)
  })

  it('passes no error of a getter on', async () => {
    const { vault, dump } = await vaultWithSecret()
    const before = await dump()
    const names = new Set(operation.parameters.map(({ name }) => name.split(/[[.,]/)[0] ?? ''))
    for (const name of names) {
      const request = Object.defineProperty({ ...good }, name, {
        enumerable: true,
        get: () => {
          throw new Error(CANARY)
        },
      })
      const error = await expectFailure(() => callOf(vault, operation)(request), 'TypeError')
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain(CANARY)
    }
    expect(await dump()).toEqual(before)
  })

  it('takes objects without a prototype, and instances of a class', async () => {
    const { vault } = await vaultWithSecret()
    await vault.putSecretValue({ ...S, secretData: '2' })
    await fillAccess(vault)
    if (operation.name === 'restoreSecret') await vault.deleteSecret(S)
    const bare = Object.assign(Object.create(null) as object, good)
    await callOf(vault, operation)(bare)
  })
})

describe('iterateSecrets', () => {
  it('takes nothing but one options object', async () => {
    const { vault } = await vaultWithSecret()
    for (const { value } of NOT_AN_OBJECT) {
      const rows = vault.iterateSecrets(value as never)[Symbol.asyncIterator]()
      await expectFailure(() => rows.next(), 'TypeError')
    }
  })
})

describe('a second look that shows something else', () => {
  /** Gives the first value once and the second ever after. */
  const turning = <T>(name: string, first: T, second: T, rest: object): object => {
    let reads = 0
    return Object.defineProperty({ ...rest }, name, {
      enumerable: true,
      get: () => (reads++ === 0 ? first : second),
    })
  }

  it('is not taken: names, values, labels, tags', async () => {
    const { vault } = await vaultWithSecret()
    await vault.createSecret({ secretName: 'other', secretData: 'of other' })
    const read = turning('secretName', 'S', 'other', {})
    expect((await vault.getSecretValue(read as never)).secretData).toBe('one')
    const put = turning('secretData', 'two', 'forged', { ...S, versionStages: ['blue'] })
    await vault.putSecretValue(put as never)
    const written = await vault.getSecretValue({ ...S, versionStage: 'blue' })
    expect(written.secretData).toBe('two')
    const tag = turning('tagKey', 'good', 'aliyun', { tagValue: 'v' })
    await vault.tagResource({ ...S, tags: [tag as never] })
    expect((await vault.describeSecret(S)).tags).toEqual([{ tagKey: 'good', tagValue: 'v' }])
    const labels = Object.defineProperty(['x'], 0, turningIndex('green', 'ACSPending'))
    await vault.putSecretValue({ ...S, secretData: 'three', versionStages: labels })
    expect((await labelsOf(vault, 'S'))['v3']).toEqual(['green'])
  })

  function turningIndex(first: string, second: string): PropertyDescriptor {
    let reads = 0
    return { enumerable: true, configurable: true, get: () => (reads++ === 0 ? first : second) }
  }

  it('an array of a class of its own decides nothing', async () => {
    class Stages extends Array<string> {
      override map(): never {
        throw new Error(CANARY)
      }
      override slice(): never {
        throw new Error(CANARY)
      }
      static override get [Symbol.species](): never {
        throw new Error(CANARY)
      }
      override [Symbol.iterator](): never {
        throw new Error(CANARY)
      }
    }
    const { vault, dump } = await vaultWithSecret()
    const versionStages = new Stages(1)
    versionStages[0] = 'blue'
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages })
    expect((await labelsOf(vault, 'S'))['v2']).toEqual(['blue'])
    versionStages[0] = 'not a label'
    const before = await dump()
    const put = { ...S, secretData: 'three', versionStages }
    await expectFailure(() => vault.putSecretValue(put), 'INVALID_PARAMETER')
    expect(await dump()).toEqual(before)
  })
})

describe('what the caller changes after the call changes nothing', () => {
  it('buffers', async () => {
    const { vault } = await newTestVault()
    const secretData = Uint8Array.of(1, 2, 3)
    const creating = vault.createSecret({ ...S, secretData })
    secretData.fill(9)
    await creating
    expect((await vault.getSecretValue(S)).secretData).toEqual(Uint8Array.of(1, 2, 3))
    secretData.set([4, 5, 6])
    const putting = vault.putSecretValue({ ...S, secretData })
    secretData.fill(9)
    await putting
    expect((await vault.getSecretValue(S)).secretData).toEqual(Uint8Array.of(4, 5, 6))
    expect(secretData).toEqual(Uint8Array.of(9, 9, 9))
  })

  it('requests, lists and the objects in them', async () => {
    const { vault } = await vaultWithSecret()
    const versionStages = ['blue']
    const request = { ...S, secretData: 'two', versionStages }
    const putting = vault.putSecretValue(request)
    request.secretName = 'T'
    request.secretData = 'forged'
    versionStages[0] = 'ACSCurrent'
    versionStages.push('green')
    await putting
    expect(await labelsOf(vault, 'S')).toEqual({ v1: ['ACSCurrent'], v2: ['blue'] })

    const tags = [{ tagKey: 'k', tagValue: 'v' }]
    const customData = { a: '1' }
    const tagging = vault.tagResource({ ...S, tags })
    const updating = vault.updateSecret({ ...S, customData })
    tags.push({ tagKey: 'x', tagValue: 'y' })
    Object.assign(tags[0] ?? {}, { tagKey: 'forged' })
    Object.assign(customData, { a: '2', b: '3' })
    await Promise.all([tagging, updating])
    expect(await vault.describeSecret(S)).toMatchObject({
      tags: [{ tagKey: 'k', tagValue: 'v' }],
      extendedConfig: { customData: { a: '1' } },
    })

    const secretsList = [{ ...S, versionId: 'v1' }]
    const reading = vault.batchGetSecretValue({ secretsList })
    Object.assign(secretsList[0] ?? {}, { versionId: 'v2' })
    secretsList.length = 0
    expect((await reading).secretValues).toMatchObject([{ secretData: 'one' }])

    const values = ['S']
    const filters: Filter[] = [{ key: 'SecretName', values }]
    const listing = vault.listSecrets({ filters })
    values[0] = 'nothing'
    filters.length = 0
    expect((await listing).secrets).toHaveLength(1)
  })

  it('a value that is refused is wiped nowhere but in the vault', async () => {
    const { vault } = await vaultWithSecret()
    const secretData = Uint8Array.of(1, 2, 3)
    await expectFailure(() => vault.createSecret({ ...S, secretData }), 'SECRET_EXISTS')
    await vault.putSecretValue({ ...S, secretData })
    expect(secretData).toEqual(Uint8Array.of(1, 2, 3))
  })
})

it('a proxy that shows nothing but what it must is read like any object', async () => {
  const { vault } = await vaultWithSecret()
  await expectFailure(() => vault.getSecretValue(hostileProxy(S) as never), 'TypeError')
  expect((await vault.getSecretValue(new Proxy(S, {}))).secretData).toBe('one')
})

/** What transactions hand on besides their results. */
const CHANGES = ['head', 'gone', 'root', 'keyring'] as const

describe('a property of all objects', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, 'forceDeleteWithoutRecovery')
    Reflect.deleteProperty(Object.prototype, 'versionId')
    for (const name of CHANGES) Reflect.deleteProperty(Object.prototype, name)
  })

  it('that other code put there is no option of the caller', async () => {
    const { vault } = await vaultWithSecret()
    // What a polluted prototype would do: delete for good, and store under another id.
    Reflect.set(Object.prototype, 'forceDeleteWithoutRecovery', true)
    Reflect.set(Object.prototype, 'versionId', 'polluted')
    expect(await vault.putSecretValue({ ...S, secretData: 'two' })).toMatchObject({
      versionId: 'v2',
    })
    expect(await vault.deleteSecret(S)).toHaveProperty('plannedDeleteTime')
    await vault.restoreSecret(S)
    expect((await vault.getSecretValue(S)).secretData).toBe('two')
    // One's own still counts.
    const own = { ...S, forceDeleteWithoutRecovery: true }
    expect(await vault.deleteSecret(own)).toEqual(S)
  })

  it('is no part of what a change has written either', async () => {
    const { vault } = await vaultWithSecret()
    for (const name of CHANGES) Reflect.set(Object.prototype, name, 'polluted')
    const put = await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.createSecret({ secretName: 'T', secretData: 'x' })
    for (const name of CHANGES) Reflect.deleteProperty(Object.prototype, name)
    expect(put).toMatchObject({ versionId: 'v2' })
    expect((await vault.getSecretValue(S)).secretData).toBe('two')
    expect((await vault.verify()).isClean).toBe(true)
  })

  it("may be inherited from a class of the caller's", async () => {
    class Request {
      readonly #name = 'S'

      get secretName(): string {
        return this.#name
      }
    }
    const { vault } = await vaultWithSecret()
    expect((await vault.getSecretValue(new Request())).secretData).toBe('one')
  })
})
