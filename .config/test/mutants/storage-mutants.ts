/** Defects of the stores: packages/storage, storage-level and storage-idb. */
import { mutantsOf } from './mutant.js'
import type { Mutant } from './mutant.js'

export const STORAGE_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'storage',
    [
      'packages/storage/test/memory.test.ts',
      'packages/storage/test/memory-data.test.ts',
      'packages/storage/test/checked-storage.test.ts',
      'packages/storage/test/copy-storage.test.ts',
    ],
    [
      {
        name: 'the memory store compares no guard with a value',
        file: 'memory.js',
        from: 'return equalBytes(stored, value);',
        to: 'return true;',
      },
      {
        name: 'the memory storage hands out its own bytes',
        file: 'memory.js',
        from: 'function copy(value) {\n' + '    return new Uint8Array(value);',
        to: 'function copy(value) {\n' + '    return value;',
      },
      {
        name: 'an adapter that throws after a commit is said to have refused it',
        file: 'checked-storage.js',
        from: "toStorageError(error, 'commit', 'STORAGE_OUTCOME_UNKNOWN')",
        to: "toStorageError(error, 'commit', 'STORAGE_UNAVAILABLE')",
      },
      {
        name: 'a commit may be larger than the limit',
        file: 'checked-storage.js',
        from: 'if (bytes > COMMIT_BYTES_MAX) {',
        to: 'if (bytes > 2 * COMMIT_BYTES_MAX) {',
      },
      {
        name: 'a copy overwrites what others wrote',
        file: 'copy-storage.js',
        from: 'guards: entries.map(({ key }) => ({ key, value: null })),',
        to: 'guards: [],',
      },
    ],
  ),
  ...mutantsOf(
    'storage-level',
    [
      'packages/storage-level/test/conformance.test.ts',
      'packages/storage-level/test/level-adapter.test.ts',
      'packages/storage-level/test/sync-before-answer.test.ts',
      'packages/storage-level/test/races.test.ts',
    ],
    [
      {
        name: 'a batch is not synced',
        file: 'level-adapter.js',
        from: 'await toBatch(database, writes).write({ sync });',
        to: 'await toBatch(database, writes).write({ sync: false });',
      },
      {
        name: 'guards are compared with what was stored before the round',
        file: 'commit-queue.js',
        from: 'const pending = writes.get(guard.key);',
        to: 'const pending = undefined;',
      },
      {
        name: 'a read among writes takes no snapshot',
        file: 'level-adapter.js',
        from: 'if (writing === null || !changesSeveral(writing, keys)) {',
        to: 'if (keys !== null) {',
      },
    ],
  ),
  ...mutantsOf(
    'storage-level',
    [
      'packages/storage-level/test/one-handle.test.ts',
      'packages/storage-level/test/takeover.test.ts',
      'packages/storage-level/test/replaced-folder.test.ts',
    ],
    [
      {
        name: 'a living owner of the folder is not heeded',
        file: 'folder-owner.js',
        from: 'if (living !== undefined)',
        to: 'if (living === null)',
      },
      {
        name: 'the lock of this process is not looked for',
        file: 'folder-owner.js',
        from: 'if (holdsLock(folder))',
        to: 'if (folder === null)',
      },
      {
        name: 'two files of one number on two disks are one',
        file: 'folder-owner.js',
        from: 'a.dev === b.dev && a.ino === b.ino',
        to: 'a.dev === b.dev',
      },
      {
        name: 'a commit does not look at its folder',
        file: 'level-adapter.js',
        from: 'findLoss: () => closeAfter(watch.findLoss()),',
        to: 'findLoss: () => null,',
      },
    ],
  ),
  ...mutantsOf(
    'storage-idb',
    ['packages/storage-idb/test/chromium.test.ts'],
    [
      {
        name: 'guards are not compared in IndexedDB',
        file: 'commit-all.js',
        from: 'mayComplete = guardsHold(guards, reads);',
        to: 'mayComplete = true;',
      },
      {
        name: 'a database that was replaced is taken for the same',
        file: 'live-database.js',
        from: 'found === null || found !== identity',
        to: 'found === null',
      },
    ],
  ),
]
