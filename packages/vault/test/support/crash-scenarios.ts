/** Everything that writes, as scenarios for a process that stops in the middle of it. */

import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import { DELETION_LOOK_MS_MIN } from '@stagevault/core/limits'
import { ACCESS_LIST_KEY, SLOT_KEYS } from '@stagevault/core/records/layout'
import type { StorageAdapter } from '@stagevault/storage'
import {
  ACCESS_CRASH_CHANGES,
  NO_STATEMENTS,
  SECRET_POLICY,
  callAccess,
  fillAccess,
} from './access-calls.js'
import { SECOND_SLOT } from './sample-vault.js'
import { seededRandom } from './seeded-random.js'
import type { TestClock } from './test-clock.js'
import { DAY_MS } from './test-clock.js'
import { TEST_KEY } from './test-vault.js'

/** What stands under an operation: the same bytes of chance in every run. */
export interface Stage {
  readonly storage: StorageAdapter
  readonly clock: TestClock
}

export interface CrashScenario {
  readonly name: string
  /** Whether the store holds the sample vault, or nothing, before. */
  readonly base: 'sample' | 'empty'
  /** Readies the stage, and gives the operation, whose calls to the store are the crash points. */
  prepare(stage: Stage): Promise<() => Promise<unknown>>
  /** `done`, or the code that is its right answer. */
  readonly answer: string
  /** The same for a repetition after it happened. */
  readonly again: string
  /** What a repetition after it happened leaves: the same bytes, or the same state, or more. */
  readonly repetition: 'same bytes' | 'same state' | 'adds'
  /** Looks at what is due on the way of something else, which goes on where it could not. */
  readonly sweepsOnTheWay: boolean
  /** The answer where it could not, if that is another one. */
  readonly unswept?: string
}

export function openStage({ storage, clock }: Stage, seed = 'after the sample'): Promise<Vault> {
  const random = seededRandom(seed)
  return openVault({ storage, unlock: rawKey(TEST_KEY), clock: clock.now, random })
}

type Rest = Partial<Omit<CrashScenario, 'name' | 'prepare'>>

const USUAL = {
  base: 'sample',
  answer: 'done',
  again: 'done',
  repetition: 'same bytes',
  sweepsOnTheWay: false,
} as const

function operation(
  name: string,
  run: (vault: Vault) => Promise<unknown>,
  rest: Rest = {},
): CrashScenario {
  return {
    ...USUAL,
    ...rest,
    name,
    prepare: async (stage) => {
      const vault = await openStage(stage)
      return () => run(vault)
    },
  }
}

/** After it happened, chance is another: two slots never have one id. */
function onSlots(name: string, run: (vault: Vault) => Promise<unknown>, rest: Rest): CrashScenario {
  return {
    ...USUAL,
    ...rest,
    name,
    prepare: async (stage) => {
      const slots = await stage.storage.scan({ ...SLOT_KEYS, limit: 10 })
      const vault = await openStage(stage, `after ${slots.map(({ key }) => key).join()}`)
      return () => run(vault)
    },
  }
}

/** Users, a role, a group and policies are there, also of the secret `db`. */
function onAccess(
  name: string,
  run: (vault: Vault) => Promise<unknown>,
  rest: Rest = {},
): CrashScenario {
  return {
    ...USUAL,
    ...rest,
    name,
    prepare: async (stage) => {
      const [list = null] = await stage.storage.read([ACCESS_LIST_KEY])
      if (list === null) await fillAccess(await openStage(stage), 'db')
      const vault = await openStage(stage)
      return () => run(vault)
    },
  }
}

/** The recovery window of `gone` has ended; for the second look, it was found so before. */
function whenDue(
  look: 'first' | 'second',
  name: string,
  run: (vault: Vault) => Promise<unknown>,
  rest: Rest = {},
): CrashScenario {
  return {
    ...USUAL,
    ...rest,
    name: `${name} when a secret is due, at the ${look} look`,
    prepare: async (stage) => {
      const vault = await openStage(stage)
      await fallDue(stage, look)
      return () => run(vault)
    },
  }
}

async function fallDue(stage: Stage, look: 'first' | 'second'): Promise<void> {
  stage.clock.advance(31 * DAY_MS)
  if (look === 'first') return
  await openStage(stage)
  stage.clock.advance(DELETION_LOOK_MS_MIN)
}

const creation: CrashScenario = {
  ...USUAL,
  base: 'empty',
  name: 'createVault',
  again: 'VAULT_EXISTS',
  prepare: ({ storage, clock }) => {
    const options = { storage, unlock: rawKey(TEST_KEY), clock: clock.now }
    return Promise.resolve(() => createVault({ ...options, random: seededRandom('created') }))
  },
}

function opening(look: 'first' | 'second'): CrashScenario {
  return {
    ...USUAL,
    name: `openVault when a secret is due, at the ${look} look`,
    sweepsOnTheWay: true,
    prepare: async (stage) => {
      await fallDue(stage, look)
      return () => openStage(stage)
    },
  }
}

const NEW_SECRET = {
  secretName: 'new',
  secretData: 'first',
  tags: [{ tagKey: 'k', tagValue: 'v' }],
}
const DB = { secretName: 'db' }
const APP = { secretName: 'db/app' }
const GONE = { secretName: 'gone' }
const MOVE = { ...APP, versionStage: 'ACSCurrent', moveToVersion: 'v4' }
const OLD_KEY = rawKey(TEST_KEY)
const NEW_KEY = rawKey(new Uint8Array(32).fill(7))
const FORCE = { forceDeleteWithoutRecovery: true }
const IN_WINDOW = 'SECRET_IN_DELETE_WINDOW'

export const CRASH_SCENARIOS: readonly CrashScenario[] = [
  creation,
  operation('createSecret', (vault) => vault.createSecret(NEW_SECRET), { again: 'SECRET_EXISTS' }),
  operation('putSecretValue', (vault) =>
    vault.putSecretValue({ ...DB, secretData: 'next', versionId: 'mine' }),
  ),
  operation('putSecretValue with eviction', (vault) =>
    vault.putSecretValue({ ...APP, secretData: 'next', versionId: 'mine' }),
  ),
  operation('putSecretValue with labels', (vault) =>
    vault.putSecretValue({
      ...DB,
      secretData: 'next',
      versionId: 'mine',
      versionStages: ['Blue', 'ACSCurrent'],
    }),
  ),
  operation(
    'putSecretValue with an automatic id',
    (vault) => vault.putSecretValue({ ...DB, secretData: 'next' }),
    { repetition: 'adds' },
  ),
  operation(
    'putSecretValue with an expectation',
    (vault) => vault.putSecretValue({ ...DB, secretData: 'next', expectedCurrentVersionId: 'v1' }),
    { again: 'VERSION_CONFLICT' },
  ),
  operation('a new label', (vault) =>
    vault.updateSecretVersionStage({ ...DB, versionStage: 'Blue', moveToVersion: 'v1' }),
  ),
  operation('a label that moves', (vault) => vault.updateSecretVersionStage(MOVE)),
  operation(
    'a label that goes',
    (vault) =>
      vault.updateSecretVersionStage({ ...APP, versionStage: 'Blue', removeFromVersion: 'v2' }),
    { again: 'INVALID_PARAMETER' },
  ),
  operation('disableVersion', (vault) => vault.disableVersion({ ...APP, versionId: 'v4' })),
  operation('enableVersion', (vault) => vault.enableVersion({ ...APP, versionId: 'v2' })),
  operation('destroyVersion', (vault) => vault.destroyVersion({ ...APP, versionId: 'v4' })),
  operation('updateSecret', (vault) => vault.updateSecret({ ...DB, description: 'new' })),
  operation('tagResource', (vault) =>
    vault.tagResource({ ...DB, tags: [{ tagKey: 'env', tagValue: 'test' }] }),
  ),
  operation('untagResource', (vault) => vault.untagResource({ ...DB, tagKeys: ['env'] })),
  operation('deleteSecret', (vault) => vault.deleteSecret(APP), { repetition: 'same state' }),
  operation(
    'deleteSecret with another date',
    (vault) => vault.deleteSecret({ ...GONE, recoveryWindowInDays: 7 }),
    { repetition: 'same state' },
  ),
  operation('deleteSecret at once', (vault) => vault.deleteSecret({ ...APP, ...FORCE }), {
    again: 'SECRET_NOT_FOUND',
  }),
  operation(
    'deleteSecret at once, of one that was scheduled',
    (vault) => vault.deleteSecret({ ...GONE, ...FORCE }),
    { again: 'SECRET_NOT_FOUND' },
  ),
  operation('restoreSecret', (vault) => vault.restoreSecret(GONE), {
    again: 'SECRET_NOT_SCHEDULED',
  }),
  operation('renameSecret', (vault) => vault.renameSecret({ ...APP, newSecretName: 'app' }), {
    again: 'SECRET_NOT_FOUND',
  }),
  onSlots(
    'addUnlockSlot',
    (vault) => vault.addUnlockSlot({ unlock: OLD_KEY, newUnlock: NEW_KEY, description: 'another' }),
    { again: 'INVALID_PARAMETER' },
  ),
  onSlots(
    'replaceUnlockSlot',
    (vault) => vault.replaceUnlockSlot({ unlock: OLD_KEY, newUnlock: OLD_KEY }),
    { repetition: 'same state' },
  ),
  onSlots(
    'removeUnlockSlot',
    async (vault) => {
      const { slots } = await vault.listUnlockSlots()
      const second = slots.find(({ description }) => description === SECOND_SLOT)
      return vault.removeUnlockSlot({ slotId: second?.slotId ?? '0'.repeat(32), unlock: OLD_KEY })
    },
    { again: 'KEY_NOT_FOUND' },
  ),
  operation(
    'updateVaultSettings',
    (vault) => vault.updateVaultSettings({ limits: { secretsMax: 50 } }),
    { repetition: 'same state' },
  ),
  ...ACCESS_CRASH_CHANGES.map(({ call, again }) =>
    onAccess(call.name, (vault) => callAccess(vault, call), { again }),
  ),
  onAccess('setSecretPolicy', (vault) => vault.setSecretPolicy({ ...DB, policy: SECRET_POLICY }), {
    repetition: 'same state',
  }),
  onAccess('setSecretPolicy that removes', (vault) =>
    vault.setSecretPolicy({ ...DB, policy: NO_STATEMENTS }),
  ),
  onAccess(
    'renameSecret of a secret with a policy',
    (vault) => vault.renameSecret({ ...DB, newSecretName: 'data' }),
    { again: 'SECRET_NOT_FOUND' },
  ),
  onAccess(
    'deleteSecret at once of a secret with a policy',
    (vault) => vault.deleteSecret({ ...DB, ...FORCE }),
    { again: 'SECRET_NOT_FOUND' },
  ),
  opening('first'),
  opening('second'),
  whenDue('first', 'listSecrets', (vault) => vault.listSecrets(), { sweepsOnTheWay: true }),
  whenDue('second', 'listSecrets', (vault) => vault.listSecrets(), { sweepsOnTheWay: true }),
  whenDue(
    'first',
    'createSecret of its name',
    (vault) => vault.createSecret({ ...GONE, secretData: 'first' }),
    { answer: IN_WINDOW, again: IN_WINDOW, sweepsOnTheWay: true },
  ),
  whenDue(
    'second',
    'createSecret of its name',
    (vault) => vault.createSecret({ ...GONE, secretData: 'first' }),
    { again: 'SECRET_EXISTS', sweepsOnTheWay: true, unswept: IN_WINDOW },
  ),
  whenDue('second', 'restoreSecret', (vault) => vault.restoreSecret(GONE), {
    again: 'SECRET_NOT_SCHEDULED',
  }),
  whenDue('first', 'deleteSecret at once', (vault) => vault.deleteSecret({ ...GONE, ...FORCE }), {
    again: 'SECRET_NOT_FOUND',
  }),
  whenDue(
    'second',
    'deleteSecret with another date',
    (vault) => vault.deleteSecret({ ...GONE, recoveryWindowInDays: 7 }),
    { repetition: 'same state' },
  ),
]
