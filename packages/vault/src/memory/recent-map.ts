/**
 * A map of bounded size: at twice `min` entries, or twice that weight, the half that was used the
 * longest ago is forgotten as a whole. Maps and sets that lose their oldest entry each time have to
 * look for it among the places of those that they lost before.
 */
export interface RecentMap<K, V> {
  /** Counts as a use. */
  get(key: K): V | undefined
  /** Does not. */
  peek(key: K): V | undefined
  set(key: K, value: V): void
  /** Whether one more entry is kept without any being forgotten, where each weighs 1. */
  hasRoom(): boolean
  delete(key: K): void
  clear(): void
}

/**
 * @param min - how many entries are kept at least, or how much weight
 * @param weigh - what an entry weighs
 * @param onForgotten - told of every value that is no longer kept
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

  /** Those that were used since are among the recent ones. */
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
