/**
 * Parts that the packages keep to themselves, for measuring them one by one. Applications have no
 * way to import these.
 */
export { nodePrimitives } from '../../packages/vault/dist/platform/node-primitives.js'
export { levelAdapter } from '../../packages/storage-level/dist/level-adapter.js'
export type {
  LevelBatch,
  LevelDatabase,
  LevelOperation,
} from '../../packages/storage-level/dist/level-adapter.js'
