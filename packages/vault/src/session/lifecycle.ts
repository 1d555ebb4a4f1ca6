/** Operations in progress, and the end of a vault. */

import { VaultError } from '@stagevault/core/errors'

export interface Lifecycle {
  /** Runs an operation, unless the vault is closed. @throws {@link VaultError} `VAULT_CLOSED` */
  run<T>(operation: () => Promise<T>): Promise<T>
  /** @throws {@link VaultError} `VAULT_CLOSED` */
  requireOpen(): void
  /** Lets the operations in progress end, then releases the vault. */
  close(ending: Ending): Promise<void>
}

export interface Ending {
  /** Seconds for which operations may go on. */
  readonly timeoutSeconds: number
  /** Called when they have taken longer, to end those that can be ended. */
  readonly abandon: () => void
  /** Called once, when no operation is in progress. */
  readonly release: () => Promise<void>
}

export function createLifecycle(): Lifecycle {
  let running = 0
  let closing: Promise<void> | null = null
  let onIdle: () => void = () => undefined

  function requireOpen(): void {
    if (closing !== null) throw new VaultError('VAULT_CLOSED', 'the vault is closed')
  }

  async function close({ timeoutSeconds, abandon, release }: Ending): Promise<void> {
    if (running > 0) {
      const timer = setTimeout(abandon, 1_000 * timeoutSeconds)
      await new Promise<void>((resolve) => {
        onIdle = resolve
      })
      clearTimeout(timer)
    }
    await release()
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
    close: (ending) => closing ??= close(ending),
  }
}
