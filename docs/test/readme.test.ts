import { afterAll, describe, expect, it } from 'vitest'
import { programsOf } from './support/example-programs.js'
import { writeProject } from './support/example-project.js'
import { findPage, readPages } from './support/pages.js'

const pages = readPages()
const programs = pages.flatMap(programsOf)
const project = writeProject(programs)

afterAll(() => {
  project.remove()
})

it('there are examples in the README and in the guides', () => {
  for (const path of ['README.md', 'docs/getting-started.md', 'packages/vault/README.md']) {
    expect(programsOf(findPage(pages, path)).length, path).toBeGreaterThan(0)
  }
})

it('every example compiles', () => {
  expect(project.compile()).toEqual([])
})

describe.concurrent('every example runs and prints what it says', () => {
  it.each(programs.filter(({ isRun }) => isRun))('$title', async (program) => {
    const { code, output, errors } = await project.run(program)
    expect(errors).toBe('')
    if (program.prints.length > 0) {
      expect(output.trimEnd().split('\n')).toEqual(program.prints)
    }
    expect(code).toBe(0)
  })
})
