/** Signals of every operation: before it, while it waits, and when it is too late. */

import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { StandardSchema, Vault } from 'stagevault'
import { rawKey } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { ACCESS_CHANGES, ACCESS_READS, fillAccess } from '../support/access-calls.js'
import { expectFailure } from '../support/failures.js'
import type { HeldStorage } from '../support/held-storage.js'
import { heldStorage } from '../support/held-storage.js'
import type { TestVault } from '../support/test-vault.js'
import { TEST_KEY, newTestVault } from '../support/test-vault.js'

interface Operation {
  readonly name: Exclude<keyof Vault, symbol>
  readonly request: object
}

const S = { secretName: 'S' }
const unlock = rawKey(TEST_KEY)
const secondUnlock = rawKey(new Uint8Array(32).fill(7))
const newUnlock = rawKey(new Uint8Array(32).fill(8))
const MOVE = { ...S, versionStage: 'blue', moveToVersion: 'v1' }
const ANY_JSON: StandardSchema<unknown> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) },
}
const tags = [{ tagKey: 'k', tagValue: 'v' }]

/** `removeUnlockSlot` gets the id of the second slot. */
const CHANGES: readonly Operation[] = [
  { name: 'createSecret', request: { secretName: 'T', secretData: 'x' } },
  { name: 'putSecretValue', request: { ...S, secretData: 'three' } },
  { name: 'updateSecret', request: { ...S, description: 'd' } },
  { name: 'updateSecretVersionStage', request: MOVE },
  { name: 'deleteSecret', request: S },
  { name: 'restoreSecret', request: { secretName: 'scheduled' } },
  { name: 'tagResource', request: { ...S, tags } },
  { name: 'untagResource', request: { ...S, tagKeys: ['tag'] } },
  { name: 'disableVersion', request: { ...S, versionId: 'v1' } },
  { name: 'enableVersion', request: { ...S, versionId: 'disabled' } },
  { name: 'destroyVersion', request: { ...S, versionId: 'v1' } },
  { name: 'renameSecret', request: { ...S, newSecretName: 'T' } },
  { name: 'addUnlockSlot', request: { unlock, newUnlock } },
  { name: 'replaceUnlockSlot', request: { unlock: secondUnlock, newUnlock } },
  { name: 'removeUnlockSlot', request: { unlock } },
  { name: 'updateVaultSettings', request: { limits: { secretsMax: 50 } } },
  ...ACCESS_CHANGES,
]

const READS: readonly Operation[] = [
  { name: 'getSecretValue', request: S },
  { name: 'getSecretValue', request: { ...S, versionStage: 'ACSPrevious' } },
  { name: 'getSecretJson', request: { secretName: 'json', schema: ANY_JSON } },
  { name: 'batchGetSecretValue', request: { secretsList: [S, { secretName: 'other' }] } },
  { name: 'describeSecret', request: S },
  { name: 'listSecretVersionIds', request: S },
  { name: 'listSecrets', request: {} },
  { name: 'verify', request: {} },
  ...ACCESS_READS,
]

interface SignalTest extends TestVault {
  readonly held: HeldStorage
  /** Calls an operation, which has a secret with what it needs. */
  readonly call: (operation: Operation, signal: unknown, vault?: Vault) => Promise<unknown>
  readonly slotId: string
}

async function signalTest(): Promise<SignalTest> {
  const held = heldStorage(createMemoryStorage())
  const test = await newTestVault({ storage: held.storage })
  const { vault } = test
  await vault.createSecret({ ...S, secretData: 'one', tags: [{ tagKey: 'tag', tagValue: 'v' }] })
  await vault.putSecretValue({ ...S, secretData: 'two' })
  const disabled = { ...S, versionId: 'disabled' }
  await vault.putSecretValue({ ...disabled, secretData: 'x', versionStages: ['red'] })
  await vault.disableVersion(disabled)
  for (const secretName of ['scheduled', 'other']) {
    await vault.createSecret({ secretName, secretData: 'x' })
  }
  await vault.createSecret({ secretName: 'json', secretData: '{}' })
  await fillAccess(vault)
  await vault.deleteSecret({ secretName: 'scheduled' })
  const { slotId } = await vault.addUnlockSlot({ unlock, newUnlock: secondUnlock })
  held.takeCalls()
  return {
    ...test,
    held,
    slotId,
    call: ({ name, request }, signal, own = vault) => {
      const operation = Reflect.get(own, name) as (request: object) => Promise<unknown>
      return operation({ ...request, ...(name === 'removeUnlockSlot' ? { slotId } : {}), signal })
    },
  }
}

const REASON = new Error('given up')
function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'nothing',
    (reason: unknown) => reason,
  )
}

function title({ name, request }: Operation): string {
  return 'versionStage' in request && name === 'getSecretValue' ? `${name} of a label` : name
}

const ALL = [...CHANGES, ...READS].map((each) => [title(each), each] as const)

describe('of every operation', () => {
  it.each(ALL)('%s: one that is aborted before reads nothing', async (_name, operation) => {
    const { call, held, dump } = await signalTest()
    const before = await dump()
    held.takeCalls()
    expect(await rejectionOf(call(operation, AbortSignal.abort(REASON)))).toBe(REASON)
    expect(held.takeCalls()).toEqual({ reads: 0, commits: 0 })
    expect(await dump()).toEqual(before)
  })

  it.each(ALL)(
    '%s: one that is not aborted changes nothing, and is let go',
    async (_name, operation) => {
      const { call } = await signalTest()
      const { signal } = new AbortController()
      await call(operation, signal)
      expect(getEventListeners(signal, 'abort')).toEqual([])
    },
  )

  it.each(ALL)('%s: what is no signal is a TypeError', async (_name, operation) => {
    const { call, held } = await signalTest()
    const deaf = { aborted: false, throwIfAborted: () => undefined }
    for (const signal of [null, 1, 'x', {}, new AbortController(), deaf]) {
      await expectFailure(() => call(operation, signal), 'TypeError')
    }
    expect(held.takeCalls()).toEqual({ reads: 0, commits: 0 })
  })
})

describe('of every change', () => {
  const rows = CHANGES.map((each) => [each.name, each] as const)

  it.each(rows)('%s: aborted while it waits, it leaves the queue', async (_name, operation) => {
    const { vault, call, held, open } = await signalTest()
    held.hold('commits')
    const first = vault.tagResource({ secretName: 'other', tags })
    await held.arrival()
    const controller = new AbortController()
    const outcome = rejectionOf(call(operation, controller.signal))
    await setImmediate()
    controller.abort(REASON)
    // The commit that it waits for is under way yet.
    expect(await outcome).toBe(REASON)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    held.release()
    await first
    await setImmediate()
    expect(held.takeCalls().commits).toBe(1)
    await call(operation, undefined)
    const fresh = await open()
    expect((await fresh.verify()).isClean).toBe(true)
  })

  it.each(rows)('%s: a commit that was issued is awaited', async (_name, operation) => {
    const { call, held, open } = await signalTest()
    const witness = await open()
    held.takeCalls()
    held.hold('commits')
    const controller = new AbortController()
    let isSettled = false
    const outcome = call(operation, controller.signal).finally(() => {
      isSettled = true
    })
    await held.arrival()
    controller.abort(REASON)
    await setImmediate()
    expect(isSettled).toBe(false)
    held.release()
    expect(await outcome).toBeTypeOf('object')
    expect(held.takeCalls().commits).toBe(1)
    expect((await witness.verify()).isClean).toBe(true)
  })

  it.each(rows)(
    '%s: aborted while its commit loses, it is not tried again',
    async (_name, operation) => {
      const { call, held, dump } = await signalTest()
      const before = await dump()
      held.takeCalls()
      held.hold('commits')
      const controller = new AbortController()
      const outcome = rejectionOf(call(operation, controller.signal))
      await held.arrival()
      controller.abort(REASON)
      held.refuse()
      expect(await outcome).toBe(REASON)
      await setImmediate()
      expect(held.takeCalls().commits).toBe(1)
      expect(await dump()).toEqual(before)
    },
  )
})

describe('of every read', () => {
  const rows = READS.map((each) => [title(each), each] as const)

  it.each(rows)('%s: it ends with the read under way', async (_name, operation) => {
    const { call, held, open } = await signalTest()
    for (const vault of [undefined, await open()]) {
      held.takeCalls()
      held.hold('reads')
      const controller = new AbortController()
      const outcome = rejectionOf(call(operation, controller.signal, vault))
      await held.arrival()
      controller.abort(REASON)
      held.release()
      expect(await outcome).toBe(REASON)
      const isBatch = operation.name === 'batchGetSecretValue'
      expect(held.takeCalls()).toEqual({ reads: isBatch ? 2 : 1, commits: 0 })
      await call(operation, controller.signal, vault).catch((reason: unknown) => {
        expect(reason).toBe(REASON)
      })
      await call(operation, undefined, vault)
    }
  })

  it('a reason that is an error of the vault is no item of a batch', async () => {
    const { vault, held } = await signalTest()
    const reason = await rejectionOf(vault.describeSecret({ secretName: 'none' }))
    held.hold('reads')
    const controller = new AbortController()
    const { signal } = controller
    const outcome = rejectionOf(vault.batchGetSecretValue({ secretsList: [S], signal }))
    await held.arrival()
    controller.abort(reason)
    held.release()
    expect(await outcome).toBe(reason)
  })

  it('a walk through versions ends between its pages', async () => {
    const { vault } = await signalTest()
    const controller = new AbortController()
    const { signal } = controller
    const versions = vault.iterateSecretVersionIds({ ...S, pageSize: 1, signal })
    const rows = versions[Symbol.asyncIterator]()
    expect((await rows.next()).value).toMatchObject({ versionId: 'v1' })
    controller.abort(REASON)
    expect(await rejectionOf(rows.next())).toBe(REASON)
  })
})

describe('signals of every make', () => {
  /** As another realm has them: the same methods, and no prototype that is known here. */
  class OtherSignal extends EventTarget {
    aborted = false
    reason: unknown = undefined

    throwIfAborted(): void {
      if (this.aborted) throw this.reason as Error
    }

    abort(reason: unknown): void {
      Object.assign(this, { aborted: true, reason })
      this.dispatchEvent(new Event('abort'))
    }
  }

  it('one of another realm works', async () => {
    const { vault, held } = await signalTest()
    held.hold('commits')
    const first = vault.tagResource({ secretName: 'other', tags })
    await held.arrival()
    const other = new OtherSignal()
    const signal = other as unknown as AbortSignal
    const outcome = rejectionOf(vault.putSecretValue({ ...S, secretData: 'three', signal }))
    await setImmediate()
    other.abort(REASON)
    expect(await outcome).toBe(REASON)
    held.release()
    await first
    expect(await rejectionOf(vault.getSecretValue({ ...S, signal }))).toBe(REASON)
  })

  it.each([[null], [0], ['a text'], [undefined]])('the reason %j is passed on', async (reason) => {
    const { vault } = await signalTest()
    const signal = AbortSignal.abort(reason)
    expect(await rejectionOf(vault.putSecretValue({ ...S, secretData: 'x', signal }))).toBe(
      signal.reason,
    )
    expect(await rejectionOf(vault.getSecretValue({ ...S, signal }))).toBe(signal.reason)
  })

  it('one signal takes out all changes that wait, and no other', async () => {
    const { vault, held } = await signalTest()
    held.hold('commits')
    const first = vault.tagResource({ secretName: 'other', tags })
    await held.arrival()
    const controller = new AbortController()
    const { signal } = controller
    const put = (secretData: string, own?: AbortSignal) =>
      vault.putSecretValue({ ...S, secretData, signal: own })
    const given = [rejectionOf(put('a', signal)), rejectionOf(put('b', signal))]
    const kept = put('c')
    await setImmediate()
    controller.abort(REASON)
    expect(await Promise.all(given)).toEqual([REASON, REASON])
    held.release()
    await first
    expect(await kept).toMatchObject({ versionId: 'v3' })
    expect((await vault.getSecretValue(S)).secretData).toBe('c')
  })
})

it('a creation that is refused for a due secret does not sweep once it is aborted', async () => {
  const { vault, clock, open, storage } = await newTestVault()
  await vault.createSecret({ ...S, secretData: 'x' })
  await vault.deleteSecret({ ...S, recoveryWindowInDays: 7 })
  clock.advance(8 * 24 * 60 * 60 * 1000)
  const held = heldStorage(storage)
  const other = await open({ storage: held.storage })
  // It is refused on the head that is remembered first, and then on one that is read.
  await other.describeSecret(S)
  // Opening was the first look; a sweep would be the second, and delete.
  clock.advance(60 * 1000)
  held.takeCalls()
  held.hold('reads')
  const controller = new AbortController()
  const created = rejectionOf(
    other.createSecret({ ...S, secretData: 'y', signal: controller.signal }),
  )
  await held.arrival()
  controller.abort(REASON)
  held.release()
  expect(await created).toBe(REASON)
  await other.close()
  expect(held.takeCalls().commits).toBe(0)
})
