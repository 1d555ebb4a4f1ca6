/**
 * Wildcards, twice: `*` is any number of UTF-16 units, `?` is one, and there is no escape. Neither
 * function is fast. The recursive one takes exponential time for many stars: keep texts short.
 */

/** The definition of a wildcard pattern, as a recursion over both texts. */
export function matchesRecursively(pattern: string, text: string): boolean {
  if (pattern === '') return text === ''
  const rest = pattern.slice(1)
  if (pattern.startsWith('*')) {
    if (matchesRecursively(rest, text)) return true
    return text !== '' && matchesRecursively(pattern, text.slice(1))
  }
  if (text === '') return false
  const isSame = pattern.startsWith('?') || text.startsWith(pattern.charAt(0))
  return isSame && matchesRecursively(rest, text.slice(1))
}

/** The same by dynamic programming, in `pattern.length` times `text.length` steps. */
export function matchesByTable(pattern: string, text: string): boolean {
  // row[j]: whether the pattern so far matches the first j units of the text.
  let row: readonly boolean[] = Array.from({ length: text.length + 1 }, (_, j) => j === 0)
  for (let i = 0; i < pattern.length; i++) {
    const unit = pattern.charAt(i)
    const next: boolean[] = [unit === '*' && row[0] === true]
    for (let j = 1; j <= text.length; j++) {
      const isSame = unit === '?' || unit === text.charAt(j - 1)
      const matches = unit === '*' ? next[j - 1] === true || row[j] : isSame && row[j - 1]
      next.push(matches === true)
    }
    row = next
  }
  return row[text.length] === true
}

/** `A` to `Z` as `a` to `z`, and nothing else: `toLowerCase` maps the Kelvin sign to `k`. */
export function lowerAscii(text: string): string {
  let lower = ''
  for (let i = 0; i < text.length; i++) {
    const unit = text.charAt(i)
    lower += unit >= 'A' && unit <= 'Z' ? String.fromCharCode(unit.charCodeAt(0) + 32) : unit
  }
  return lower
}

/** Services of which there are operations here; patterns of others match nothing. */
const SERVICES: readonly string[] = ['kms', 'actiontrail']

/** Whether an action pattern of a policy matches an action; ASCII case does not count. */
export function matchesAction(pattern: string, action: string): boolean {
  if (pattern === '*') return true
  const [service, name] = splitOnce(lowerAscii(pattern))
  const [actionService, actionName] = splitOnce(lowerAscii(action))
  if (!SERVICES.includes(service) || service !== actionService) return false
  return matchesRecursively(name, actionName)
}

function splitOnce(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text, ''] : [text.slice(0, colon), text.slice(colon + 1)]
}

/** Whether a resource pattern matches a resource: part by part, so that no star spans a colon. */
export function matchesResource(pattern: string, resource: string): boolean {
  if (pattern === '*') return true
  const wanted = arnParts(pattern)
  const given = arnParts(resource)
  if (wanted === null || given === null) return false
  return wanted.every((part, i) => matchesRecursively(part, given[i] ?? ''))
}

/** `acs`, service, region, account and the rest, which may hold colons; or `null`. */
function arnParts(text: string): readonly string[] | null {
  const parts = text.split(':')
  if (parts.length < 5) return null
  return [...parts.slice(0, 4), parts.slice(4).join(':')]
}
