/** What `weigh.ts` tells of a vault that it opened in a process of its own. */
export interface Weighing {
  /** From the call that opens the storage to the open vault. */
  readonly openMilliseconds: number
  /** Resident set of the process before it opened anything, after, and after many reads. */
  readonly emptyBytes: number
  readonly openBytes: number
  readonly usedBytes: number
}

export function isWeighing(value: unknown): value is Weighing {
  const names = ['openMilliseconds', 'emptyBytes', 'openBytes', 'usedBytes']
  return (
    typeof value === 'object' &&
    value !== null &&
    names.every((name) => typeof Reflect.get(value, name) === 'number')
  )
}
