import { COMMITTER_MUTANTS } from './committer-mutants.js'
import { CORE_MUTANTS } from './core-mutants.js'
import type { Mutant } from './mutant.js'
import { STORAGE_MUTANTS } from './storage-mutants.js'
import { VAULT_MUTANTS } from './vault-mutants.js'

export const MUTANTS: readonly Mutant[] = [
  ...CORE_MUTANTS,
  ...VAULT_MUTANTS,
  ...STORAGE_MUTANTS,
  ...COMMITTER_MUTANTS,
]
