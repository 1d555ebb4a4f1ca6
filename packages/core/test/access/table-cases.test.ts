import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { DecideCase, TableCase } from './case-types.js'
import { CASE_ACCOUNT_ID, CASE_REGION, wholeText } from './case-types.js'
import {
  KNOWN_ACTIONS,
  matchesByTable,
  matchesRecursively,
  referenceDecide,
  referenceFacts,
} from './reference-evaluator.js'
import type { ReferenceDecision } from './reference-evaluator.js'

const FILE = new URL('table-cases.json', import.meta.url)
const CASES = JSON.parse(readFileSync(FILE, 'utf8')) as readonly TableCase[]
const DECISIONS = CASES.filter((item) => item.kind === 'decide')

/** How many cases section 9 of the access specification asks for. */
const FAMILIES = {
  T1: 32,
  T2: 16,
  T3: 18,
  T4: 14,
  T5: 63,
  T6: 31,
  T7: 20,
  T8: 20,
  T9: 20,
  T10: 46,
  T11: 16,
  T12: 10,
}

/** The operations whose names differ from those of their actions by more than case. */
const RENAMED: Readonly<Record<string, string>> = {
  lookupEvents: 'actiontrail:LookupEvents',
  disableVersion: 'kms:DisableSecretVersion',
  enableVersion: 'kms:EnableSecretVersion',
  destroyVersion: 'kms:DestroySecretVersion',
}

function decideByReference(item: DecideCase): ReferenceDecision {
  const { principal, context, now, secret, operation, request, documents } = item
  const vaultAccountId = CASE_ACCOUNT_ID
  const sources = { vaultAccountId, principal, context, now, secret, operation, request }
  const { kind, name, accountId = vaultAccountId } = principal
  return referenceDecide(
    {
      action: item.action,
      resource: item.resource,
      principal: { kind, name, accountId },
      isDisabled: item.isDisabled,
      facts: referenceFacts(sources),
    },
    {
      secret: documents.secret === null ? null : JSON.stringify(documents.secret),
      identity: documents.identity.map(({ source, policyName, policy }) => {
        return { source, policyName, text: JSON.stringify(policy) }
      }),
    },
  )
}

describe('the table of cases', () => {
  it('has the cases that each family asks for, and no other family', () => {
    const families = Object.entries(FAMILIES).map(([family, atLeast]) => {
      const count = CASES.filter((item) => item.family === family).length
      return { family, isEnough: count >= atLeast }
    })
    expect(families.filter(({ isEnough }) => !isEnough)).toEqual([])
    expect(CASES.filter(({ family }) => !(family in FAMILIES))).toEqual([])
  })

  it('has ids and titles that tell its cases apart', () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length)
    const titles = new Set(CASES.map(({ family, title }) => `${family} ${title}`))
    expect(titles.size).toBe(CASES.length)
    for (const { id, family } of CASES) expect(id.startsWith(`${family}-`)).toBe(true)
  })

  it('holds documents that are JSON where they are accepted', () => {
    for (const item of CASES) {
      if (item.kind !== 'parse' || 'code' in item.expect) continue
      const text = wholeText(item.text)
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(32_768)
      expect(() => JSON.parse(text) as unknown).not.toThrow()
    }
  })

  it('has the action and the resource that belong to the operation', () => {
    for (const item of DECISIONS) {
      const { operation, vault } = item
      if (vault !== undefined) continue
      const byName = `kms:${operation.charAt(0).toUpperCase()}${operation.slice(1)}`
      expect([item.id, item.action]).toEqual([item.id, RENAMED[operation] ?? byName])
      expect(KNOWN_ACTIONS).toContain(item.action)
      expect([item.id, item.resource]).toEqual([item.id, resourceOf(item)])
    }
  })

  it('takes steps as principals that its vaults know', () => {
    for (const item of CASES) {
      if (item.kind !== 'scenario') continue
      const { users = [], roles = [], groups = [], policies = [] } = item.setup
      const identities = [...users, ...roles, ...groups]
      const attached = identities.flatMap((identity) => identity.policies)
      const names = policies.map(({ policyName }) => policyName)
      expect(attached.filter((name) => !names.includes(name))).toEqual([])
    }
  })
})

/** The ARN of the secret that a request names, or `*`. */
function resourceOf({ request }: DecideCase): string {
  const secretName = request['secretName']
  if (typeof secretName !== 'string') return '*'
  if (secretName.startsWith('acs:')) return secretName
  return `acs:kms:${CASE_REGION}:${CASE_ACCOUNT_ID}:secret/${secretName}`
}

describe('the reference evaluator', () => {
  it.each(DECISIONS)('agrees with $id: $title', (item) => {
    const { expect: decision, decidedBy } = item
    expect(decideByReference(item)).toEqual({ decision, decidedBy })
  })

  it('decides the same with documents and statements in any order', () => {
    for (const item of DECISIONS) {
      const identity = item.documents.identity.toReversed().map((document) => {
        const Statement = document.policy.Statement.toReversed()
        return { ...document, policy: { ...document.policy, Statement } }
      })
      const turned = { ...item, documents: { ...item.documents, identity } }
      expect(decideByReference(turned).decision).toBe(item.expect)
    }
  })
})

describe('the two matchers', () => {
  it('agree on all short patterns and texts', () => {
    const texts = wordsOf('ab', 5)
    for (const pattern of wordsOf('ab*?', 4)) {
      for (const text of texts) {
        const expected = matchesByTable(pattern, text)
        if (matchesRecursively(pattern, text) !== expected) expect([pattern, text]).toEqual([])
      }
    }
  })
})

/** All words over an alphabet, up to a length. */
function wordsOf(alphabet: string, charsMax: number): readonly string[] {
  const longest = charsMax === 0 ? [''] : wordsOf(alphabet, charsMax - 1)
  const longer = longest.flatMap((word) => Array.from(alphabet, (char) => word + char))
  return charsMax === 0 ? longest : [...new Set([...longest, ...longer])]
}
