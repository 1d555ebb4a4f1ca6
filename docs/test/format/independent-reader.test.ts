/**
 * docs/format/reader/read_vault.py was written from the documents alone. Where it reads what the
 * library wrote, the documents say what the library does (goal F23).
 */
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { objectOf } from '../../tools/case-input.js'
import { VAULT_FILES, formatPath, readVaultFile, readVectors } from '../support/format-files.js'

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

/** What comes of reading each record in the place that its case names: the fields or a code. */
function readRecords(cases: readonly object[]): readonly unknown[] {
  const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
import access
from read_vault import Vault, VaultError
def read(case):
    given, kind = case['input'], case['operation'][5:]
    vault = Vault.__new__(Vault)
    vault.vault_id = bytes.fromhex(given['vaultId'])
    vault.mac_key = vault.subkey(bytes.fromhex(given['rootKey']), 'record mac')
    record = bytes.fromhex(given['record'])
    try:
        if kind == 'access-root':
            generation, tag = access.read_root(vault.authentic(b'SVAE', 'vault!access', record))
            return {'generation': generation, 'listTag': tag.hex()}
        if kind == 'access-list':
            rows = access.read_list(vault.authentic(b'SVAL', 'access!list', record))
            return {'records': [{'key': key, 'tag': tag.hex()} for key, tag in rows]}
        if kind == 'access-record':
            key = given['storageKey']
            found = access.read_record(key, vault.authentic(b'SVAC', key, record))
            return {name: found[name] for name in found if name != 'name'}
        key = f"policy!{given['secretId']}!{given['generation']:012x}"
        return {'document': access.read_document(vault.authentic(b'SVPO', key, record))}
    except VaultError as error:
        return error.code
print(json.dumps([read(case) for case in json.load(sys.stdin)]))`
  const { stdout, stderr } = spawnSync('python3', ['-c', program, dirname(READER)], {
    encoding: 'utf8',
    input: JSON.stringify(cases),
  })
  expect(stderr).toBe('')
  return JSON.parse(stdout) as unknown[]
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

  it('reads the access records and policies of records.json, and refuses the damaged ones', () => {
    const cases = readVectors('records.json').cases.filter(({ operation }) =>
      /^open-(access-|secret-policy)/.test(operation),
    )
    expect(cases.length).toBeGreaterThan(90)
    const found = readRecords(cases)
    for (const [i, { name, expect: code, output }] of cases.entries()) {
      expect(found[i], name).toEqual(output ?? code)
    }
  })

  // It reads a whole vault, so it meets faults that a single read would not.
  it.each(['vault.json', 'vault-access.json'])('finds the faults of %s, and no others', (name) => {
    const file = readVaultFile(name)
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
    for (const [i, { name: what, expect: code, output }] of faults.entries()) {
      const problems = (output?.['problems'] ?? []) as readonly { readonly code: string }[]
      const codes = code === 'ok' ? problems.map((problem) => problem.code) : [code]
      expect(codes.length === 0 ? ['ok'] : codes, what).toContain(found[i])
    }
  })
})
