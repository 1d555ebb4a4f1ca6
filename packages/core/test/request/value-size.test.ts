import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { requireValueSize } from '@stagevault/core/request/value-requests'
import { expectFailure, failureCode } from '../support/failures.js'

it('takes 1 byte up to the limit that is given, and names the limit otherwise', () => {
  const most = fc.integer({ min: 1, max: 2_000 })
  fc.assert(
    fc.property(most, fc.nat({ max: 2_100 }), (secretValueBytesMax, length) => {
      const limits = { ...DEFAULT_LIMITS, secretValueBytesMax }
      const check = (): void => {
        requireValueSize(new Uint8Array(length), limits)
      }
      const isAllowed = length >= 1 && length <= secretValueBytesMax
      expect(failureCode(check)).toBe(isAllowed ? null : 'INVALID_PARAMETER')
      if (!isAllowed) expect(check).toThrow(`1 to ${String(secretValueBytesMax)} bytes`)
    }),
  )
})

it('holds at the very bound', () => {
  const check = (length: number) => () => {
    requireValueSize(new Uint8Array(length), DEFAULT_LIMITS)
  }
  check(30_720)()
  expectFailure(check(30_721), 'INVALID_PARAMETER')
  expectFailure(check(0), 'INVALID_PARAMETER')
})
