/** Defects of what the vault remembers, opens and checks: packages/vault, without its committer. */
import { mutantsOf } from './mutant.js'
import type { Mutant } from './mutant.js'

export const VAULT_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'vault',
    [
      'packages/vault/test/operations/remembered-records.test.ts',
      'packages/vault/test/operations/version-cache.test.ts',
      'packages/vault/test/operations/forgotten-records.test.ts',
      'packages/vault/test/guarantees/reader-during-writes.test.ts',
      'packages/vault/test/model/model.test.ts',
    ],
    [
      {
        name: 'a cached record is used though the head names another',
        file: 'caches/version-cache.js',
        from: 'found !== undefined && equalBytes(found.hash, recordHash) ? found : null',
        to: 'found ?? null',
      },
      {
        name: 'a cached record is not dropped with its version',
        file: 'caches/version-cache.js',
        from: 'delete: (key) => {\n' + '            known.delete(key);',
        to: 'delete: (key) => {',
      },
      {
        name: 'the key of a cached record is not wiped',
        file: 'caches/version-cache.js',
        from: '{\n' + '        wipe(valueKey);\n' + '    }',
        to: '{ void valueKey; }',
      },
      {
        name: 'an expected version is returned although the head names another',
        file: 'records/read-version.js',
        from: 'return (expected.number === version.number &&',
        to: 'return (expected.number > 0 || version.number > 0 ||',
      },
    ],
  ),
  ...mutantsOf(
    'vault',
    [
      'packages/vault/test/tamper/remembered-heads.test.ts',
      'packages/vault/test/tamper/rollback-in-process.test.ts',
      'packages/vault/test/tamper/rolled-back-records.test.ts',
      'packages/vault/test/tamper/earlier-store.test.ts',
      'packages/vault/test/guarantees/batch-rollback.test.ts',
    ],
    [
      {
        name: 'an earlier root is accepted',
        file: 'caches/rollback-guard.js',
        from: 'rootTime <= readAt && epoch < root.state.epoch',
        to: 'rootTime < 0 && epoch < root.state.epoch',
      },
      {
        name: 'an earlier head is accepted',
        file: 'caches/rollback-guard.js',
        from: 'if (seen.time > readAt || !isLater(seen, head))',
        to: 'if (seen !== null)',
      },
      {
        name: 'another head of the same generation is accepted',
        file: 'caches/rollback-guard.js',
        from: 'if (isFork(seen, head))',
        to: 'if (seen === null)',
      },
      {
        name: 'a head that does not name the one before it is accepted',
        file: 'caches/rollback-guard.js',
        from: 'seen.generation + 1 === state.generation &&',
        to: 'seen.generation + 1 === 0 &&',
      },
      {
        name: 'a secret that was deleted may come back',
        file: 'caches/rollback-guard.js',
        from: 'remember(head, Infinity, null);',
        to: 'void head;',
      },
      {
        name: 'another secret under the name is accepted without a newer root',
        file: 'caches/head-cache.js',
        from: 'isGone(cache, before, head, readAt) && epoch <= before.epoch',
        to: 'isGone(cache, before, head, readAt) && epoch < 0',
      },
    ],
  ),
  ...mutantsOf(
    'vault',
    [
      'packages/vault/test/tamper/two-names.test.ts',
      'packages/vault/test/operations/verify.test.ts',
      'packages/vault/test/tamper/damaged-root.test.ts',
      'packages/vault/test/tamper/deleted-records.test.ts',
      'packages/vault/test/tamper/exchanged-records.test.ts',
      'packages/vault/test/guarantees/damaged-root.test.ts',
    ],
    [
      {
        name: 'a root that is missing is passed over',
        file: 'records/snapshot.js',
        from:
          'if (bytes === null)\n' +
          "        throw new VaultError('RECORD_MISSING', 'the vault root is missing');",
        to:
          'if (bytes === null && guard.newestRoot() !== null)\n' +
          '        return guard.newestRoot();\n' +
          '    if (bytes === null)\n' +
          "        throw new VaultError('RECORD_MISSING', 'the vault root is missing');",
      },
      {
        name: 'verify does not see one secret under two names',
        file: 'verify/check-root.js',
        from: 'return ids[0] !== null && ids[0] === ids[1];',
        to: 'return false;',
      },
      {
        name: 'verify does not compare the count of secrets',
        file: 'verify/check-root.js',
        from: 'if (counted === found)',
        to: 'if (counted !== null)',
      },
      {
        name: 'verify does not compare the id in a name record',
        file: 'verify/check-secret.js',
        from: 'state !== null && !equalBytes(secretId, state.secretId)',
        to: 'state === null && !equalBytes(secretId, secretId)',
      },
      {
        name: 'verify does not see a version that no head names',
        file: 'verify/check-stray-records.js',
        from: 'return !namesRecord(state, key);',
        to: 'return false;',
      },
    ],
  ),
  ...mutantsOf(
    'vault',
    [
      'packages/vault/test/guarantees/two-slots.test.ts',
      'packages/vault/test/guarantees/planted-slots.test.ts',
      'packages/vault/test/guarantees/opening-races-slots.test.ts',
      'packages/vault/test/tamper/crowded-slots.test.ts',
      'packages/vault/test/operations/unlock-slots.test.ts',
    ],
    [
      {
        name: 'a second slot of one passphrase is made',
        file: 'operations/unlock-slots.js',
        from: 'if (!(await opensOne(session, untried, newUnlock, signal)))',
        to: 'if (untried !== null)',
      },
      {
        name: 'the sum of what slots cost has no bound',
        file: 'keys/find-slot.js',
        from: 'if (costOf(slots) <= SCRYPT_N_SUM_MAX)',
        to: 'if (costOf(slots) >= 0)',
      },
      {
        name: 'one slot more than the limit is made',
        file: 'operations/unlock-slots.js',
        from: 'keyring.slotIds.length >= SLOTS_MAX',
        to: 'keyring.slotIds.length > SLOTS_MAX',
      },
      {
        name: 'slots are read once, though they may change between the reads',
        file: 'keys/find-slot.js',
        from: 'if (listed.length === slots.length && listed.every((key, i) => key === slots[i])) {',
        to: 'if (attempt > 0) {',
      },
      {
        name: 'the keyring need not name the slot that opened',
        file: 'operations/unlock-slots.js',
        from: 'if (!hasSlot(keyring, opener))',
        to: 'if (opener === null)',
      },
    ],
  ),
  ...mutantsOf(
    'vault',
    [
      'packages/vault/test/tamper/random-failures.test.ts',
      'packages/vault/test/tamper/repeated-randomness.test.ts',
      'packages/vault/test/primitives/wiping.test.ts',
      'packages/vault/test/guarantees/wiping-of-failures.test.ts',
    ],
    [
      {
        name: 'a random source that repeats itself is trusted',
        file: 'keys/random-source.js',
        from: 'if (blocks.get(fingerprint) === true)',
        to: 'if (blocks.get(fingerprint) === null)',
      },
      {
        name: 'a value is not wiped after a put',
        file: 'operations/put-secret-value.js',
        from: 'wipe(request.value.bytes);',
        to: ';',
      },
      {
        name: 'keys are not wiped when the vault is closed',
        file: 'keys/vault-keys.js',
        from: 'wipe(keys.records.macKey, keys.digestKey, keys.tokenKey);',
        to: 'void keys.records;',
      },
    ],
  ),
  ...mutantsOf(
    'vault',
    [
      'packages/vault/test/operations/sweeps.test.ts',
      'packages/vault/test/guarantees/two-looks.test.ts',
      'packages/vault/test/guarantees/planted-deletions.test.ts',
      'packages/vault/test/operations/delete-secret.test.ts',
    ],
    [
      {
        name: 'a deletion entry deletes a secret that its head does not schedule so',
        file: 'operations/deletion.js',
        from: 'plannedDeleteTime === place.time && toHex',
        to: 'toHex',
      },
      {
        name: 'a damaged deletion entry ends the sweep',
        file: 'operations/deletion.js',
        from: '        if (isIntegrityError(error))\n' + '            return null;\n',
        to: '',
      },
    ],
  ),
  ...mutantsOf(
    'vault',
    [
      'packages/vault/test/operations/limits.test.ts',
      'packages/vault/test/operations/create-and-put.test.ts',
      'packages/vault/test/operations/rename-secret.test.ts',
    ],
    [
      {
        name: 'the quota of secrets is not asked for',
        file: 'operations/create-secret.js',
        from: 'if (isFull)\n' + '                throw',
        to: 'if (isFull === null)\n' + '                throw',
      },
    ],
  ),
]
