/** A handle that keeps losing to writers that take no turns pauses, and not for long. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Vault } from 'stagevault'
import { expectFailure } from '../support/failures.js'
import { vaultWithSecret } from '../support/test-vault.js'
import type { Counted, Script } from './made-up-time.js'
import { finish, makeUpTime, passes, scriptedStorage, timeOf } from './made-up-time.js'

const S = { secretName: 'S' }

beforeEach(makeUpTime)

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

interface Loser {
  readonly loser: Vault
  /** The same vault, for whose commits no script is written. */
  readonly vault: Vault
  readonly counted: Counted
  readonly become: (verdict: ReturnType<Script>) => void
}

/** A handle whose last commit took three seconds, and whose next ones all lose. */
async function openLoser(commitTimeoutSeconds: number): Promise<Loser> {
  // The longest pause that chance may give.
  vi.spyOn(Math, 'random').mockReturnValue(0.999)
  const { vault, storage, open } = await vaultWithSecret()
  let verdict: ReturnType<Script> = 'slow'
  const counted = scriptedStorage(storage, () => verdict)
  const loser = await open({ storage: counted.storage, commitTimeoutSeconds })
  await finish(loser.putSecretValue({ ...S, secretData: 'slow' }))
  verdict = 'conflict'
  const become = (next: typeof verdict): void => {
    verdict = next
  }
  return { loser, vault, counted, become }
}

describe('a pause', () => {
  it('comes between commits that lose although the handle has its turn', async () => {
    const { loser, counted } = await openLoser(3)
    const before = counted.commits
    await finish(expectFailure(() => loser.putSecretValue({ ...S, secretData: 'x' }), 'CONFLICT'))
    // Tenths of a second, and three commits before the first pause.
    expect(counted.commits - before).toBeGreaterThan(25)
    expect(counted.commits - before).toBeLessThan(40)
  })

  it('ends with the time of a change that waits', async () => {
    const { loser } = await openLoser(1)
    const put = (): Promise<unknown> =>
      expectFailure(() => loser.putSecretValue({ ...S, secretData: 'x' }), 'CONFLICT')
    expect(await timeOf(put)).toBeLessThan(1_050)
  })

  it('holds a change that comes for a moment only', async () => {
    const { loser, become } = await openLoser(60)
    const put = loser.putSecretValue({ ...S, secretData: 'x' })
    await finish(passes(5_000))
    become('pass')
    const create = (): Promise<unknown> => loser.createSecret({ secretName: 'T', secretData: 'x' })
    expect(await timeOf(create)).toBeLessThan(200)
    await finish(put)
  })

  it('ends when the vault is closed', async () => {
    const { loser, become } = await openLoser(60)
    const put = loser.putSecretValue({ ...S, secretData: 'x' })
    await finish(passes(5_000))
    become('pass')
    expect(await timeOf(() => loser.close())).toBeLessThan(5)
    await finish(put)
  })

  it('does not come once the changes that lost have ended', async () => {
    const { loser, vault, become, counted } = await openLoser(60)
    become('slow')
    await finish(loser.createSecret({ secretName: 'mine', secretData: 'x' }))
    become('pass')
    for (let i = 0; i < 6; i++) {
      const { versionId: expectedCurrentVersionId } = await loser.getSecretValue(S)
      await vault.putSecretValue({ ...S, secretData: `${i}` })
      const put = { ...S, secretData: 'late', expectedCurrentVersionId }
      // Each of them loses once, which is no reason to pause.
      expect(
        await timeOf(() => expectFailure(() => loser.putSecretValue(put), 'VERSION_CONFLICT')),
      ).toBeLessThan(20)
    }
    const before = counted.commits
    const create = (): Promise<unknown> =>
      loser.putSecretValue({ secretName: 'mine', secretData: 'y' })
    expect(await timeOf(create)).toBeLessThan(5)
    expect(counted.commits).toBe(before + 1)
  })
})
