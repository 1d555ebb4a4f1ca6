/** What the page may ask of the main process, and what it gets. Both sides are typed against it. */

import type { VaultStatus } from './vault-keeper.js'

/** Stands as `window.vault` in the page. Only `readSecret` gives a value, and one at a time. */
export interface Bridge {
  status(): Promise<Reply<VaultStatus>>
  createVault(passphrase: string): Promise<Reply<VaultStatus>>
  /** By the keychain. */
  unlock(): Promise<Reply<VaultStatus>>
  unlockWithPassphrase(passphrase: string): Promise<Reply<VaultStatus>>
  lock(): Promise<Reply<VaultStatus>>
  /** A page of names in their order; `nextToken` of the page before, `null` for the first. */
  listSecrets(nextToken: string | null): Promise<Reply<SecretList>>
  readSecret(secretName: string): Promise<Reply<SecretText>>
  /** Makes the secret, or stores a new version of the one that is there. */
  storeSecret(secretName: string, text: string): Promise<Reply<StoredVersion>>
  /** Calls `listener` whenever the vault is locked or unlocked, until the page is closed. */
  onStatusChanged(listener: (status: VaultStatus) => void): void
}

/** A failure is an answer: Electron hands on nothing of an error but its message. */
export type Reply<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string }

export interface SecretList {
  readonly secrets: readonly SecretRow[]
  readonly nextToken: string | null
}

export interface SecretRow {
  readonly secretName: string
  /** Milliseconds since 1970. */
  readonly updateTime: number
}

export interface SecretText {
  /** `null` for a value that is no text. */
  readonly text: string | null
  readonly versionId: string
}

export interface StoredVersion {
  readonly versionId: string
}

export type Operation = Exclude<keyof Bridge, 'onStatusChanged'>
export type Input<K extends Operation> = Parameters<Bridge[K]>
export type Output<K extends Operation> =
  Awaited<ReturnType<Bridge[K]>> extends Reply<infer T> ? T : never

/** One channel for each operation; the preload script spells them out again, under these types. */
export const CHANNELS = {
  status: 'vault:status',
  createVault: 'vault:create',
  unlock: 'vault:unlock',
  unlockWithPassphrase: 'vault:unlock-with-passphrase',
  lock: 'vault:lock',
  listSecrets: 'secrets:list',
  readSecret: 'secrets:read',
  storeSecret: 'secrets:store',
} as const

export type Channels = typeof CHANNELS

/** From the main process to the page. */
export const STATUS_CHANNEL = 'vault:status-changed'
export type StatusChannel = typeof STATUS_CHANNEL

export const OPERATIONS = Object.keys(CHANNELS) as readonly Operation[]

// Far above what the vault takes: it has the rules, this keeps it from having to read megabytes.
const TEXT_CHARS_MAX = 65_536

/** Arguments that are not those of the operation. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code = 'INVALID_REQUEST'
}

type Check = (value: unknown) => boolean

const isText: Check = (value) => typeof value === 'string' && value.length <= TEXT_CHARS_MAX
const isTextOrNull: Check = (value) => value === null || isText(value)

const ARGUMENTS: Readonly<Record<Operation, readonly Check[]>> = {
  status: [],
  createVault: [isText],
  unlock: [],
  unlockWithPassphrase: [isText],
  lock: [],
  listSecrets: [isTextOrNull],
  readSecret: [isText],
  storeSecret: [isText, isText],
}

/**
 * What came from the page as the arguments of an operation. The page is not trusted: types say
 * nothing about what arrives.
 *
 * @throws {@link RequestError} which quotes nothing of it
 */
export function parseInput<K extends Operation>(operation: K, input: readonly unknown[]): Input<K> {
  const checks = ARGUMENTS[operation]
  if (input.length !== checks.length || !checks.every((check, i) => check(input[i]))) {
    throw new RequestError(`these are not the arguments of ${operation}`)
  }
  return input as Input<K>
}

/** A frame of a page, as Electron has it. */
export interface Frame {
  readonly url: string
  readonly parent: unknown
}

/** Whether a message comes from our page itself: not from a frame in it, nor from another page. */
export function isPageFrame(frame: Frame | null, pageAddress: string): boolean {
  return frame !== null && frame.parent === null && frame.url === pageAddress
}
