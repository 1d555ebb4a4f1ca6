/** Taking the inputs of a case out of its JSON. Bytes are lower-case hexadecimal. */

import { fromHex } from '@stagevault/core/bytes'
import type { SuiteId } from '@stagevault/core/crypto/primitives'
import type { VersionAddress } from '@stagevault/core/crypto/associated-data'
import type { JsonObject } from './vector-file.js'

export function textOf(input: JsonObject, name: string): string {
  const value = input[name]
  if (typeof value === 'string') return value
  throw new TypeError(`a vector needs the text ${name}`)
}

export function numberOf(input: JsonObject, name: string): number {
  const value = input[name]
  if (typeof value === 'number') return value
  throw new TypeError(`a vector needs the number ${name}`)
}

export function bytesOf(input: JsonObject, name: string): Uint8Array {
  const bytes = fromHex(textOf(input, name))
  if (bytes !== null) return bytes
  throw new TypeError(`a vector needs hexadecimal digits in ${name}`)
}

export function objectOf(input: JsonObject, name: string): JsonObject {
  const value = input[name]
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject
  }
  throw new TypeError(`a vector needs the object ${name}`)
}

export function suiteOf(input: JsonObject): SuiteId {
  const suite = numberOf(input, 'suite')
  if (suite === 1 || suite === 2) return suite
  throw new TypeError('a vector needs suite 1 or 2')
}

export function addressOf(input: JsonObject): VersionAddress {
  return {
    vaultId: bytesOf(input, 'vaultId'),
    secretId: bytesOf(input, 'secretId'),
    number: numberOf(input, 'number'),
    versionId: textOf(input, 'versionId'),
  }
}
