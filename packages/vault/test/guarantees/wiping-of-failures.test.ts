/** A value, and the keys made for it, are also overwritten if the operation is refused or fails. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { FaultVerdict } from '@stagevault/storage/faulty'
import { faultyStorage } from '@stagevault/storage/faulty'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { expectFailure, failureOf } from '../support/failures.js'
import { TEST_KEY } from '../support/test-vault.js'

const unlock = rawKey(TEST_KEY)
const S = { secretName: 'S' } as const
const CANARY = 'a value that must not stay in memory'

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0)
}

function isCanary(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).toString('latin1').startsWith(CANARY)
}

/** The bytes that texts with the canary were encoded to: the vault's own copies of a value. */
function watchEncoder(): { readonly seen: Uint8Array[]; readonly end: () => void } {
  const seen: Uint8Array[] = []
  const { prototype } = TextEncoder
  const encode = Object.getOwnPropertyDescriptor(prototype, 'encode')
  if (encode === undefined) throw new Error('there is no encode to watch')
  const inner = encode.value as (text?: string) => Uint8Array<ArrayBuffer>
  Object.defineProperty(prototype, 'encode', {
    ...encode,
    value(this: TextEncoder, text?: string) {
      const bytes = inner.call(this, text)
      if (isCanary(bytes)) seen.push(bytes)
      return bytes
    },
  })
  return {
    seen,
    end: () => {
      Object.defineProperty(prototype, 'encode', encode)
    },
  }
}

interface WatchedPrimitives {
  readonly primitives: Primitives
  /** Every key and plaintext that they were given, and every result that may be a key. */
  readonly seen: Set<Uint8Array>
  /** Lets the n-th sealing from now fail, 1 for the next. */
  readonly failSeal: (nth: number) => void
}

function watchPrimitives(): WatchedPrimitives {
  const seen = new Set<Uint8Array>()
  let left = Infinity
  const see = <T extends Uint8Array>(bytes: T): T => {
    seen.add(bytes)
    return bytes
  }
  const primitives: Primitives = {
    ...nodePrimitives,
    hmacSha256: (key, ...parts) => nodePrimitives.hmacSha256(see(key), ...parts),
    aeadSeal: (suite, key, nonce, aad, plaintext) => {
      see(key)
      see(plaintext)
      left -= 1
      if (left === 0) throw new Error('sealing failed')
      return nodePrimitives.aeadSeal(suite, key, nonce, aad, plaintext)
    },
  }
  return {
    primitives,
    seen,
    failSeal: (nth) => {
      left = nth
    },
  }
}

describe('the bytes of a value', () => {
  let watch: ReturnType<typeof watchEncoder>
  let verdict: FaultVerdict = 'pass'
  let vault: Vault

  beforeEach(async () => {
    verdict = 'pass'
    const storage = faultyStorage(createMemoryStorage(), ({ method }) =>
      method === 'commit' ? verdict : 'pass',
    )
    const limits = { secretsMax: 2, secretValueBytesMax: 800 }
    vault = await createVault({ storage, unlock, limits })
    await vault.createSecret({ ...S, secretData: 'one' })
    await vault.createSecret({ secretName: 'due', secretData: 'one' })
    await vault.deleteSecret({ secretName: 'due' })
    watch = watchEncoder()
  })

  afterEach(() => {
    watch.end()
  })

  function expectWiped(): void {
    expect(watch.seen.length).toBeGreaterThan(0)
    expect(watch.seen.every(isZero)).toBe(true)
  }

  const put = (more: object = {}, of: string = S.secretName): Promise<unknown> =>
    vault.putSecretValue({ secretName: of, secretData: CANARY, ...more })
  const create = (secretName: string, more: object = {}): Promise<unknown> =>
    vault.createSecret({ secretName, secretData: CANARY, ...more })

  const REFUSALS: readonly (readonly [string, string, () => Promise<unknown>])[] = [
    ['a put to no secret', 'SECRET_NOT_FOUND', () => put({}, 'none')],
    ['a put to a scheduled secret', 'SECRET_IN_DELETE_WINDOW', () => put({}, 'due')],
    [
      'a put that expects another version',
      'VERSION_CONFLICT',
      () => put({ expectedCurrentVersionId: 'v9' }),
    ],
    ['a put of an id that is taken', 'VERSION_EXISTS', () => put({ versionId: 'v1' })],
    [
      'a put of more than the vault allows',
      'INVALID_PARAMETER',
      () => put({ secretData: CANARY.repeat(25) }),
    ],
    ['a create under a name that is taken', 'SECRET_EXISTS', () => create('S')],
    [
      'a create under the name of a scheduled secret',
      'SECRET_IN_DELETE_WINDOW',
      () => create('due'),
    ],
    ['a create beyond the quota', 'QUOTA_EXCEEDED', () => create('T')],
    [
      'a create of a managed type',
      'UNSUPPORTED_OPERATION',
      () => create('T', { secretType: 'Rds' }),
    ],
  ]

  it.each(REFUSALS)('are overwritten after %s', async (_, code, call) => {
    await expectFailure(call, code)
    expectWiped()
  })

  it.each([
    ['STORAGE_UNAVAILABLE', 'fail-before'],
    ['STORAGE_OUTCOME_UNKNOWN', 'fail-after'],
  ] as const)('are overwritten after a commit with %s', async (code, fault) => {
    verdict = fault
    await expectFailure(() => put(), code)
    await vault.updateVaultSettings({ limits: { secretsMax: 0 } }).catch(() => undefined)
    expectWiped()
    verdict = 'pass'
    await vault.updateVaultSettings({ limits: { secretsMax: 0 } })
    verdict = fault
    await expectFailure(() => create('T'), code)
    expectWiped()
  })

  it('are overwritten after a success', async () => {
    await put()
    await vault.updateVaultSettings({ limits: { secretsMax: 0 } })
    await create('T')
    expectWiped()
    expect((await vault.getSecretValue(S)).secretData).toBe(CANARY)
  })

  it('are overwritten where the vault was closed while they waited', async () => {
    const first = vault.updateSecret({ ...S, description: 'x' })
    const waiting = put()
    await Promise.all([first, waiting, vault.close()])
    await expectFailure(() => put(), 'VAULT_CLOSED')
    expectWiped()
  })
})

describe('the keys of a version whose sealing fails', () => {
  /** Wrapping the DEK, then the value itself. */
  it.each([1, 2])('are overwritten, and its value, at seal %d', async (nth) => {
    const storage = createMemoryStorage()
    await (await createVault({ storage, unlock })).createSecret({ ...S, secretData: 'one' })
    const { primitives, seen, failSeal } = watchPrimitives()
    const vault = await openVault({ storage, unlock, primitives })
    // Long-lived keys are seen at their first use.
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await vault.createSecret({ secretName: 'first', secretData: 'x' })
    const held = [...seen].filter((bytes) => !isZero(bytes))
    const before = seen.size
    for (const call of [
      () => vault.putSecretValue({ ...S, secretData: CANARY }),
      () => vault.createSecret({ secretName: 'T', secretData: CANARY }),
    ]) {
      failSeal(nth)
      const { message } = await failureOf(call)
      expect(message).toContain('sealing failed')
    }
    expect(seen.size).toBeGreaterThan(before)
    expect([...seen].filter((bytes) => !isZero(bytes))).toEqual(held)
    failSeal(Infinity)
    expect((await vault.getSecretValue(S)).secretData).toBe('two')
    await vault.putSecretValue({ ...S, secretData: CANARY })
    expect((await vault.verify()).problems).toEqual([])
  })
})
