/**
 * Sixteen handles that write without a pause: none is so slow that it ends with `CONFLICT`, which
 * is 30 seconds after a change was first planned. STAGEVAULT_WRITES sets how often they write
 * together; 10,000 are a campaign.
 */

import { expect, it } from 'vitest'
import { newTestVault } from '../support/test-vault.js'

const WRITERS = 16
const WRITES = Number(process.env['STAGEVAULT_WRITES'] ?? 320)
const EACH = Math.ceil(WRITES / WRITERS)

it(
  `${WRITES} writes by 16 handles, each of its own secret and of one that all share`,
  async () => {
    const { vault, open } = await newTestVault()
    await vault.createSecret({ secretName: 'shared', secretData: 'x' })
    const work = async (_: unknown, i: number): Promise<void> => {
      const handle = await open()
      const secretName = `own/${String(i)}`
      await handle.createSecret({ secretName, secretData: 'x' })
      for (let n = 1; n < EACH; n++) {
        await handle.putSecretValue({
          secretName: n % 4 === 0 ? 'shared' : secretName,
          secretData: String(n),
        })
      }
    }
    await Promise.all(Array.from({ length: WRITERS }, work))
    const { versionIds } = await vault.listSecretVersionIds({ secretName: 'shared' })
    const shared = WRITERS * Math.floor((EACH - 1) / 4)
    expect(versionIds.at(-1)?.versionId).toBe(`v${String(1 + shared)}`)
    expect(await vault.verify()).toMatchObject({ isClean: true, secretCount: 1 + WRITERS })
  },
  60_000 + 50 * WRITES,
)
