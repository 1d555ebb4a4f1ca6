import { randomUUID } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { StorageAdapter } from '@stagevault/storage'
import { createLevelStorage, openLevelStorage } from '@stagevault/storage-level'
import type { EngineContext } from '@stagevault/browser-engines/vitest'
import { openVault, passphrase, rawKey } from 'stagevault'
import { describeWhole } from './described-vault.js'
import type { MovedOrder } from './moved-calls.js'
import type { StoredRecord } from './moved-records.js'
import { fillStorage, recordsOf } from './moved-records.js'

const VECTORS = new URL('../../../../docs/format/vectors/', import.meta.url)

interface GoldenVault {
  readonly rawKey: string
  readonly passphrase: string
  readonly time: number
}

/** The golden vault, a folder of LevelDB, taken to IndexedDB and back. */
export function describeMoving({ browser }: EngineContext): void {
  describe('a vault that was copied', () => {
    it('from LevelDB opens here, tells the same, and goes back', async () => {
      const golden = JSON.parse(readFileSync(new URL('vault.json', VECTORS), 'utf8')) as GoldenVault
      const { records, whole } = await withLevelStorage(async (storage) => ({
        records: await recordsOf(storage),
        whole: await describeHere(storage, golden),
      }))
      expect(records.length).toBeGreaterThan(10)
      const page = await browser().openPage('held')
      const name = randomUUID()
      expect(await page.call('moveIn', { name, records })).toBe(records.length)
      for (const key of [[...keyOf(golden)], golden.passphrase]) {
        const order: MovedOrder = { name, key, time: golden.time }
        expect(await page.call('describeMoved', order)).toEqual(whole)
      }
      const back = await page.call<StoredRecord[]>('moveOut', name)
      expect(back).toEqual(records)
      await page.tab.close()
      expect(await describeBack(back, golden)).toEqual(whole)
    })
  })
}

function keyOf(golden: GoldenVault): Uint8Array {
  return new Uint8Array(Buffer.from(golden.rawKey, 'hex'))
}

async function describeHere(storage: StorageAdapter, golden: GoldenVault): Promise<unknown> {
  const vault = await openVault({
    storage,
    unlock: rawKey(keyOf(golden)),
    clock: () => golden.time,
  })
  const whole = await describeWhole(vault)
  await vault.close()
  return whole
}

/** On a copy of the folder that is kept in the repository. */
async function withLevelStorage<T>(step: (storage: StorageAdapter) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'moved-'))
  try {
    cpSync(fileURLToPath(new URL('golden-v1', VECTORS)), folder, { recursive: true })
    const storage = await openLevelStorage({ location: folder })
    const result = await step(storage)
    await storage.close()
    return result
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function describeBack(
  records: readonly StoredRecord[],
  golden: GoldenVault,
): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'moved-'))
  try {
    const storage = await createLevelStorage({ location: join(folder, 'vault') })
    await fillStorage(storage, records)
    const vault = await openVault({
      storage,
      unlock: passphrase(golden.passphrase),
      clock: () => golden.time,
    })
    const whole = await describeWhole(vault)
    await vault.close()
    await storage.close()
    return whole
  } finally {
    rmSync(folder, { recursive: true })
  }
}
