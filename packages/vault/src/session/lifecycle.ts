/** Operations in progress, and the end of a vault. */

import { VaultError } from '@stagevault/core/errors'

export interface Lifecycle {
  /** Runs an operation, unless the vault is closed. @throws {@link VaultError} `VAULT_CLOSED` */
  run<T>(operation: () => Promise<T>): Promise<T>
  /** @throws {@link VaultError} `VAULT_CLOSED` */
  requireOpen(): void
  /** Lets the operations in progress end, then calls `release` once and waits for it. */
  close(release: () => Promise<void>): Promise<void>
}

export function createLifecycle(): Lifecycle {
  let running = 0
  let closing: Promise<void> | null = null
  let onIdle: () => void = () => undefined

  function requireOpen(): void {
    if (closing !== null) throw new VaultError('VAULT_CLOSED', 'the vault is closed')
  }

  return {
    requireOpen,
    run: async (operation) => {
      requireOpen()
      running++
      try {
        return await operation()
      } finally {
        if (--running === 0) onIdle()
      }
    },
    close: (release) => {
      closing ??= new Promise<void>((resolve) => {
        if (running === 0) resolve()
        else onIdle = resolve
      }).then(release)
      return closing
    },
  }
}
