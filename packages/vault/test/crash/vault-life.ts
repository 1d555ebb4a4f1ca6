/**
 * A short life of a vault, as data: so that a child on a broken disk lives it as far as it can, and
 * the test knows what there must be at every point of it, finds it, and lives the rest.
 */

import type { Vault } from 'stagevault'
import { createVault, openVault, rawKey } from 'stagevault'
import type { StorageAdapter } from '@stagevault/storage'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { toHex } from '../primitives/implementations.js'
import { codeOf } from '../support/failures.js'
import { START_TIME } from '../support/test-clock.js'
import { TEST_KEY } from '../support/test-vault.js'
import { stateOf } from '../support/vault-state.js'

/** Anything that can be repeated: puts have version ids of their own. */
export interface Call {
  readonly operation:
    | 'createSecret'
    | 'putSecretValue'
    | 'updateSecretVersionStage'
    | 'updateSecret'
    | 'tagResource'
    | 'deleteSecret'
  readonly request: Readonly<Record<string, unknown>>
  /** The length that `secretData` is padded to. */
  readonly bytes?: number
}

/** Calls that are made at once, or closing and opening again. */
export type Step = readonly Call[] | 'reopen'

const A = { secretName: 'a' }
const put = (versionId: string, secretName = 'a', bytes = 0): Call => ({
  operation: 'putSecretValue',
  request: { secretName, secretData: `value of ${versionId}`, versionId },
  bytes,
})
const create = (secretName: string, bytes: number): Call => ({
  operation: 'createSecret',
  request: { secretName, secretData: secretName },
  bytes,
})
const moveTo = (moveToVersion: string): Call => ({
  operation: 'updateSecretVersionStage',
  request: { ...A, versionStage: 'ACSCurrent', moveToVersion },
})
const describe = (description: string): Call => ({
  operation: 'updateSecret',
  request: { ...A, description },
})

const LARGE = Array.from({ length: 9 }, (_, i) => `large/${String(i)}`)
/** Four of these are more than LevelDB keeps in one log. */
const putLarge = (versionId: string): Step => LARGE.map((name) => put(versionId, name, 120_000))

export const LIFE: readonly Step[] = [
  [create('a', 20)],
  [put('second')],
  [put('third')],
  [moveTo('v1')],
  [describe('old')],
  [create('b', 20)],
  [{ operation: 'deleteSecret', request: { secretName: 'b', forceDeleteWithoutRecovery: true } }],
  'reopen',
  [put('fourth')],
  [{ operation: 'tagResource', request: { ...A, tags: [{ tagKey: 'k', tagValue: 'v' }] } }],
  LARGE.map((name) => create(name, 120_000)),
  putLarge('2nd'),
  putLarge('3rd'),
  putLarge('4th'),
  [put('fifth')],
  [put('sixth')],
  [moveTo('third')],
  [describe('new')],
  'reopen',
  [put('seventh')],
]

/** The steps that are one commit each. */
export const SMALL_LIFE: readonly (readonly Call[])[] = LIFE.filter(
  (step) => step !== 'reopen',
).filter(({ length }) => length === 1)

const OPTIONS = {
  unlock: rawKey(TEST_KEY),
  clock: (): number => START_TIME,
}

/** By default chance has a say in the account, and it is in every ARN. */
const CREATION = {
  accountId: 'life',
  limits: { secretValueBytesMax: 120_000, versionsMax: 5 },
}

/** All that a child needs, as JSON. */
export const LIFE_AS_TEXT: string = JSON.stringify({
  steps: LIFE,
  key: toHex(TEST_KEY),
  time: START_TIME,
  creation: CREATION,
})

export function createLife(storage: StorageAdapter): Promise<Vault> {
  return createVault({ ...OPTIONS, ...CREATION, storage })
}

export function openLife(storage: StorageAdapter): Promise<Vault> {
  return openVault({ ...OPTIONS, storage })
}

/** What a child tells when it has come to the end, or to the first failure. */
export interface LifeReport {
  readonly home: string
  /** Why there is no vault to go on with, at the beginning or when it was opened again. */
  readonly notOpened?: { readonly by: string; readonly code: string }
  /** The steps that were acknowledged. */
  readonly steps: number
  /** `done` or a code, for each call of the step after them. */
  readonly answers: readonly string[]
  /** The codes of further calls. */
  readonly later: readonly string[]
  /** Whether reading went on, and `verify` found nothing. */
  readonly stillReads: boolean
}

/** What a vault says of its secrets. Ids of keys come from chance. */
export async function lifeState(vault: Vault): Promise<string> {
  return (await stateOf(vault)).replace(/"encryptionKeyId":"\w+"/g, '')
}

/** The state before each step, and after the last. */
export async function referenceStates(life: readonly Step[] = LIFE): Promise<string[]> {
  const vault = await createLife(createMemoryStorage())
  const states = [await lifeState(vault)]
  for (const step of life) {
    await performStep(vault, step)
    states.push(await lifeState(vault))
  }
  return states
}

export async function performStep(vault: Vault, step: Step): Promise<void> {
  if (step !== 'reopen') await Promise.all(step.map((call) => perform(vault, call)))
}

export async function isThere(vault: Vault, { request, bytes = 0 }: Call): Promise<boolean> {
  const secretName = String(request['secretName'])
  const { secretData } = await vault.getSecretValue({ secretName })
  return secretData === String(request['secretData']).padEnd(bytes, '.')
}

/** Goes on after so many steps; some of what comes next may have happened already. */
export async function liveOn(
  storage: StorageAdapter,
  steps: number,
  life: readonly Step[] = LIFE,
): Promise<void> {
  const vault = await openOrCreate(storage)
  for (const step of life.slice(steps)) {
    if (step !== 'reopen') await Promise.all(step.map((call) => repeat(vault, call)))
  }
  await vault.close()
}

async function openOrCreate(storage: StorageAdapter): Promise<Vault> {
  try {
    return await openLife(storage)
  } catch (error) {
    if (!(error instanceof Error) || codeOf(error) !== 'VAULT_MISSING') throw error
    return createLife(storage)
  }
}

/** What a repetition is refused with where the call had happened. */
const HAPPENED: Readonly<Record<string, string>> = {
  createSecret: 'SECRET_EXISTS',
  deleteSecret: 'SECRET_NOT_FOUND',
}

async function repeat(vault: Vault, call: Call): Promise<void> {
  try {
    await perform(vault, call)
  } catch (error) {
    if (!(error instanceof Error) || codeOf(error) !== HAPPENED[call.operation]) throw error
  }
}

function perform(vault: Vault, { operation, request, bytes = 0 }: Call): Promise<unknown> {
  const { secretData } = request
  const value = typeof secretData === 'string' ? { secretData: secretData.padEnd(bytes, '.') } : {}
  // The requests above are right; the compiler sees only that they are records.
  return vault[operation]({ ...request, ...value } as never)
}
