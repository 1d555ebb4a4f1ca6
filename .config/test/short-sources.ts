import { isPackageSource, type TextFile } from './source-files.js'

const SOURCE_LINES_USUAL_MIN = 80

/** Sources that are short for one reason. */
interface ShortSources {
  readonly reason: string
  /** Below `packages`. */
  readonly files: readonly string[]
}

/** Every source under 80 lines. A new one needs a reason, or a longer file that it belongs in. */
export const SHORT_SOURCES: readonly ShortSources[] = [
  {
    reason: 'the entry point of a package, or of a part that tests of others import',
    files: [
      'storage/src/index.ts',
      'storage/src/conformance/storage-conformance.ts',
      'storage/src/faulty-storage.ts',
      'storage/src/simulated-disk.ts',
      'storage-idb/src/idb-storage.ts',
      'storage-idb/src/index.ts',
      'storage-idb/src/persistence.ts',
      'storage-level/src/index.ts',
    ],
  },
  {
    reason: 'one of a pair of which each platform loads its own',
    files: [
      'storage-level/src/level-driver.ts',
      'vault/src/opening/node-parts.ts',
      'vault/src/opening/web-parts.ts',
      'vault/src/platform/broadcast-channel.ts',
      'vault/src/platform/node-storage.ts',
      'vault/src/platform/web-storage.ts',
    ],
  },
  {
    reason: 'a border at which a page loads the rest later: merged, it would load both at once',
    files: [
      'core/src/crypto/noble-chacha.ts',
      'core/src/crypto/noble-primitives.ts',
      'core/src/crypto/noble-suites.ts',
      'vault/src/opening/load-operations.ts',
      'vault/src/opening/start-vault.ts',
      'vault/src/policy/decisions.ts',
      'vault/src/policy/load-decisions.ts',
      'vault/src/rare-operations.ts',
      'vault/src/verify/verify.ts',
    ],
  },
  {
    reason: 'a type of the interface, or one that several folders share',
    files: [
      'core/src/crypto/primitives.ts',
      'storage/src/async-dispose.ts',
      'storage/src/storage-error.ts',
      'core/src/access/policy.ts',
      'vault/src/api/principal.ts',
      'vault/src/api/standard-schema.ts',
      'vault/src/api/vault-view.ts',
      'vault/src/caches/head-snapshot.ts',
      'vault/src/keys/unlock.ts',
      'vault/src/session/session.ts',
    ],
  },
  {
    reason: 'one record of the byte format, or one kind of unlock, under its own name',
    files: [
      'core/src/records/deletion-entry.ts',
      'core/src/records/name-record.ts',
      'vault/src/keys/key-provider.ts',
      'vault/src/keys/new-slot.ts',
      'vault/src/keys/raw-key.ts',
      'vault/src/records/keyring.ts',
    ],
  },
  {
    reason: 'one part of the policy language, or one step of a decision, under its own name',
    files: [
      'core/src/access/actions.ts',
      'core/src/access/condition-keys.ts',
      'core/src/access/policy-fields.ts',
      'core/src/access/principal.ts',
      'core/src/access/read-principals.ts',
      'core/src/access/resources.ts',
      'vault/src/policy/authorized-change.ts',
      'vault/src/policy/authorized-read.ts',
      'vault/src/policy/list-token.ts',
      'vault/src/policy/open-policy.ts',
      'vault/src/policy/pinned-record.ts',
      'vault/src/policy/secret-policy.ts',
      'vault/src/policy/view-events.ts',
      'vault/src/records/policy-place.ts',
    ],
  },
  {
    reason: 'a concern of its own that a reader looks for by its name, and that has no neighbour',
    files: [
      'core/src/arn.ts',
      'core/src/model/select-version.ts',
      'core/src/model/value.ts',
      'core/src/model/vault-limits.ts',
      'core/src/request/vault-requests.ts',
      'core/src/text.ts',
      'storage/src/adapter-answers.ts',
      'storage/src/bytes.ts',
      'storage/src/conformance/samples.ts',
      'storage/src/limits.ts',
      'storage-idb/src/idb-adapter.ts',
      'storage-idb/src/identity.ts',
      'storage-idb/src/open-database.ts',
      'vault/src/bind-operations.ts',
      'vault/src/caches/access-cache.ts',
      'vault/src/caches/policy-cache.ts',
      'vault/src/caches/version-cache.ts',
      'vault/src/commit/occupied-places.ts',
      'vault/src/events/event-hub.ts',
      'vault/src/operations/vault-settings.ts',
      'vault/src/platform/async-hash.ts',
      'vault/src/platform/breather.ts',
    ],
  },
]

/** Sources of the published packages that are shorter than usual. */
export function listShortSources(files: readonly TextFile[]): string[] {
  return files
    .filter((file) => isPackageSource(file) && !file.path.startsWith('packages/browser-engines/'))
    .filter(({ text }) => text.replace(/\n$/, '').split('\n').length < SOURCE_LINES_USUAL_MIN)
    .map(({ path }) => path.replace('packages/', ''))
}
