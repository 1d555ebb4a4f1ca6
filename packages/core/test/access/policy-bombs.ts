/** Policies that are made to take long, each with the fact that makes them. */

export interface PolicyBomb {
  readonly title: string
  readonly document: { readonly Version: '1'; readonly Statement: readonly object[] }
  /** What every condition key holds. */
  readonly fact: string
  readonly expected: {
    readonly decision: 'Allow' | 'ExplicitDeny' | 'ImplicitDeny'
    readonly reason: 'disabled' | 'budget' | null
  }
}

const ALLOW = { Effect: 'Allow', Action: 'kms:GetSecretValue' }
const ALLOWED = { decision: 'Allow', reason: null } as const
const DENIED = { decision: 'ImplicitDeny', reason: null } as const
const OVER_BUDGET = { decision: 'ExplicitDeny', reason: 'budget' } as const

function allowIf(patterns: readonly string[]): object {
  return { ...ALLOW, Resource: '*', Condition: { StringLike: { 'app:text': patterns } } }
}

export const BOMBS: readonly PolicyBomb[] = [
  {
    title: '32 KB of stars mean one star',
    document: { Version: '1', Statement: [allowIf(['*'.repeat(32_000)])] },
    fact: 'a'.repeat(256),
    expected: ALLOWED,
  },
  {
    title: 'a pattern of 32 KB with thousands of stars fails at once on a short text',
    document: { Version: '1', Statement: [allowIf(['*a'.repeat(15_000)])] },
    fact: 'b'.repeat(256),
    expected: DENIED,
  },
  {
    title: '20 patterns that match all but the last character use up the budget',
    document: {
      Version: '1',
      Statement: Array.from({ length: 20 }, () =>
        allowIf([`${'*a'.repeat(100)}${'a'.repeat(400)}b`]),
      ),
    },
    fact: 'a'.repeat(4_000),
    expected: OVER_BUDGET,
  },
  {
    title: '100 statements of resources with eight stars each',
    document: {
      Version: '1',
      Statement: Array.from({ length: 100 }, () => ({
        ...ALLOW,
        Resource: `acs:kms:*:*:secret/${'*a'.repeat(6)}b`,
      })),
    },
    fact: '',
    expected: DENIED,
  },
  {
    title: '100 statements of two conditions, all met but the last',
    document: {
      Version: '1',
      Statement: Array.from({ length: 100 }, (_, i) => ({
        ...ALLOW,
        Resource: '*',
        Condition: {
          StringLike: { 'app:text': ['x*', '*y*', '?????'] },
          StringEquals: { 'app:other': i === 99 ? 'abcde' : 'other' },
        },
      })),
    },
    fact: 'abcde',
    expected: ALLOWED,
  },
]
