import { storageConformance } from '@stagevault/storage/conformance'
import type { StorageSubjectFactory } from '@stagevault/storage/conformance'
import { afterAll, describe, expect, it } from 'vitest'
import { programsOf } from './support/example-programs.js'
import { writeProject } from './support/example-project.js'
import { findPage, readPages } from './support/pages.js'

const programs = programsOf(findPage(readPages(), 'docs/adapters/writing-an-adapter.md'))
const project = writeProject(programs)
const subject = programs.find(({ file }) => file.endsWith('/file-storage.conformance.ts'))
if (subject === undefined) throw new Error('the page has no subject for the suite')
const { fileSubject } = (await project.load(subject)) as { fileSubject: StorageSubjectFactory }

afterAll(() => {
  project.remove()
})

describe('the adapter of docs/adapters/writing-an-adapter.md', () => {
  storageConformance({ describe, it, factory: fileSubject })

  it('refuses a second handle', async () => {
    const records = await fileSubject()
    const first = await records.open()
    await expect(records.open()).rejects.toMatchObject({ code: 'STORAGE_LOCKED' })
    await first.close()
    await (await records.open()).close()
    await records.dispose()
  })
})
