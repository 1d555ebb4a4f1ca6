/** What is asked of a vault with many secrets, and sizes of vaults side by side. */
import type { Comparison, Subject } from '../comparison.js'
import { check } from '../comparison.js'
import { nameAt, valueAt } from '../population.js'
import { LIST_PAGE, type GrownVault } from './grown-vault.js'

export function listSubject(grown: GrownVault, page: 'first' | 'last'): Subject {
  const { vault, count, lastPageToken } = grown
  const pageSize = Math.min(LIST_PAGE, count)
  const isFirst = page === 'first' || lastPageToken === null
  const request = isFirst ? { pageSize } : { pageSize, nextToken: lastPageToken }
  return {
    kind: 'async',
    name: `listSecrets, ${page} page of ${count}`,
    run: () => vault().listSecrets(request),
    verify: async () => {
      const { secrets, nextToken } = await vault().listSecrets(request)
      const start = page === 'first' ? 0 : count - pageSize
      const names = secrets.map(({ secretName }) => secretName)
      const expected = Array.from({ length: pageSize }, (_, i) => nameAt(start + i))
      check(names.join() === expected.join(), 'other rows')
      check((nextToken === undefined) === (start + pageSize === count), 'another end')
    },
  }
}

export function reopenSubject({ reopen, count }: GrownVault): Subject {
  return {
    kind: 'async',
    name: `openVault and close, ${count} secrets`,
    run: async () => {
      await (await reopen()).close()
    },
    verify: async () => {
      const vault = await reopen()
      const found = await vault.getSecretValue({ secretName: nameAt(count - 1) })
      check(found.secretData === valueAt(count - 1), 'another value')
      await vault.close()
    },
  }
}

/** The largest first, as it is in question; then the others, ascending. */
export function compareSizes<G>(
  title: string,
  sizes: readonly G[],
  subjectOf: (grown: G) => Subject,
  { alongside = [], aim }: { readonly alongside?: readonly Subject[]; readonly aim?: number } = {},
): Comparison {
  const largest = sizes.at(-1)
  if (largest === undefined) throw new RangeError('no sizes')
  const aimed = aim === undefined ? {} : { aim }
  const smaller = sizes.slice(0, -1).map((size) => ({ ...subjectOf(size), ...aimed }))
  return { title, subjects: [subjectOf(largest), ...smaller, ...alongside] }
}
