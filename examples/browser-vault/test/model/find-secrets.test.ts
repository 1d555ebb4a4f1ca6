import { expect, it } from 'vitest'
import { SEARCH_ALL, countTags, findSecrets } from '@stagevault/browser-vault/model/find-secrets'

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

it('finds names, descriptions and tags, whatever their case and accents', () => {
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
