/** The life of the vault in an application: made, unlocked, locked, and ended with it. */

import { createVault, openVault, passphrase } from 'stagevault'
import type { PassphraseOptions, Unlock, Vault } from 'stagevault'
import { codeOf } from './error-code.js'
import { mendSlot, renewSlot } from './keychain-slot.js'
import type { Keychain } from './safe-storage-provider.js'
import type { VaultFolder } from './vault-folder.js'

/**
 * `new`: none was made here yet. `lost`: one was, and its records are gone. `locked` and
 * `unlocked`: one is here.
 */
export type VaultState = 'new' | 'lost' | 'locked' | 'unlocked'

export interface VaultStatus {
  readonly state: VaultState
  /** Code of what is wrong with the keychain or the records; `null` where nothing is known. */
  readonly problem: string | null
}

export interface VaultKeeperOptions {
  readonly folder: VaultFolder
  readonly keychain: Keychain
  /** Told of every change of the status. */
  readonly onChange?: (status: VaultStatus) => void
  /** How a new passphrase slot is made. */
  readonly passphraseOptions?: PassphraseOptions
}

/** A request that the state of the vault does not allow. */
export class KeeperError extends Error {
  override readonly name = 'KeeperError'
  readonly code: 'VAULT_LOCKED' | 'VAULT_EXISTS' | 'VAULT_ENDED'

  constructor(code: KeeperError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Keeps one vault. Unlocking, making and closing happen one after the other; locking takes effect
 * at once, and wins over what was asked for before it.
 */
export class VaultKeeper {
  readonly #options: VaultKeeperOptions
  #vault: Vault | null = null
  /** While it is not open. */
  #state: VaultState = 'locked'
  #problem: string | null = null
  #locks = 0
  #isEnding = false
  #last: Promise<unknown> = Promise.resolve()

  constructor(options: VaultKeeperOptions) {
    this.#options = options
  }

  status(): VaultStatus {
    return { state: this.#vault === null ? this.#state : 'unlocked', problem: this.#problem }
  }

  /** The status once everything that was asked for before is done. */
  settled(): Promise<VaultStatus> {
    return this.#inTurn(() => Promise.resolve(this.status()))
  }

  /**
   * Opens the vault by the keychain, unless it is open. Where that does not work, the status says
   * why, and a passphrase is needed: for a new vault, or for the one that is here.
   */
  unlock(): Promise<VaultStatus> {
    const { keychain } = this.#options
    return this.#enter(async () => {
      if (this.#vault !== null) return this.#vault
      try {
        return await this.#open(keychain.unlock, (vault) => renewSlot(vault, keychain))
      } catch (error) {
        const code = codeOf(error)
        if (code === null) throw error
        await this.#noteProblem(code)
        return null
      }
    })
  }

  /**
   * Opens the vault by its passphrase, unless it is open, and lets the keychain open it from then
   * on if it can be had. Rejects as `openVault` does.
   */
  async unlockWithPassphrase(text: string): Promise<VaultStatus> {
    const { keychain } = this.#options
    const words = passphrase(text)
    return this.#enter(
      async () =>
        this.#vault ?? (await this.#open(words, (vault) => mendSlot(vault, keychain, words))),
    )
  }

  /**
   * Makes a vault with a passphrase, and adds the keychain. Rejects as `createVault` does, and with
   * `VAULT_EXISTS` also where one was lost: it is to be put back, not replaced by an empty one.
   */
  async create(text: string): Promise<VaultStatus> {
    const { folder, keychain, passphraseOptions } = this.#options
    const words = passphrase(text, passphraseOptions)
    return this.#enter(async () => {
      if (this.#vault !== null || (await folder.readVaultId()) !== null) {
        throw new KeeperError('VAULT_EXISTS', 'a vault was made here already')
      }
      const vault = await createVault({ location: folder.location, unlock: words })
      return orClosed(vault, async () => {
        await folder.writeVaultId(vault.vaultId)
        this.#problem = await mendSlot(vault, keychain, words)
      })
    })
  }

  /**
   * Uses the vault, if it is open. An operation in progress ends before the keys are forgotten.
   *
   * @throws {@link KeeperError} `VAULT_LOCKED`
   */
  async use<T>(operation: (vault: Vault) => Promise<T>): Promise<T> {
    if (this.#vault === null) throw new KeeperError('VAULT_LOCKED', 'the vault is locked')
    return operation(this.#vault)
  }

  /**
   * Forgets the keys and closes the store, so that its folder can be copied. Nothing begins on the
   * vault from this call on; the promise resolves once what had begun is done.
   */
  lock(): Promise<void> {
    this.#locks += 1
    const vault = this.#vault
    this.#vault = null
    if (vault !== null) {
      this.#state = 'locked'
      this.#options.onChange?.(this.status())
    }
    return this.#inTurn(async () => vault?.close())
  }

  /** Locks permanently, at the end of the application. */
  end(): Promise<void> {
    this.#isEnding = true
    return this.lock()
  }

  /** @param open - opens the vault; `null` where it cannot */
  #enter(open: () => Promise<Vault | null>): Promise<VaultStatus> {
    const locks = this.#locks
    return this.#inTurn(async () => {
      if (this.#isEnding) throw new KeeperError('VAULT_ENDED', 'the application is ending')
      const vault = await open()
      if (vault !== null) this.#state = 'locked'
      if (vault !== null && locks !== this.#locks) await vault.close()
      else this.#vault = vault
      this.#options.onChange?.(this.status())
      return this.status()
    })
  }

  /** @param complete - the last step; it gives the code of what is wrong with the keychain */
  async #open(unlock: Unlock, complete: (vault: Vault) => Promise<string | null>): Promise<Vault> {
    const { folder } = this.#options
    const vaultId = await folder.readVaultId()
    const expected = vaultId === null ? {} : { vaultId }
    const vault = await openVault({ location: folder.location, unlock, ...expected })
    return orClosed(vault, async () => {
      // There is none when the application crashed just after it had made the vault.
      if (vaultId === null) await folder.writeVaultId(vault.vaultId)
      this.#problem = await complete(vault)
    })
  }

  async #noteProblem(code: string): Promise<void> {
    const isMissing = code === 'VAULT_MISSING'
    const isNew = isMissing && (await this.#options.folder.readVaultId()) === null
    this.#state = isNew ? 'new' : isMissing ? 'lost' : 'locked'
    this.#problem = isNew ? null : code
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(step)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

/** The vault after the last step to it. Where that fails, it does not stay open. */
async function orClosed(vault: Vault, step: () => Promise<void>): Promise<Vault> {
  try {
    await step()
    return vault
  } catch (error) {
    await vault.close()
    throw error
  }
}
