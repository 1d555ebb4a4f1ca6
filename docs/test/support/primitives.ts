/** The two implementations of the primitives: what both accept and make must be the same. */

import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import type { Primitives } from '@stagevault/core/crypto/primitives'
import { nodePrimitives } from '../../../packages/vault/dist/platform/node-primitives.js'

export const implementations: readonly (readonly [name: string, primitives: Primitives])[] = [
  ['noble', noblePrimitives],
  ['node', nodePrimitives],
]
