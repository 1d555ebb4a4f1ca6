import { isVaultError } from 'stagevault'

/** The code that a promise is refused with, or `null` where it succeeds. */
export async function refusalOf(promise: Promise<unknown>): Promise<string | null> {
  try {
    await promise
    return null
  } catch (error) {
    if (isVaultError(error)) return error.code
    throw error
  }
}
