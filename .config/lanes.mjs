/**
 * Which tests a lane runs. `npm test` runs every kind of test; those that are exhaustive are
 * sampled there, and each has a variable and a goal of the campaign that runs it in full.
 */
const VAULT = 'packages/vault/test'

/** What is decided rather than stored: no browser, no process of its own, no disk that fails. */
export const FAST_TESTS = [
  'packages/core/',
  'packages/storage/',
  ...['rules', 'cases', 'operations', 'bad-input', 'errors', 'unlock'].map(
    (folder) => `${VAULT}/${folder}/`,
  ),
]

/** Milliseconds a fast test may take: one that hangs is found at once. */
export const FAST_TEST_MS = 5_000

/** Of `npm run test:runtimes`; part of `npm test` with STAGEVAULT_RUNTIMES=all. */
export const RUNTIME_TESTS = [`${VAULT}/packages/runtimes.test.ts`]

/** What a campaign runs: how often, or all of it, by which variable, in which tests. */
export const GOALS = {
  schedules: {
    count: 20_000,
    variable: 'STAGEVAULT_SCHEDULES',
    tests: [`${VAULT}/commit/schedules.test.ts`],
  },
  histories: {
    count: 1_000,
    variable: 'STAGEVAULT_HISTORIES',
    tests: [`${VAULT}/model/slow-handles.test.ts`],
  },
  writers: {
    count: 10_000,
    variable: 'STAGEVAULT_WRITES',
    tests: [`${VAULT}/commit/sixteen-writers.test.ts`],
  },
  models: {
    count: 60,
    variable: 'STAGEVAULT_RUNS',
    tests: [
      'packages/core/test/property',
      `${VAULT}/model/model.test.ts`,
      `${VAULT}/model/races.test.ts`,
      `${VAULT}/crash/random-power-losses.test.ts`,
      `${VAULT}/crash/full-disk.test.ts`,
    ],
  },
  damage: { count: 'all', variable: 'STAGEVAULT_DAMAGE', tests: [`${VAULT}/tamper`] },
  syncs: {
    count: 'all',
    variable: 'STAGEVAULT_SYNCS',
    tests: [
      `${VAULT}/crash/failing-syncs.test.ts`,
      'packages/storage-level/test/failing-syncs.test.ts',
    ],
  },
  folders: {
    count: 'all',
    variable: 'STAGEVAULT_FOLDERS',
    tests: [
      'packages/storage-level/test/one-handle.test.ts',
      'packages/storage-level/test/other-containers.test.ts',
      'packages/storage-level/test/replaced-while-compacting.test.ts',
    ],
  },
  mutants: {
    count: 'all',
    variable: 'STAGEVAULT_MUTANTS',
    tests: ['.config/test/mutants/mutants.test.ts'],
  },
  kills: {
    count: 10_000,
    variable: 'STAGEVAULT_KILLS',
    tests: [`${VAULT}/crash/power-cut.test.ts`, `${VAULT}/crash/killed-process.test.ts`],
  },
  browsers: { count: 'all', variable: 'STAGEVAULT_BROWSERS', tests: [`${VAULT}/browser`] },
  journeys: {
    count: 'all',
    variable: 'STAGEVAULT_JOURNEYS',
    tests: ['examples/browser-vault/test/engine'],
  },
}
