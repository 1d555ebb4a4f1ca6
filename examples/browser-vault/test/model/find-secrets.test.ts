import { expect, it } from 'vitest'
import {
  SEARCH_ALL,
  countTags,
  filtersOf,
  findSecrets,
  foundWords,
} from '@stagevault/browser-vault/model/find-secrets'

const SECRETS = [
  { secretName: 'MyDbCreds', description: 'Die große Datenbank', tags: [tag('env', 'prod')] },
  { secretName: 'mail/smtp', description: '', tags: [tag('env', 'prod'), tag('mail', '')] },
  { secretName: 'Café', description: 'wifi', tags: [tag('env', 'test')] },
]

function tag(tagKey: string, tagValue: string): { tagKey: string; tagValue: string } {
  return { tagKey, tagValue }
}

function found(text: string, label: string | null = null): string[] {
  return findSecrets(SECRETS, { text, tag: label }).map(({ secretName }) => secretName)
}

it('shows everything until something is searched', () => {
  expect(findSecrets(SECRETS, SEARCH_ALL)).toEqual(SECRETS)
  expect(found('  ')).toHaveLength(3)
})

it('finds names, descriptions and tags, in any case and with any accents', () => {
  expect(found('dbcreds')).toEqual(['MyDbCreds'])
  expect(found('WIFI')).toEqual(['Café'])
  expect(found('cafe')).toEqual(['Café'])
  expect(found('mail')).toEqual(['mail/smtp'])
  expect(found('env = test')).toEqual(['Café'])
})

it('asks for every word', () => {
  expect(found('prod mail')).toEqual(['mail/smtp'])
  expect(found('prod wifi')).toEqual([])
})

it('takes what is searched as it is written', () => {
  expect(found('.*')).toEqual([])
  expect(found('/')).toEqual(['mail/smtp'])
})

it('shows only what has the tag', () => {
  expect(found('', 'env = prod')).toEqual(['MyDbCreds', 'mail/smtp'])
  expect(found('smtp', 'env = prod')).toEqual(['mail/smtp'])
  expect(found('', 'env')).toEqual([])
})

it('counts tags, those of most secrets first', () => {
  expect(countTags(SECRETS)).toEqual([
    { label: 'env = prod', count: 2 },
    { label: 'env = test', count: 1 },
    { label: 'mail', count: 1 },
  ])
  expect(countTags([])).toEqual([])
})

it('finds a tag as it was typed, with blanks around its sign or without', () => {
  for (const text of ['env=test', 'env = test', 'env =test', 'ENV=te']) {
    expect(found(text), text).toEqual(['Café'])
  }
  expect(found('mail=')).toEqual(['mail/smtp'])
})

it('takes a full-width letter and the narrow one for the same', () => {
  const secrets = [
    { secretName: 'wifi', description: 'ＰＩＮ １２３', tags: [] },
    { secretName: 'ﬁle', description: 'ｶﾞｽ', tags: [] },
  ]
  const names = (text: string): string[] =>
    findSecrets(secrets, { text, tag: null }).map(({ secretName }) => secretName)
  for (const text of ['ｗｉｆｉ', 'pin 123', 'ＷＩＦＩ'])
    expect(names(text), text).toEqual(['wifi'])
  for (const text of ['file', 'ガス']) expect(names(text), text).toEqual(['ﬁle'])
})

it('takes letters for the same that have one capital letter', () => {
  expect(found('grosse')).toEqual(['MyDbCreds'])
  const greek = [{ secretName: 'x', description: 'ΟΔΟΣ', tags: [] }]
  expect(findSecrets(greek, { text: 'οδος', tag: null })).toEqual(greek)
  expect(findSecrets(greek, { text: 'οδοσ', tag: null })).toEqual(greek)
})

it('says which filters there are, and what the search is without each', () => {
  expect(filtersOf({ text: '  ', tag: null })).toEqual([])
  expect(filtersOf({ text: ' wifi ', tag: 'env = prod' })).toEqual([
    { kind: 'text', words: 'wifi', without: { text: '', tag: 'env = prod' } },
    { kind: 'tag', words: 'env = prod', without: { text: ' wifi ', tag: null } },
  ])
})

it('says which filters together find no secret', () => {
  expect(foundWords(0, 0, SEARCH_ALL)).toBe('There are no secrets yet.')
  expect(foundWords(1, 1, SEARCH_ALL)).toBe('1 secret')
  expect(foundWords(3, 2, { text: 'a', tag: null })).toBe('2 of 3 secrets')
  expect(foundWords(3, 0, { text: 'wifi', tag: 'env = prod' })).toBe(
    'No secret has “wifi” and the tag env = prod.',
  )
})
