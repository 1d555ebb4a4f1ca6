/** Every file of vectors that is made by a program, and what is in it. */

import { ABOUT as ABOUT_CONTEXTS, contextDrafts } from './context-vectors.js'
import { completeFile } from './draft-case.js'
import { ABOUT as ABOUT_ENVELOPE, envelopeDrafts } from './envelope-vectors.js'
import { ABOUT as ABOUT_KEYS, keyDrafts } from './key-vectors.js'
import { ABOUT as ABOUT_RECORDS, recordDrafts } from './record-vectors.js'
import { accessVaultFile, vaultFile } from './vault-vectors.js'
import type { VectorFile } from './vector-file.js'

export const VECTOR_FILES: Readonly<Record<string, () => Promise<VectorFile>>> = {
  'contexts.json': () => completeFile(ABOUT_CONTEXTS, contextDrafts()),
  'key-derivation.json': () => completeFile(ABOUT_KEYS, keyDrafts()),
  'envelope.json': () => completeFile(ABOUT_ENVELOPE, envelopeDrafts()),
  'records.json': () => completeFile(ABOUT_RECORDS, recordDrafts()),
  'vault.json': () => vaultFile(1),
  'vault-aes-256-gcm.json': () => vaultFile(2),
  'vault-access.json': () => accessVaultFile(),
}
