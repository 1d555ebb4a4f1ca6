/** How many heads an open vault remembers: an earlier one is refused while it does. */

import { expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '@stagevault/core/limits'
import { planCreate } from '@stagevault/core/model/secret-lifecycle'
import { createHeadCache } from '../../dist/heads/head-cache.js'
import type { HeadCache, HeadSnapshot } from '../../dist/heads/head-cache.js'
import { nodePrimitives } from '../../dist/platform/node-primitives.js'
import { ascii } from '../primitives/implementations.js'

function newCache(): HeadCache {
  const [vaultId, macKey] = [new Uint8Array(16), new Uint8Array(32)]
  return createHeadCache({ primitives: nodePrimitives, vaultId, macKey })
}

function snapshot(secretName: string): HeadSnapshot {
  const id = new Uint8Array(16)
  const { next } = planCreate(
    {
      secretId: id,
      secretName,
      secretType: 'Generic',
      encryptionKeyId: id,
      description: '',
      tags: [],
      extendedConfig: '',
      now: 0,
    },
    'v1', id, DEFAULT_LIMITS,
  )
  return { bytes: ascii(secretName), state: next }
}

it('remembers the 1,024 heads that it saw last, in whatever order, and not many more', () => {
  const heads = newCache()
  const names = Array.from({ length: 5000 }, (_, i) => `secret-${i}`)
  for (const name of names) heads.keep(snapshot(name))
  const last = names.slice(-1024)
  for (const name of last.toReversed()) expect(heads.guess(name)?.secretName).toBe(name)
  expect(names.filter((name) => heads.guess(name) !== null).length).toBeLessThanOrEqual(2048)
})

it('does not forget a head that is asked for again and again', () => {
  const heads = newCache()
  heads.keep(snapshot('often'))
  for (let i = 0; i < 5000; i++) {
    heads.keep(snapshot(`secret-${i}`))
    if (i % 1000 === 0) expect(heads.guess('often')).not.toBeNull()
  }
})

it('takes the bytes that it knows for the head they are, without a look at their MAC', () => {
  const heads = newCache()
  const head = snapshot('known')
  heads.keep(head)
  expect(heads.open('known', ascii('known'))).toBe(head)
  expect(() => heads.open('known', ascii('knowm'))).toThrow()
  expect(() => newCache().open('known', ascii('known'))).toThrow()
})

it('remembers nothing once it was cleared', () => {
  const heads = newCache()
  for (let i = 0; i < 1500; i++) heads.keep(snapshot(`secret-${i}`))
  heads.clear()
  expect(heads.guess('secret-10')).toBeNull()
  expect(heads.guess('secret-1499')).toBeNull()
})
