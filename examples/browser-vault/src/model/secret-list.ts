/** All secrets of a vault in order of name, and the list as it is when one of them changes. */
import type { SecretMetadata } from 'stagevault'
import { compareNames } from './name-order.js'

type Named = Pick<SecretMetadata, 'secretName'>

export interface SecretList<T extends Named = SecretMetadata> {
  readonly secrets: readonly T[]
  /** Names of those whose records are damaged. */
  readonly damaged: readonly string[]
}

/** A list of what was read in any order. */
export function secretListOf<T extends Named>(
  secrets: readonly T[],
  damaged: readonly string[],
): SecretList<T> {
  return {
    secrets: secrets.toSorted((a, b) => compareNames(a.secretName, b.secretName)),
    damaged: damaged.toSorted(compareNames),
  }
}

export function withSecret<T extends Named>(list: SecretList<T>, secret: T): SecretList<T> {
  const { secrets, damaged } = withoutSecret(list, secret.secretName)
  const place = secrets.findIndex(
    ({ secretName }) => compareNames(secretName, secret.secretName) > 0,
  )
  const before = place < 0 ? secrets : secrets.slice(0, place)
  return { secrets: [...before, secret, ...secrets.slice(before.length)], damaged }
}

export function withDamaged<T extends Named>(
  list: SecretList<T>,
  secretName: string,
): SecretList<T> {
  const { secrets, damaged } = withoutSecret(list, secretName)
  return { secrets, damaged: [...damaged, secretName].toSorted(compareNames) }
}

export function withoutSecret<T extends Named>(
  { secrets, damaged }: SecretList<T>,
  name: string,
): SecretList<T> {
  return {
    secrets: secrets.filter(({ secretName }) => secretName !== name),
    damaged: damaged.filter((each) => each !== name),
  }
}
