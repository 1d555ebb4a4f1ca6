/** Answers what the page asks. */

import type { GetSecretValueResult } from 'stagevault'
import { codeOf } from './error-code.js'
import type { Frame, Input, Operation, Output, Reply } from './ipc-contract.js'
import { RequestError, isPageFrame, parseInput } from './ipc-contract.js'
import type { VaultKeeper } from './vault-keeper.js'
import { KeeperError } from './vault-keeper.js'

export interface VaultRequestsOptions {
  readonly keeper: VaultKeeper
  /** The only page that is answered. */
  readonly pageAddress: string
  /** Called for every request that was answered: the vault is in use. */
  readonly onUse?: () => void
}

/** Answers a message from a frame; what is not in order gets no further than here. */
export type VaultRequests = (
  frame: Frame | null,
  operation: Operation,
  input: readonly unknown[],
) => Promise<Reply<unknown>>

type Answers = { readonly [K in Operation]: (...input: Input<K>) => Promise<Output<K>> }

export function createVaultRequests(options: VaultRequestsOptions): VaultRequests {
  const { keeper, pageAddress, onUse } = options
  const answers = answersOf(keeper)
  return async (frame, operation, input) => {
    try {
      if (!isPageFrame(frame, pageAddress)) throw new RequestError('this page is not answered')
      const answer = answers[operation] as (...input: unknown[]) => Promise<unknown>
      const value = await answer(...parseInput(operation, input))
      onUse?.()
      return { ok: true, value }
    } catch (error) {
      return failureOf(error)
    }
  }
}

/** Errors with a code are made to be shown; any other may say anything. */
function failureOf(error: unknown): Reply<never> {
  const code = codeOf(error)
  if (code === null) return { ok: false, code: 'INTERNAL', message: 'an unexpected error' }
  return { ok: false, code, message: (error as Error).message }
}

const PAGE_ROWS = 100

function answersOf(keeper: VaultKeeper): Answers {
  return {
    status: () => keeper.settled(),
    createVault: (text) => keeper.create(text),
    unlock: () => keeper.unlock(),
    unlockWithPassphrase: (text) => keeper.unlockWithPassphrase(text),
    lock: async () => {
      await keeper.lock()
      return keeper.status()
    },
    listSecrets: (nextToken) =>
      keeper.use(async (vault) => {
        const from = nextToken === null ? {} : { nextToken }
        const found = await vault.listSecrets({ pageSize: PAGE_ROWS, ...from })
        const secrets = found.secrets.map(({ secretName, updateTime }) => ({
          secretName,
          updateTime: updateTime.getTime(),
        }))
        return { secrets, nextToken: found.nextToken ?? null }
      }),
    readSecret: async (secretName) => {
      const found = await keeper.use((vault) => vault.getSecretValue({ secretName }))
      requireUnlocked(keeper)
      return textOf(found)
    },
    storeSecret: (secretName, text) =>
      keeper.use(async (vault) => {
        const secret = { secretName, secretData: text }
        try {
          const { versionId } = await vault.createSecret(secret)
          return { versionId }
        } catch (error) {
          if (codeOf(error) !== 'SECRET_EXISTS') throw error
          const { versionId } = await vault.putSecretValue(secret)
          return { versionId }
        }
      }),
  }
}

/** Read before the vault was locked, the value would arrive after it. */
function requireUnlocked(keeper: VaultKeeper): void {
  if (keeper.status().state === 'unlocked') return
  throw new KeeperError('VAULT_LOCKED', 'the vault was locked during the request')
}

function textOf({ secretData, versionId }: GetSecretValueResult): Output<'readSecret'> {
  return { text: typeof secretData === 'string' ? secretData : null, versionId }
}
