/**
 * Goal F2 on a simulated disk, at random: histories with strict and relaxed changes of several
 * secrets, and losses of power among them. STAGEVAULT_RUNS=20 makes it 20 times as long,
 * STAGEVAULT_SEED repeats one.
 */

import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { SimulatedDisk, SimulatedDurability } from '@stagevault/storage/simulated-disk'
import { createSimulatedDisk } from '@stagevault/storage/simulated-disk'
import { TEST_KEY } from '../support/test-vault.js'
import type { Expected, ToldOperation } from './expected-secrets.js'
import { LIMITS, apply, describeExpected, describeStored } from './expected-secrets.js'

const RUNS = 80 * Number(process.env['STAGEVAULT_RUNS'] ?? 1)
const SEED = process.env['STAGEVAULT_SEED']

let losses = 0

afterAll(() => {
  console.info(`${String(losses)} losses of power in ${String(RUNS)} histories`)
})

const LANES = ['a', 'b', 'c/d']
type Lanes = ReadonlyMap<string, Expected>

interface Change {
  readonly lane: string
  readonly kind: ToldOperation['kind']
  /** Which of the versions, of the commits at risk and so on. */
  readonly pick: number
  readonly durability: SimulatedDurability
  readonly losesPower: boolean
}

const changes = fc.array(
  fc.record({
    lane: fc.constantFrom(...LANES),
    kind: fc.constantFrom<ToldOperation['kind']>(
      'put',
      'put',
      'put',
      'label',
      'current',
      'describe',
      'delete',
    ),
    pick: fc.nat(1_000),
    durability: fc.constantFrom<SimulatedDurability>('relaxed', 'relaxed', 'relaxed', 'strict'),
    losesPower: fc.constantFrom(false, false, false, true),
  }),
  { minLength: 5, maxLength: 30, size: 'max' },
)

function operationOf({ kind, pick }: Change, secret: Expected, text: string): ToldOperation {
  const value = { text, padding: pick }
  if (secret === null) return { kind: 'create', value }
  const { versions } = secret
  const { versionId = '' } = versions[pick % versions.length] ?? {}
  return { kind, value, versionId }
}

function perform(vault: Vault, secretName: string, operation: ToldOperation): Promise<unknown> {
  const {
    kind,
    value: { text, padding },
    versionId = '',
  } = operation
  const secretData = text.padEnd(padding, '.')
  const move = { secretName, moveToVersion: versionId }
  switch (kind) {
    case 'create':
      return vault.createSecret({ secretName, secretData })
    case 'put':
      return vault.putSecretValue({ secretName, secretData })
    case 'label':
      return vault.updateSecretVersionStage({ ...move, versionStage: 'Blue' })
    case 'current':
      return vault.updateSecretVersionStage({ ...move, versionStage: 'ACSCurrent' })
    case 'describe':
      return vault.updateSecret({ secretName, description: text })
    case 'delete':
      return vault.deleteSecret({ secretName, forceDeleteWithoutRecovery: true })
  }
}

const openOn = (disk: SimulatedDisk, durability: SimulatedDurability): Promise<Vault> =>
  openVault({ storage: disk.open(durability), unlock: rawKey(TEST_KEY) })

/** The lanes after each number of commits at risk, from none to all. */
type Past = readonly Lanes[]

async function runHistory(history: readonly Change[]): Promise<void> {
  const disk = createSimulatedDisk()
  await createVault({ storage: disk.open('strict'), unlock: rawKey(TEST_KEY), limits: LIMITS })
  let past: Past = [new Map(LANES.map((lane) => [lane, null]))]
  for (const [i, change] of history.entries()) {
    past = await runChange(disk, change, past, `value ${String(i)}`)
    if (change.losesPower) past = await losePower(disk, change, past)
  }
}

async function runChange(
  disk: SimulatedDisk,
  change: Change,
  past: Past,
  text: string,
): Promise<Past> {
  const { lane, durability } = change
  const before = past.at(-1) ?? new Map<string, Expected>()
  const secret = before.get(lane) ?? null
  const operation = operationOf(change, secret, text)
  const vault = await openOn(disk, durability)
  await perform(vault, lane, operation)
  await vault.close()
  const after = new Map(before).set(lane, apply(secret, operation))
  if (disk.atRisk === 0) return [after]
  // Some change nothing; the others are one commit each.
  expect([0, 1]).toContain(disk.atRisk - past.length + 1)
  return disk.atRisk < past.length ? [...past.slice(0, -1), after] : [...past, after]
}

async function losePower(disk: SimulatedDisk, { pick }: Change, past: Past): Promise<Past> {
  expect(disk.atRisk).toBe(past.length - 1)
  const kept = pick % past.length
  disk.losePower(kept)
  losses += 1
  const vault = await openOn(disk, 'strict')
  expect((await vault.verify()).problems).toEqual([])
  for (const [lane, expected] of past[kept] ?? []) {
    expect(await describeStored(vault, lane)).toBe(describeExpected(expected))
  }
  await vault.close()
  return past.slice(kept, kept + 1)
}

it(
  'a vault always comes back to a state that was',
  async () => {
    const seed = SEED === undefined ? {} : { seed: Number(SEED) }
    await fc.assert(fc.asyncProperty(changes, runHistory), { numRuns: RUNS, ...seed })
  },
  60_000 + RUNS * 1_000,
)
