/** The documents of the format and the vectors next to them, as they stand in the repository. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { VaultFile } from '../../tools/perform-vault.js'
import type { VectorCase, VectorFile } from '../../tools/vector-file.js'

const FORMAT = new URL('../../format/', import.meta.url)

export function formatPath(path: string): string {
  return fileURLToPath(new URL(path, FORMAT))
}

export function readFormatFile(path: string): string {
  return readFileSync(new URL(path, FORMAT), 'utf8')
}

export function readVectors(name: string): VectorFile {
  return JSON.parse(readFormatFile(`vectors/${name}`)) as VectorFile
}

export function readVaultFile(name: string): VaultFile {
  return JSON.parse(readFormatFile(`vectors/${name}`)) as VaultFile
}

/** Files whose cases stand for themselves; those of a vault need its records. */
export const PLAIN_FILES = [
  'contexts.json',
  'key-derivation.json',
  'envelope.json',
  'records.json',
] as const

export const VAULT_FILES = ['vault.json', 'vault-aes-256-gcm.json', 'vault-access.json'] as const

/** @throws Error where the file has no such case */
export function caseNamed(file: string, name: string): VectorCase {
  const found = readVectors(file).cases.find((each) => each.name === name)
  if (found === undefined) throw new Error(`${file} has no case ${name}`)
  return found
}
