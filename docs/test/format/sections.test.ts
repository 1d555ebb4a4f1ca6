/** What docs/format/records.md asks of writers where a section is unknown to them. */
import { fromHex } from '@stagevault/core/bytes'
import type { StorageAdapter } from '@stagevault/storage'
import { scanAll } from '@stagevault/storage'
import { openVault, rawKey } from 'stagevault'
import { expect, it } from 'vitest'
import { objectOf } from '../../tools/case-input.js'
import { storeOf } from '../../tools/perform-vault.js'
import { caseNamed, readVaultFile } from '../support/format-files.js'

async function recordsIn(storage: StorageAdapter): Promise<unknown[]> {
  const records: unknown[] = []
  for await (const record of scanAll(storage, { start: '!', end: '~' })) records.push(record)
  return records
}

it('REC-26: a secret with an unknown section can be read, and no change of it is written', async () => {
  const { records, rawKey: key, time } = readVaultFile('vault.json')
  const { input } = caseNamed('vault.json', 'verify: a head with a section that readers may skip')
  const storage = await storeOf(records, objectOf(input, 'changes'))
  const before = await recordsIn(storage)
  const unlock = rawKey(fromHex(key) ?? new Uint8Array(0))
  const vault = await openVault({ storage, unlock, clock: () => time })
  const secretName = 'MyDbCreds'
  expect(await vault.getSecretValue({ secretName })).toMatchObject({ secretName })
  await expect(vault.putSecretValue({ secretName, secretData: 'next' })).rejects.toMatchObject({
    code: 'UNSUPPORTED_FORMAT',
  })
  expect(await recordsIn(storage)).toEqual(before)
  await vault.close()
})
