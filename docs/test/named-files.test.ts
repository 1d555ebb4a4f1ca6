import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ROOT, readPages } from './support/pages.js'

/** The sources of all packages, as pages name them: from `src` on. */
const sources = new Set(
  readdirSync(new URL('packages', ROOT)).flatMap((name) =>
    readdirSync(new URL(`packages/${name}/src`, ROOT), { recursive: true }).map((path) =>
      String(path).replaceAll('\\', '/'),
    ),
  ),
)

function unknownFiles(text: string): string[] {
  const named = [...text.matchAll(/`([a-z/-]+\.ts)`/g)].map(([, path = '']) => path)
  return named.filter((path) => !sources.has(path))
}

it('the life of a put names sources that there are', () => {
  const page = readPages().find(({ path }) => path === 'docs/design/life-of-a-put.md')
  expect(page?.text.match(/\.ts`/g)?.length).toBeGreaterThan(10)
  expect(unknownFiles(page?.text ?? '')).toEqual([])
})

it('others would be noticed', () => {
  expect(unknownFiles('see `heads/no-such-file.ts`')).toEqual(['heads/no-such-file.ts'])
})
