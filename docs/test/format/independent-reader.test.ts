/**
 * docs/format/reader/read_vault.py was written from the documents alone. Where it reads what the
 * library wrote, the documents say what the library does (goal F23).
 */
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { objectOf } from '../../tools/case-input.js'
import { VAULT_FILES, formatPath, readVaultFile } from '../support/format-files.js'

const READER = formatPath('reader/read_vault.py')
const hasPython = spawnSync('python3', ['--version']).status === 0

if (!hasPython) console.info('Skipped: the independent reader needs python3, which is not here.')

/** The reader's answer: what it prints, or the code that it ends with. */
function read(path: string, ...key: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync('python3', [READER, path, ...key], {
    encoding: 'utf8',
  })
  if (status === 0) return JSON.parse(stdout)
  return /^([A-Z_]+): /.exec(stderr)?.[1] ?? stderr
}

/** What comes of reading each of these stores, in one process: `ok` or a code. */
function readAll(stores: readonly object[], rawKey: string): readonly string[] {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
from read_vault import Vault, VaultError
def read(records):
    try:
        records = {key: bytes.fromhex(record) for key, record in records.items()}
        Vault(records, bytes.fromhex(sys.argv[2]), None).content()
        return 'ok'
    except VaultError as error:
        return error.code
print(json.dumps([read(records) for records in json.load(sys.stdin)]))`
  const { stdout, stderr } = spawnSync('python3', ['-c', program, dirname(READER), rawKey], {
    encoding: 'utf8',
    input: JSON.stringify(stores),
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as string[]
}

function rawKeyOf(name: string): readonly string[] {
  return ['--raw-key', readVaultFile(name).rawKey]
}

describe.skipIf(!hasPython)('the reader in Python', () => {
  it.each(VAULT_FILES)('reads %s with the raw key', (name) => {
    const found = read(formatPath(`vectors/${name}`), ...rawKeyOf(name))
    expect(found).toEqual(readVaultFile(name).content)
  })

  it('reads with the passphrase, composed or not', () => {
    const { passphrase, content } = readVaultFile('vault.json')
    const path = formatPath('vectors/vault.json')
    expect(read(path, '--passphrase', passphrase)).toEqual(content)
    expect(read(path, '--passphrase', passphrase.normalize('NFD'))).toEqual(content)
  })

  it('refuses another key', () => {
    const path = formatPath('vectors/vault.json')
    expect(read(path, '--raw-key', '00'.repeat(32))).toBe('UNLOCK_FAILED')
    expect(read(path, '--passphrase', 'correct')).toBe('UNLOCK_FAILED')
  })

  // It reads a whole vault, so it meets faults that a single read would not.
  it('finds the faults of vault.json, and no others', () => {
    const file = readVaultFile('vault.json')
    const faults = file.cases.flatMap(({ operation, input, ...fault }) =>
      input['changes'] === undefined || operation === 'get' || 'unlock' in input
        ? []
        : [{ ...fault, changes: objectOf(input, 'changes') }],
    )
    expect(faults.length).toBeGreaterThan(20)
    const stores = faults.map(({ changes }) => {
      const records = Object.entries({ ...file.records, ...changes })
      return Object.fromEntries(records.filter(([, record]) => record !== null))
    })
    const found = readAll(stores, file.rawKey)
    for (const [i, { name, expect: code, output }] of faults.entries()) {
      const problems = (output?.['problems'] ?? []) as readonly { readonly code: string }[]
      const codes = code === 'ok' ? problems.map((problem) => problem.code) : [code]
      expect(codes.length === 0 ? ['ok'] : codes, name).toContain(found[i])
    }
  })
})
