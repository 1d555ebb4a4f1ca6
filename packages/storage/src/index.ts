export { withAsyncDispose } from './async-dispose.js'
export { checkedStorage } from './checked-storage.js'
export type {
  Commit,
  CommitOutcome,
  DisposableStorage,
  Guard,
  Mutation,
  StorageAdapter,
  StorageEntry,
  StorageKey,
  StorageRange,
} from './contract.js'
export { copyStorage, CopyError } from './copy-storage.js'
export type { CopyErrorCode, CopyProgress, CopyStorageOptions } from './copy-storage.js'
export {
  COMMIT_BYTES_MAX,
  COMMIT_GUARDS_MAX,
  COMMIT_MUTATIONS_MAX,
  SCAN_LIMIT_MAX,
  STORAGE_KEY_CHARS_MAX,
  STORAGE_READ_KEYS_MAX,
  STORAGE_VALUE_BYTES_MAX,
} from './limits.js'
export { scanAll } from './scan-all.js'
export type { ScanAllOptions, ScanAllRange, ScanSignal } from './scan-all.js'
export { StorageError, isStorageError } from './storage-error.js'
export type { StorageErrorCode } from './storage-error.js'
