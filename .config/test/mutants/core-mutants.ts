/** Defects of what is decided and of the byte formats: packages/core. */
import { mutantsOf } from './mutant.js'
import type { Mutant } from './mutant.js'

export const CORE_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'core',
    ['packages/vault/test/rules', 'packages/core/test/property'],
    [
      {
        name: 'the youngest versions without a label are evicted',
        file: 'model/versions.js',
        from: 'state.versions.filter(isIdle).slice(0, excess)',
        to: 'state.versions.filter(isIdle).slice(-excess)',
      },
      {
        name: 'one version more than the limit is kept',
        file: 'model/versions.js',
        from: 'state.versions.length - limits.versionsMax',
        to: 'state.versions.length - limits.versionsMax - 1',
      },
      {
        name: 'a version id that was used is taken again with another value',
        file: 'model/versions.js',
        from: 'usedDigest === null || !equalBytes(usedDigest, valueDigest)',
        to: 'usedDigest === null',
      },
      {
        name: 'a put of a destroyed version tells whether a guess is right',
        file: 'model/versions.js',
        from: 'if (usedDigest !== null && isZero(usedDigest)) {',
        to: 'if (usedDigest === null && false) {',
      },
      {
        name: 'an automatic id that was forgotten is given again',
        file: 'model/versions.js',
        from: 'return number > 0 && number < state.nextAutoId;',
        to: 'return false;',
      },
      {
        name: 'the current version can be destroyed',
        file: 'model/versions.js',
        from: 'if (version.number === currentVersion(state).number) {',
        to: 'if (version.number === 0) {',
      },
      {
        name: 'ACSPrevious does not follow',
        file: 'model/stages.js',
        from: 'return point(placed, STAGE_PREVIOUS, holder);',
        to: 'return placed;',
      },
      {
        name: 'one label more than the limit is allowed',
        file: 'model/stages.js',
        from: 'if (count <= limits.stageLabelsMax ||',
        to: 'if (count <= limits.stageLabelsMax + 1 ||',
      },
      {
        name: 'a label is taken off a version that does not carry it',
        file: 'model/stages.js',
        from: 'if (holder === version.number)',
        to: 'if (holder !== 0)',
      },
      {
        name: 'a disabled version becomes current',
        file: 'model/stages.js',
        from: "stage === STAGE_CURRENT && target.status !== 'Enabled'",
        to: 'stage === STAGE_CURRENT && target.status === null',
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/vault/test/rules',
      'packages/vault/test/cases',
      'packages/vault/test/operations/read-values.test.ts',
      'packages/vault/test/operations/delete-secret.test.ts',
      'packages/vault/test/operations/metadata.test.ts',
      'packages/vault/test/operations/create-and-put.test.ts',
      'packages/vault/test/operations/changes-at-once.test.ts',
    ],
    [
      {
        name: 'the expected version is not compared',
        file: 'model/versions.js',
        from: 'if (versionId === expectedVersionId)',
        to: 'if (versionId !== null)',
      },
      {
        name: 'a version that was disabled is read',
        file: 'model/select-version.js',
        from: "if (version.status !== 'Enabled') {",
        to: "if (version.status === 'Destroyed') {",
      },
      {
        name: 'a version is read by a label that it does not carry',
        file: 'model/select-version.js',
        from: 'if (stageHolder(state, versionStage) !== version.number) {',
        to: 'if (stageHolder(state, versionStage) === 0) {',
      },
      {
        name: 'a secret that is to be deleted is read and changed',
        file: 'model/secret-lifecycle.js',
        from: 'if (state.plannedDeleteTime === null)\n' + '        return;',
        to: 'if (state !== null)\n' + '        return;',
      },
      {
        name: 'one tag more than the limit is allowed',
        file: 'model/secret-lifecycle.js',
        from: 'if (tags.length > TAGS_MAX) {',
        to: 'if (tags.length > TAGS_MAX + 1) {',
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/vault/test/operations/delete-secret.test.ts',
      'packages/vault/test/guarantees/two-looks.test.ts',
      'packages/core/test/records/deletion-entry.test.ts',
    ],
    [
      {
        name: 'a secret is deleted for good a minute too early',
        file: 'records/deletion-entry.js',
        from: "now - lookTime >= DELETION_LOOK_MS_MIN ? 'delete'",
        to: "now - lookTime >= 0 ? 'delete'",
      },
      {
        name: 'a look that lies in the future counts',
        file: 'records/deletion-entry.js',
        from: 'lookTime === 0 || lookTime > now',
        to: 'lookTime === 0',
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/vault/test/tamper/bit-flips-aes-256-gcm.test.ts',
      'packages/vault/test/tamper/record-macs.test.ts',
    ],
    [
      {
        name: 'the MAC of a record is not compared',
        file: 'records/record-frame.js',
        from: 'if (!equalBytes(found, record.subarray(split))) {',
        to: 'if (found.length === 0) {',
      },
      {
        name: 'half of two keys is compared',
        file: 'bytes.js',
        from: 'difference |= (a[i] ?? 0) ^ (b[i] ?? 0);',
        to: 'difference |= i % 2 === 0 ? (a[i] ?? 0) ^ (b[i] ?? 0) : 0;',
      },
      {
        name: 'one bit of a byte is not compared',
        file: 'bytes.js',
        from: 'difference |= (a[i] ?? 0) ^ (b[i] ?? 0);',
        to: 'difference |= ((a[i] ?? 0) ^ (b[i] ?? 0)) & 0xfe;',
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/vault/test/tamper/exchanged-records.test.ts',
      'packages/vault/test/tamper/damaged-keys.test.ts',
      'packages/core/test/crypto/associated-data.test.ts',
    ],
    [
      {
        name: 'a record authenticates at any place',
        file: 'crypto/associated-data.js',
        from: '.bytes(FIELD.vaultId, vaultId)\n' + '        .ascii(FIELD.storageKey, storageKey)',
        to: '.bytes(FIELD.vaultId, vaultId)',
      },
      {
        name: 'a value is not bound to the number of its version',
        file: 'crypto/associated-data.js',
        from: '            .number(FIELD.versionNumber, 4, address.number)\n',
        to: '',
      },
      {
        name: 'a value is not bound to its time',
        file: 'crypto/associated-data.js',
        from:
          '        .number(FIELD.createTime, 8, value.createTime)\n' +
          '        .number(FIELD.padding',
        to: '        .number(FIELD.padding',
      },
      {
        name: 'a slot is not bound to its derivation',
        file: 'crypto/associated-data.js',
        from: '        .bytes(FIELD.kdf, slot.kdf)\n',
        to: '',
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/vault/test/tamper/key-commitment.test.ts',
      'packages/vault/test/tamper/downgrade.test.ts',
      'packages/core/test/records/unlock-slot.test.ts',
    ],
    [
      {
        name: 'the commitment to the key is not compared',
        file: 'records/envelope.js',
        from: 'if (equalBytes(commitment, sealed.commitment))',
        to: 'if (commitment.length > 0)',
      },
      {
        name: 'a slot may cost less than the least',
        file: 'records/unlock-slot.js',
        from: 'logN < SCRYPT_LOG_N_MIN ||',
        to: 'logN < SCRYPT_LOG_N_MIN - 1 ||',
      },
      {
        name: 'a slot at the place of another is used',
        file: 'records/unlock-slot.js',
        from: 'if (slotKey(slot.slotId) !== storageKey) {',
        to: "if (storageKey === '') {",
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/vault/test/tamper/repeated-randomness.test.ts',
      'packages/vault/test/tamper/one-store-two-states.test.ts',
      'packages/core/test/crypto/hedged-ids.test.ts',
    ],
    [
      {
        name: 'the id of a secret depends on chance alone',
        file: 'crypto/key-wrapping.js',
        from: 'primitives.hmacSha256(hedgeKey, context, random, value).slice(0, SECRET_ID_BYTES)',
        to: 'random.slice(0, SECRET_ID_BYTES)',
      },
      {
        name: 'the key of a value depends on chance alone',
        file: 'records/envelope.js',
        from: 'primitives.hmacSha256(kek.hedgeKey, hedge, dekRandom, version.digest)',
        to: 'primitives.hmacSha256(kek.hedgeKey, hedge, dekRandom)',
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/vault/test/primitives/wiping.test.ts',
      'packages/vault/test/guarantees/wiping-of-failures.test.ts',
    ],
    [
      {
        name: 'the key of a value is not wiped after sealing',
        file: 'records/envelope.js',
        from:
          'finally {\n' +
          '            wipe(valueKey);\n' +
          '        }\n' +
          '    }\n' +
          '    finally {\n' +
          '        wipe(dek);',
        to: 'finally {\n' + '        }\n' + '    }\n' + '    finally {\n' + '        wipe(dek);',
      },
      {
        name: 'the key that wraps is not wiped',
        file: 'crypto/key-wrapping.js',
        from:
          'return primitives.aeadSeal(suite, once, ZERO_NONCE, context, key);\n' +
          '    }\n' +
          '    finally {\n' +
          '        wipe(once);',
        to:
          'return primitives.aeadSeal(suite, once, ZERO_NONCE, context, key);\n' +
          '    }\n' +
          '    finally {',
      },
    ],
  ),
  ...mutantsOf(
    'core',
    [
      'packages/core/test/names.test.ts',
      'packages/core/test/limits.test.ts',
      'packages/vault/test/rules',
      'packages/vault/test/bad-input/hostile-names.test.ts',
      'packages/vault/test/operations/limits.test.ts',
    ],
    [
      {
        name: 'a name may hold an exclamation mark',
        file: 'names.js',
        from: '/^[A-Za-z0-9_/+=.@-]+$/',
        to: '/^[A-Za-z0-9_/+=.@!-]+$/',
      },
      {
        name: 'a label may differ from ACSCurrent by case',
        file: 'names.js',
        from: 'lower === builtIn.toLowerCase() && label !== builtIn',
        to: 'lower === builtIn.toLowerCase() && label === null',
      },
    ],
  ),
]
