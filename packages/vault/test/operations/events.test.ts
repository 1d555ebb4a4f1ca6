import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Vault, VaultEvent } from 'stagevault'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { createEventHub } from '../../dist/events/event-hub.js'
import { expectFailure } from '../support/failures.js'
import { DAY_MS } from '../support/test-clock.js'
import { vaultWithSecret } from '../support/test-vault.js'

const S = { secretName: 'S' }
const CURRENT = { versionStages: ['ACSCurrent'] }

function record(vault: Vault): { readonly take: () => VaultEvent[] } {
  let events: VaultEvent[] = []
  vault.subscribe((event) => events.push(event))
  return {
    take: () => {
      const taken = events
      events = []
      return taken
    },
  }
}

/** Who listens in this process, by vault. */
function channels(): ReadonlyMap<string, unknown> {
  const found: unknown = Reflect.get(globalThis, Symbol.for('stagevault/event-channels'))
  return found as ReadonlyMap<string, unknown>
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** The version that was stored. */
function versionOf(event: VaultEvent): string {
  return event.type === 'secret.version.created' ? event.versionId : ''
}

describe('subscribe', () => {
  it('shares nothing with what the operation gives back', async () => {
    const { vault, open } = await vaultWithSecret()
    const seen: VaultEvent[] = []
    vault.subscribe((event) => {
      seen.push(event)
    })
    const other = await open()
    other.subscribe((event) => {
      seen.push(event)
    })
    const { versionStages } = await vault.putSecretValue({ ...S, secretData: 'two' })
    await settled()
    expect(seen).toHaveLength(2)
    for (const event of seen) {
      if (event.type !== 'secret.version.created') throw new Error(event.type)
      expect(event.versionStages).not.toBe(versionStages)
      expect(Object.isFrozen(event.versionStages)).toBe(true)
    }
    expect(Object.isFrozen(versionStages)).toBe(false)
  })

  it('passes on objects that no code can change any more', () => {
    const posted: unknown[] = []
    const hub = createEventHub({
      isHeard: () => true,
      post: (message) => posted.push(message),
      listen: () => undefined,
      unlisten: () => undefined,
      close: () => undefined,
    })
    const versionStages = ['ACSCurrent']
    const event = { type: 'secret.version.created', ...S, versionId: 'v1', versionStages } as const
    hub.emit([event])
    versionStages.push('forged')
    expect(posted).toEqual([[{ ...event, ...CURRENT }]])
  })

  it('keeps no end of a channel after the last listener, and hears again later', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    const stop = other.subscribe(() => undefined)
    expect(channels().has(vault.vaultId)).toBe(true)
    stop()
    stop()
    expect(channels().has(vault.vaultId)).toBe(false)
    const { take } = record(other)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await settled()
    expect(take()).toHaveLength(1)
    await other.close()
    expect(channels().has(vault.vaultId)).toBe(false)
  })

  it('tells of every kind of change, after it was made', async () => {
    const { vault, clock } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    const { take } = record(vault)
    const V1 = { ...S, versionId: 'v1' }
    const steps: [() => Promise<unknown>, VaultEvent[]][] = [
      [
        () => vault.createSecret({ secretName: 'T', secretData: 'x', versionId: 'first' }),
        [
          { type: 'secret.created', secretName: 'T' },
          { type: 'secret.version.created', secretName: 'T', versionId: 'first', ...CURRENT },
        ],
      ],
      [
        () => vault.putSecretValue({ ...S, secretData: 'two' }),
        [{ type: 'secret.version.created', ...S, versionId: 'v2', ...CURRENT }],
      ],
      [() => vault.disableVersion(V1), [{ type: 'secret.version.disabled', ...V1 }]],
      [() => vault.enableVersion(V1), [{ type: 'secret.version.enabled', ...V1 }]],
      [
        () => vault.updateSecretVersionStage({ ...S, versionStage: 'b', moveToVersion: 'v2' }),
        [{ type: 'secret.stage.moved', ...S, versionStage: 'b', versionId: 'v2' }],
      ],
      [
        () => vault.updateSecretVersionStage({ ...S, versionStage: 'b', removeFromVersion: 'v2' }),
        [{ type: 'secret.stage.moved', ...S, versionStage: 'b' }],
      ],
      [() => vault.destroyVersion(V1), [{ type: 'secret.version.destroyed', ...V1 }]],
      [
        () => vault.putSecretValue({ ...S, secretData: 'three' }),
        [
          { type: 'secret.version.created', ...S, versionId: 'v3', ...CURRENT },
          { type: 'secret.version.evicted', ...V1 },
        ],
      ],
      [() => vault.updateSecret({ ...S, description: 'd' }), [{ type: 'secret.updated', ...S }]],
      [
        () => vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] }),
        [{ type: 'secret.updated', ...S }],
      ],
      [() => vault.untagResource({ ...S, tagKeys: ['k'] }), [{ type: 'secret.updated', ...S }]],
      [
        () => vault.renameSecret({ ...S, newSecretName: 'R' }),
        [{ type: 'secret.renamed', secretName: 'R', formerSecretName: 'S' }],
      ],
      [
        () => vault.deleteSecret({ secretName: 'R' }),
        [{ type: 'secret.deletion.scheduled', secretName: 'R' }],
      ],
      [
        () => vault.restoreSecret({ secretName: 'R' }),
        [{ type: 'secret.restored', secretName: 'R' }],
      ],
      [
        () => vault.deleteSecret({ secretName: 'T', forceDeleteWithoutRecovery: true }),
        [{ type: 'secret.deleted', secretName: 'T' }],
      ],
      [
        async () => {
          await vault.deleteSecret({ secretName: 'R' })
          clock.advance(30 * DAY_MS)
          await vault.listSecrets()
          clock.advance(DELETION_LOOK_MS_MIN)
          await vault.listSecrets()
        },
        [
          { type: 'secret.deletion.scheduled', secretName: 'R' },
          { type: 'secret.deleted', secretName: 'R' },
        ],
      ],
    ]
    for (const [step, events] of steps) {
      await step()
      expect(take()).toEqual(events)
    }
  })

  it('says nothing where nothing changes, or fails', async () => {
    const { vault } = await vaultWithSecret()
    await vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] })
    const { take } = record(vault)
    await vault.putSecretValue({ ...S, secretData: 'one', versionId: 'v1' })
    await vault.updateSecretVersionStage({ ...S, versionStage: 'ACSCurrent', moveToVersion: 'v1' })
    await vault.tagResource({ ...S, tags: [{ tagKey: 'k', tagValue: 'v' }] })
    await vault.untagResource({ ...S, tagKeys: ['other'] })
    await vault.enableVersion({ ...S, versionId: 'v1' })
    await vault.renameSecret({ ...S, newSecretName: 'S' })
    await vault.getSecretValue(S)
    await vault.listSecrets()
    await expectFailure(() => vault.createSecret({ ...S, secretData: 'x' }), 'SECRET_EXISTS')
    await expectFailure(() => vault.restoreSecret(S), 'SECRET_NOT_SCHEDULED')
    expect(take()).toEqual([])
  })

  it('tells when the change can be read', async () => {
    const { vault, open } = await vaultWithSecret()
    const other = await open()
    const seen: Promise<unknown>[] = []
    vault.subscribe((event) => {
      const versionId = versionOf(event)
      seen.push(other.getSecretValue({ ...S, versionId }).then(({ secretData }) => secretData))
    })
    await vault.putSecretValue({ ...S, secretData: 'two' })
    expect(await Promise.all(seen)).toEqual(['two'])
  })

  it('gives all listeners the same event, which none of them can change', async () => {
    const { vault } = await vaultWithSecret()
    vault.subscribe((event) => {
      expect(() => {
        Object.assign(event, { secretName: 'forged' })
      }).toThrow(TypeError)
    })
    const { take } = record(vault)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    expect(take()).toMatchObject([S])
  })

  it('ends when told so, for that one listener', async () => {
    const { vault } = await vaultWithSecret()
    const heard: string[] = []
    const listener = (event: VaultEvent): void => {
      heard.push(versionOf(event))
    }
    const endFirst = vault.subscribe(listener)
    const endSecond = vault.subscribe(listener)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    endFirst()
    endFirst()
    await vault.putSecretValue({ ...S, secretData: 'three' })
    endSecond()
    await vault.putSecretValue({ ...S, secretData: 'four' })
    expect(heard).toEqual(['v2', 'v2', 'v3'])
  })

  it('takes nothing but functions', async () => {
    const { vault } = await vaultWithSecret()
    for (const listener of [undefined, null, {}, 'listener', { handleEvent: () => undefined }]) {
      await expectFailure(() => vault.subscribe(listener as never), 'TypeError')
    }
  })

  it('a listener may subscribe another, which hears from then on, and end one', async () => {
    const { vault } = await vaultWithSecret()
    const heard: string[] = []
    let end = (): void => undefined
    vault.subscribe(() => {
      heard.push('first')
      end()
      if (heard.length === 1) vault.subscribe(() => heard.push('late'))
    })
    end = vault.subscribe(() => heard.push('second'))
    await vault.putSecretValue({ ...S, secretData: 'two' })
    expect(heard).toEqual(['first'])
    await vault.putSecretValue({ ...S, secretData: 'three' })
    expect(heard).toEqual(['first', 'first', 'late'])
  })
})

describe('changes through another handle', () => {
  it("are told as such, and come after the change; those of one's own are not", async () => {
    const { vault, open } = await vaultWithSecret()
    const [here, there] = [record(vault), record(await open())]
    await vault.putSecretValue({ ...S, secretData: 'two', versionStages: ['blue'] })
    const versionStages = ['blue']
    const event = { type: 'secret.version.created', ...S, versionId: 'v2', versionStages }
    expect(here.take()).toEqual([event])
    await settled()
    expect(there.take()).toEqual([{ ...event, isRemote: true }])
    expect(here.take()).toEqual([])
  })

  it('are told in order of commit, all events of one together', async () => {
    const { vault, open } = await vaultWithSecret({ limits: { versionsMax: 2 } })
    const { take } = record(await open())
    for (const secretData of ['two', 'three']) await vault.putSecretValue({ ...S, secretData })
    await vault.renameSecret({ ...S, newSecretName: 'T' })
    await settled()
    expect(take().map(({ type }) => type)).toEqual([
      'secret.version.created',
      'secret.version.created',
      'secret.version.evicted',
      'secret.renamed',
    ])
  })

  it('of another vault are not told, nor to a vault that is closed', async () => {
    const { vault, open } = await vaultWithSecret()
    const stranger = record((await vaultWithSecret()).vault)
    const other = await open()
    const closed = record(other)
    await vault.putSecretValue({ ...S, secretData: 'two' })
    await settled()
    expect(closed.take()).toHaveLength(1)
    await other.close()
    await vault.putSecretValue({ ...S, secretData: 'three' })
    await settled()
    expect(stranger.take()).toEqual([])
    expect(closed.take()).toEqual([])
    expect(() => other.subscribe(() => undefined)).toThrow(
      expect.objectContaining({ code: 'VAULT_CLOSED' }) as Error,
    )
  })
})

describe('a listener that throws', () => {
  const uncaught: unknown[] = []
  let others: NodeJS.UncaughtExceptionListener[] = []

  // The runner takes an uncaught error for a failure; here it is what is waited for.
  beforeEach(() => {
    uncaught.length = 0
    others = process.listeners('uncaughtException')
    process.removeAllListeners('uncaughtException')
    process.on('uncaughtException', (error) => uncaught.push(error))
  })

  afterEach(() => {
    process.removeAllListeners('uncaughtException')
    for (const listener of others) process.on('uncaughtException', listener)
  })

  it('harms neither the operation nor other listeners; its error is reported as uncaught', async () => {
    const { vault } = await vaultWithSecret()
    const failure = new Error('of the listener')
    vault.subscribe(() => {
      throw failure
    })
    const { take } = record(vault)
    const result = await vault.putSecretValue({ ...S, secretData: 'two' })
    expect(result.versionId).toBe('v2')
    expect(take()).toHaveLength(1)
    expect((await vault.getSecretValue(S)).secretData).toBe('two')
    await settled()
    expect(uncaught).toEqual([failure])
  })
})
