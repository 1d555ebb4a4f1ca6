import { describe, it } from 'vitest'

/**
 * Registers tests that need something of the machine. Where it is missing, there is one skipped
 * test and a line that says how to get it; with `STAGEVAULT_FAULTS=all` that is a failure.
 *
 * `missing` says what is missing and how to get it; with `null` all is there.
 */
export function describeWith(missing: string | null, title: string, register: () => void): void {
  describe(title, () => {
    if (missing === null) {
      register()
      return
    }
    it('can be tried on this machine', ({ skip }) => {
      if (process.env['STAGEVAULT_FAULTS'] === 'all') throw new Error(missing)
      process.stderr.write(`${title}: ${missing}\n`)
      skip(missing)
    })
  })
}
