/** Resources in policies: `*`, or an ARN whose parts may hold wildcards (PDOC-4). */

import type { ResourcePattern } from './policy.js'
import { invalidPolicy } from './policy-json.js'
import type { Budget } from './wildcards.js'
import { compilePattern, matchesPattern } from './wildcards.js'

const RESOURCE_CHARS_MAX = 256
const STARS_MAX = 8

/** The four parts after `acs:` of an ARN. */
export interface ArnParts {
  readonly service: string
  readonly region: string
  readonly accountId: string
  readonly relative: string
}

/**
 * Compiles a statement's resources, each given with its place.
 *
 * @returns `null` if one of them is `*`
 * @throws {@link VaultError} `INVALID_PARAMETER`
 */
export function readResources(
  texts: readonly (readonly [text: string, place: string])[],
): readonly ResourcePattern[] | null {
  const patterns: ResourcePattern[] = []
  let hasStar = false
  for (const [text, place] of texts) {
    if (text === '*') hasStar = true
    else patterns.push(readResource(text, place))
  }
  return hasStar ? null : patterns
}

/** Whether an ARN matches; a wildcard matches within its part, and in the last part also `/`. */
export function matchesResource(pattern: ResourcePattern, arn: ArnParts, budget: Budget): boolean {
  return (
    matchesPattern(pattern.relative, arn.relative, budget) &&
    matchesPattern(pattern.service, arn.service, budget) &&
    matchesPattern(pattern.region, arn.region, budget) &&
    matchesPattern(pattern.accountId, arn.accountId, budget)
  )
}

function readResource(text: string, place: string): ResourcePattern {
  if (text.length > RESOURCE_CHARS_MAX) {
    throw invalidPolicy(place, `more than ${String(RESOURCE_CHARS_MAX)} characters`)
  }
  if (text.split('*').length - 1 > STARS_MAX) {
    throw invalidPolicy(place, `more than ${String(STARS_MAX)} stars`)
  }
  const parts = splitArn(text)
  if (parts === null || Object.values(parts).includes('')) {
    throw invalidPolicy(place, 'must be "*" or acs:<service>:<region>:<account>:<resource>')
  }
  return {
    service: compilePattern(parts.service),
    region: compilePattern(parts.region),
    accountId: compilePattern(parts.accountId),
    relative: compilePattern(parts.relative),
  }
}

/** The parts of an ARN; `null` for what does not begin with `acs:` or has fewer parts. */
export function splitArn(arn: string): ArnParts | null {
  const service = arn.indexOf(':') + 1
  const region = arn.indexOf(':', service) + 1
  const accountId = region > 0 ? arn.indexOf(':', region) + 1 : 0
  const relative = accountId > 0 ? arn.indexOf(':', accountId) + 1 : 0
  if (relative === 0 || arn.slice(0, service) !== 'acs:') return null
  return {
    service: arn.slice(service, region - 1),
    region: arn.slice(region, accountId - 1),
    accountId: arn.slice(accountId, relative - 1),
    relative: arn.slice(relative),
  }
}
