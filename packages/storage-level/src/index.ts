export { createLevelStorage, openLevelStorage } from './level-storage.js'
export type { LevelDurability, LevelStorageOptions } from './level-storage.js'
