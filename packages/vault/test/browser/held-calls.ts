import type { VaultEvent } from 'stagevault'
import { createVault, passphrase } from 'stagevault'
import { createMemoryStorage } from '@stagevault/storage/memory'
import type { CallTable } from '@stagevault/browser-engines/page'
import type { Operation } from '../model/operation.js'
import { perform } from '../model/operation.js'
import { heldVault, holdExisting, holdNew, letGo } from './held-vault.js'

/** What a page or a worker does with the vault that it holds. */
export const heldCalls: CallTable = {
  holdNew,
  holdExisting,
  letGo,
  perform: (operation: Operation) => perform(heldVault().vault, operation),
  readVaultId: () => heldVault().vault.vaultId,
  readProblems: async () => (await heldVault().vault.verify()).problems,
  readEvents: (): readonly VaultEvent[] => heldVault().events,
  subscribeThrowing: () => {
    heldVault().vault.subscribe(() => {
      throw new Error('of a listener')
    })
  },
  putForever,
  storeAndEnd,
  deriveUntilAborted,
  deriveInSpiteOf,
  deriveBesideOthers,
  readAcknowledged: () => acknowledged,
}

/** The last round that was acknowledged, for those who ask while puts go on. */
let acknowledged = 0

/** Puts the number of the round, again and again, until the page or worker is ended. */
async function putForever(secretName: string): Promise<void> {
  const { vault } = heldVault()
  const { secretData: last } = await vault.getSecretValue({ secretName })
  acknowledged = Number.parseInt(String(last), 10)
  for (;;) {
    const round = acknowledged + 1
    // A few kilobytes, so that a commit takes a while.
    const secretData = `${round} `.padEnd(4_096, '.')
    await vault.putSecretValue({ secretName, secretData, versionStages: ['ACSCurrent', 'last'] })
    acknowledged = round
  }
}

/** Answers, and then ends the worker as soon as it hears that the secret is stored. */
function storeAndEnd(secretName: string): void {
  setTimeout(() => {
    const storing = heldVault().vault.createSecret({ secretName, secretData: 'x' })
    void storing.then(() => {
      close()
    })
  }, 0)
}

/** Costs seconds, of which the signal leaves a small part. */
const SCRYPT_LOG_N = 19

async function deriveUntilAborted(): Promise<{ ended: string; isProgressTold: boolean }> {
  const controller = new AbortController()
  let isProgressTold = false
  const unlock = passphrase('correct horse battery staple', {
    scryptLogN: SCRYPT_LOG_N,
    signal: controller.signal,
    onProgress: () => {
      if (isProgressTold) return
      isProgressTold = true
      setTimeout(() => {
        controller.abort()
      }, 0)
    },
  })
  const creating = createVault({ storage: createMemoryStorage(), unlock })
  const ended = await creating.then(
    () => 'created',
    (error: unknown) => (error as Error).name,
  )
  return { ended, isProgressTold }
}

interface InSpite {
  readonly ended: string
  /** Whether what had been derived before was derived once more. */
  readonly isBegunAgain: boolean
}

/** One task that takes `milliseconds`, and a timer afterwards that ends the derivation. */
async function deriveInSpiteOf(milliseconds: number): Promise<InSpite> {
  const controller = new AbortController()
  let latest = 0
  let isBegunAgain = false
  const unlock = passphrase('correct horse battery staple', {
    scryptLogN: SCRYPT_LOG_N,
    signal: controller.signal,
    onProgress: (fraction) => {
      if (latest === 0) setTimeout(blockThenAbort, 0)
      if (fraction < latest) isBegunAgain = true
      latest = fraction
    },
  })

  function blockThenAbort(): void {
    const until = performance.now() + milliseconds
    while (performance.now() < until);
    setTimeout(() => {
      controller.abort()
    }, milliseconds)
  }

  const creating = createVault({ storage: createMemoryStorage(), unlock })
  const ended = await creating.then(
    () => 'created',
    (error: unknown) => (error as Error).name,
  )
  return { ended, isBegunAgain }
}

/** While something else begins again as soon as it has ended. */
async function deriveBesideOthers(): Promise<{ vaultId: string; others: number }> {
  const { port1, port2 } = new MessageChannel()
  let others = 0
  let isDone = false
  port1.onmessage = () => {
    others += 1
    const until = performance.now() + 1
    while (performance.now() < until);
    if (!isDone) port2.postMessage(null)
  }
  port2.postMessage(null)
  const unlock = passphrase('correct horse battery staple')
  const vault = await createVault({ storage: createMemoryStorage(), unlock })
  isDone = true
  port1.close()
  return { vaultId: vault.vaultId, others }
}
