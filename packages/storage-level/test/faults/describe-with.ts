import { describe, it } from 'vitest'

/** What a test needs and the machine does not have. */
export interface Lack {
  /** What it is and how to get it. */
  readonly message: string
  /** Whether it can be got at all: the right to mount may be withheld, and that is no mistake. */
  readonly isInstallable: boolean
}

/**
 * Registers tests that need something of the machine. Where it is missing, there is one skipped
 * test, whose reason says how to get it; with `STAGEVAULT_FAULTS=all` that is a failure, if it
 * could be installed.
 */
export function describeWith(lack: Lack | null, title: string, register: () => void): void {
  describe(title, () => {
    if (lack === null) {
      register()
      return
    }
    const { message, isInstallable } = lack
    it('can be tried on this machine', ({ skip }) => {
      if (isInstallable && process.env['STAGEVAULT_FAULTS'] === 'all') throw new Error(message)
      skip(`${title}: ${message}`)
    })
  })
}
