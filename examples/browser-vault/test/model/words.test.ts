import { StorageError, VaultError } from 'stagevault'
import { expect, it } from 'vitest'
import { Refusal, problemWords } from '@stagevault/browser-vault/model/problem-words'
import { createSessionEvictions } from '@stagevault/browser-vault/model/session-evictions'

it('says what a person can do about a failure', () => {
  expect(problemWords(new VaultError('UNLOCK_FAILED', 'x'))).toMatch(/does not open/)
  expect(problemWords(new StorageError('STORAGE_FULL', 'x'))).toMatch(/no room/)
})

it('says that records were damaged, and how the vault calls it', () => {
  expect(problemWords(new VaultError('DECRYPTION_FAILED', 'x'))).toMatch(
    /damaged.*DECRYPTION_FAILED/,
  )
})

it('passes on what the vault says of a bad request', () => {
  expect(problemWords(new VaultError('INVALID_PARAMETER', 'a name must not be empty'))).toBe(
    'A name must not be empty.',
  )
})

it('calls what was typed by the name that it has in the form', () => {
  const of = (message: string): string => problemWords(new VaultError('INVALID_PARAMETER', message))
  expect(of('secretName must have 1 to 192 characters; got 256')).toBe(
    'The name must have 1 to 192 characters; got 256.',
  )
  expect(of('tagKey must have at most 128 characters')).toMatch(/^The key of a tag must/)
})

it('says what the page itself refuses', () => {
  expect(problemWords(new Refusal('Not so.'))).toBe('Not so.')
})

it('says that the browser keeps the clipboard to itself', () => {
  expect(problemWords(new DOMException('x', 'NotAllowedError'))).toMatch(/clipboard/)
})

it('says nothing of what it does not know', () => {
  const words = problemWords(new Error('canary'))
  expect(words).not.toContain('canary')
  expect(problemWords('canary')).toBe(words)
})

it('remembers the last evictions of each secret, under its name of now', () => {
  const evictions = createSessionEvictions()
  for (let i = 1; i <= 6; i++) {
    evictions.note({ type: 'secret.version.evicted', secretName: 'a', versionId: `v${i}` })
  }
  const created = { type: 'secret.version.created', versionId: 'v7', versionStages: [] } as const
  evictions.note({ ...created, secretName: 'a' })
  expect(evictions.of('a')).toEqual(['v3', 'v4', 'v5', 'v6'])
  expect(evictions.of('b')).toEqual([])
  evictions.note({ type: 'secret.renamed', secretName: 'b', formerSecretName: 'a' })
  expect(evictions.of('a')).toEqual([])
  expect(evictions.of('b')).toEqual(['v3', 'v4', 'v5', 'v6'])
  evictions.note({ type: 'secret.deleted', secretName: 'b' })
  expect(evictions.of('b')).toEqual([])
})
