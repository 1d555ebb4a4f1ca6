/**
 * A map of bounded size. When it reaches twice `min` entries, or twice that weight, it drops the
 * half used least recently as a whole. Dropping single oldest entries would be slower: JavaScript
 * maps scan past the slots of deleted entries to find the oldest.
 */
export interface RecentMap<K, V> {
  /** Counts as a use. */
  get(key: K): V | undefined
  /** Does not count as a use. */
  peek(key: K): V | undefined
  set(key: K, value: V): void
  /** Whether one more entry fits without dropping others; only for maps whose entries weigh 1. */
  hasRoom(): boolean
  delete(key: K): void
  clear(): void
}

/**
 * @param min - how many entries, or how much weight, the map keeps at least
 * @param weigh - returns the weight of an entry
 * @param onForgotten - called with every value that the map no longer holds
 */
export function createRecentMap<K, V>(
  min: number,
  weigh: (value: V) => number = () => 1,
  onForgotten: ((value: V) => void) | null = null,
): RecentMap<K, V> {
  let recent = new Map<K, V>()
  let earlier = new Map<K, V>()
  let weight = 0

  const peek = (key: K): V | undefined => recent.get(key) ?? earlier.get(key)

  function remove(key: K): void {
    const value = recent.get(key)
    if (value === undefined) return
    weight -= weigh(value)
    recent.delete(key)
  }

  /** Entries that were used since then are also in the recent half. */
  function forgetEarlier(kept: ReadonlyMap<K, V>): void {
    if (onForgotten === null) return
    for (const [key, value] of earlier) if (kept.get(key) !== value) onForgotten(value)
  }

  function set(key: K, value: V): void {
    const before = peek(key)
    if (before !== undefined && before !== value) onForgotten?.(before)
    remove(key)
    recent.set(key, value)
    weight += weigh(value)
    if (weight < min) return
    forgetEarlier(recent)
    earlier = recent
    recent = new Map()
    weight = 0
  }

  return {
    get: (key) => {
      const value = recent.get(key)
      if (value !== undefined) return value
      const before = earlier.get(key)
      if (before !== undefined) set(key, before)
      return before
    },
    peek,
    set,
    hasRoom: () => recent.size + earlier.size < min - 1,
    delete: (key) => {
      const before = peek(key)
      if (before !== undefined) onForgotten?.(before)
      remove(key)
      earlier.delete(key)
    },
    clear: () => {
      forgetEarlier(recent)
      if (onForgotten !== null) for (const value of recent.values()) onForgotten(value)
      recent.clear()
      earlier.clear()
      weight = 0
    },
  }
}
