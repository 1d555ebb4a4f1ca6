export { createIdbStorage, openIdbStorage } from './idb-storage.js'
export type { IdbDurability, IdbStorageOptions } from './idb-storage.js'
export { requestPersistence } from './persistence.js'
export type { Persistence } from './persistence.js'
