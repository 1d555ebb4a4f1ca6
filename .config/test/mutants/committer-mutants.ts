/** Defects of the committer, which packages/vault/test/commit has to notice. */
import { mutantsOf } from './mutant.js'
import type { Mutant } from './mutant.js'

const TESTS = [
  ...[
    'stale-heads',
    'guards',
    'storage-calls',
    'signals',
    'long-values',
    'sealed-once',
    'contention',
    'group-commit',
    'turns',
    'pauses',
    'schedules',
  ].map((name) => `packages/vault/test/commit/${name}.test.ts`),
  'packages/vault/test/model/races.test.ts',
]

const COMMITTER = 'commit/committer.js'
const PLANNER = 'commit/plan-round.js'
const LOADER = 'commit/load-state.js'
const CONTENTION = 'commit/turns-and-pauses.js'
const PENDING = 'commit/pending-changes.js'
const VERSION = 'records/version.js'
const SEAL = 'commit/seal-round.js'
const ROUND = 'commit/round.js'
const SUCCEEDS = "isApplied = (await committing) === 'applied';"
const BEFORE_COMMIT = 'const committing = storage.commit(sealed.commit);'

export const COMMITTER_MUTANTS: readonly Mutant[] = mutantsOf('vault', TESTS, [
  {
    name: 'a conflict is taken for a success',
    file: COMMITTER,
    from: SUCCEEDS,
    to: 'isApplied = (await committing) !== null;',
  },
  {
    name: 'a change is not put back after a conflict',
    file: COMMITTER,
    from: 'this.#putBack(planned);',
    to: 'for (const { member, plan } of planned) this.#pending.settle(member, plan.result);',
  },
  {
    name: 'a change that is put back is planned on what is remembered',
    file: COMMITTER,
    from: 'member.isIssued = false;\n            member.isFresh = true;',
    to: 'member.isIssued = false;',
  },
  {
    name: 'a refusal is given although the view has a layer',
    file: PLANNER,
    from: 'if (!round.isEmpty || !loaded.isFresh) {',
    to: 'if (!loaded.isFresh) {',
  },
  {
    name: 'a change is refused before an earlier one of its secret is decided',
    file: PLANNER,
    from: ' && !touches(round, change)',
    to: '',
  },
  {
    name: 'a refusal is given although the state was not read',
    file: PLANNER,
    from: 'if (!round.isEmpty || !loaded.isFresh) {',
    to: 'if (!round.isEmpty) {',
  },
  {
    name: 'a round is planned on heads of two moments',
    file: LOADER,
    from: 'for (const name of names)\n        heads.set(name, tryHead',
    to: 'for (const name of names)\n        heads.set(name, session.heads.getCached(name) ?? tryHead',
  },
  {
    name: 'one secret under two names is changed twice in a round',
    file: PLANNER,
    from: 'change.secretNames.some((name) => round.hasTwin(name))',
    to: 'false',
  },
  {
    name: 'a change resolves before its commit',
    file: COMMITTER,
    from: BEFORE_COMMIT,
    to: `for (const { member, plan } of planned) member.resolve(plan.result); ${BEFORE_COMMIT}`,
  },
  {
    name: 'an event is told before its commit',
    file: COMMITTER,
    from: BEFORE_COMMIT,
    to: `for (const { plan } of planned) this.#session.events.emit(plan.events); ${BEFORE_COMMIT}`,
  },
  {
    name: 'events are told in another order',
    file: COMMITTER,
    from: 'this.#settleAll(planned);\n        }\n        else',
    to: 'this.#settleAll([...planned].reverse());\n        }\n        else',
  },
  {
    name: 'what waits is not planned again after a lost answer',
    file: COMMITTER,
    from: 'this.#isRootKnown = false;',
    to: '',
  },
  {
    name: 'a head is trusted after a lost answer',
    file: COMMITTER,
    from: 'this.#session.heads.invalidate(secretName);',
    to: 'void secretName;',
  },
  {
    name: 'the version of another handle is taken for a stranger',
    file: COMMITTER,
    from: 'if (isFresh)\n                this.#refused',
    to: 'this.#refused',
  },
  {
    name: 'a change overtakes an earlier one that waits',
    file: PLANNER,
    from: 'if (blocked.isBlocked(change)) {',
    to: 'if (false) {',
  },
  {
    name: 'a version is sealed again for the same place',
    file: VERSION,
    from: 'if (this.#made !== null && isSamePlace(this.#made, place))',
    to: 'if (place === null)',
  },
  {
    name: 'what was sealed for another place is written',
    file: VERSION,
    from: 'this.#sealed = null;\n        return this.#made;',
    to: 'return this.#made;',
  },
  {
    name: 'another place is sealed with the same randomness',
    file: VERSION,
    from: 'random: this.#session.random(',
    to: 'random: this.#made?.random ?? this.#session.random(',
  },
  {
    name: 'another number is the same place',
    file: VERSION,
    from: 'a.number === b.number && ',
    to: '',
  },
  {
    name: 'another secret is the same place',
    file: VERSION,
    from: ' && equalBytes(a.secretId, b.secretId)',
    to: '',
  },
  {
    name: 'a change overtakes one that is being prepared',
    file: PENDING,
    from: 'if (isPreparing || blocked.isBlocked(change))',
    to: 'if (isPreparing)',
  },
  {
    name: 'a signal is ignored in the queue',
    file: PENDING,
    from: 'if (member.isIssued)',
    to: 'if (member !== null)',
  },
  {
    name: 'a signal takes out what was issued',
    file: PENDING,
    from: 'if (member.isIssued)',
    to: 'if (member === null)',
  },
  {
    name: 'what was put back after a conflict does not heed its signal',
    file: COMMITTER,
    from: 'else if (signal?.aborted === true)',
    to: 'else if (signal === 0)',
  },
  {
    name: 'what was written is not remembered',
    file: COMMITTER,
    from: 'this.#remember(sealed, writtenAt);',
    to: '',
  },
  {
    name: 'no turns are taken',
    file: CONTENTION,
    from: 'if (endTurn !== null || left <= 0)',
    to: 'if (true)',
  },
  {
    name: 'a handle that wins takes no turns',
    file: CONTENTION,
    from: 'conflicts > 0 || (turns.isWanted()',
    to: 'conflicts > 0 || (false',
  },
  {
    name: 'a handle that wins takes no turns where it sees no others',
    file: CONTENTION,
    from: 'commitsWithoutTurn++;',
    to: ';',
  },
  {
    name: 'a turn is not given back after its commit',
    file: CONTENTION,
    from: 'lastCommitMs = milliseconds;\n            settle();',
    to: 'lastCommitMs = milliseconds;',
  },
  {
    name: 'a turn is held while a change is prepared',
    file: COMMITTER,
    from: 'this.#contention.settle();\n                    await',
    to: 'await',
  },
  {
    name: 'a turn is held in a pause',
    file: CONTENTION,
    from: 'settle();\n        const factor',
    to: 'const factor',
  },
  {
    name: 'a turn is waited for until the time of a change is up',
    file: CONTENTION,
    from: '(deadline - performance.now()) / 2',
    to: '(deadline - performance.now())',
  },
  {
    name: 'no pauses are made',
    file: CONTENTION,
    from: 'if (isPauseDue && !isHasty)',
    to: 'if (false)',
  },
  {
    name: 'pauses have no bound',
    file: CONTENTION,
    from: 'lastCommitMs, PAUSE_MS_MAX)',
    to: 'lastCommitMs, 1e9)',
  },
  {
    name: 'pauses go on while the vault is closed',
    file: COMMITTER,
    from: 'hasten() {\n        this.#contention.hasten();',
    to: 'hasten() {',
  },
  {
    name: 'conflicts of changes that have ended are counted',
    file: COMMITTER,
    from: 'this.#contention.calm();',
    to: ';',
  },
  {
    name: 'a turn whose commit hangs is kept',
    file: 'platform/in-process.js',
    from: '> TURN_HELD_MS_MAX',
    to: '> 1e9',
  },
  {
    name: 'the root is not guarded',
    file: SEAL,
    from: '[{ key: ROOT_KEY, value: round.committed.root.bytes }]',
    to: '[]',
  },
  {
    name: 'heads are not guarded',
    file: SEAL,
    from: 'for (const secretName of round.guardedNames) {',
    to: 'for (const secretName of []) {',
  },
  {
    name: 'other records are not guarded',
    file: SEAL,
    from: 'for (const key of round.guardedKeys) {',
    to: 'for (const key of []) {',
  },
  {
    name: 'the places of new versions are not guarded',
    file: SEAL,
    from: 'guards.push({ key, value: null });',
    to: ';',
  },
  {
    name: 'the epoch stays',
    file: ROUND,
    from: 'epoch: stored.epoch + 1,',
    to: 'epoch: stored.epoch,',
  },
  {
    name: 'the generation rises with each change, not with each commit',
    file: SEAL,
    from: 'generation: (stored?.state.generation ?? 0) + 1,',
    to:
      'generation: (stored?.state.generation ?? 0) + Math.max(1, state.nextNumber - ' +
      '(stored?.state.nextNumber ?? 1)),',
  },
  {
    name: 'secrets are not counted',
    file: ROUND,
    from: 'secretCount += Number(',
    to: 'secretCount += 0 * Number(',
  },
])
