import { afterAll, describe, expect, it } from 'vitest'
import { writeProject } from './support/example-project.js'
import { membersOf, sourceExamples } from './support/source-examples.js'

/** Where the operations of a vault are declared, and the interfaces of them. */
const API: readonly (readonly [path: string, name: string])[] = [
  ['packages/vault/src/api/vault.ts', 'Vault'],
  ['packages/vault/src/api/value-operations.ts', 'ValueOperations'],
  ['packages/vault/src/api/secret-operations.ts', 'SecretOperations'],
  ['packages/vault/src/api/access-operations.ts', 'AccessOperations'],
  ['packages/vault/src/api/policy-operations.ts', 'PolicyOperations'],
]
const SOURCES = [
  ...API.map(([path]) => path),
  'packages/core/src/errors.ts',
  'packages/storage/src/storage-error.ts',
]

const examples = SOURCES.flatMap(sourceExamples)
const project = writeProject(examples)

afterAll(() => {
  project.remove()
})

it('every operation of a vault has an example', () => {
  const members = API.flatMap(([path, name]) => membersOf(path, name))
  const operations = members.filter((name) => name !== 'vaultId')
  expect(operations.length).toBeGreaterThan(30)
  const shown = new Set(examples.map(({ member }) => member))
  expect(operations.filter((name) => !shown.has(name))).toEqual([])
})

it('every example compiles', () => {
  expect(project.compile()).toEqual([])
})

describe.concurrent('every example runs and prints what it says', () => {
  it.each(examples)('$title', async (program) => {
    const { code, output, errors } = await project.run(program)
    expect(errors).toBe('')
    if (program.prints.length > 0) {
      expect(output.trimEnd().split('\n')).toEqual(program.prints)
    }
    expect(code).toBe(0)
  })
})
