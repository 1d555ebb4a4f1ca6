/** Whether a value has these methods; one that cannot be asked has none. */
export function hasMethods<T>(value: T, methods: readonly (keyof T & string)[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  try {
    return methods.every((method) => typeof value[method] === 'function')
  } catch {
    return false
  }
}
