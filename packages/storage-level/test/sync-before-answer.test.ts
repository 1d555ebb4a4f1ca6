/** Goal F2: what LevelDB really asks of the system, and when, not what the adapter asks of it. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startChild } from './child.js'
import { describeWithSyncFaults, readTrace } from './faults/sync-faults.js'
import { temporaryFolder } from './level-subject.js'

describeWithSyncFaults('a commit that is answered', (env) => {
  let folder: string

  beforeEach(async () => {
    folder = await temporaryFolder()
  })

  afterEach(() => rm(folder, { recursive: true }))

  /** The syncs of LevelDB's log and the answers, in their order. */
  async function tracedCommits(durability: string): Promise<string[]> {
    const home = join(folder, durability)
    await mkdir(home)
    const child = startChild('commit-and-note', [home, durability], { env })
    await child.ended
    expect(child.process.exitCode).toBe(0)
    const trace = await readTrace(`${home}.trace`)
    return trace
      .map(({ name }) => (name.endsWith('.log') ? 'sync' : name))
      .filter((name) => ['sync', 'single', 'shared'].includes(name))
  }

  it('is synced before, with strict: one sync for each, or for those that come at once', async () => {
    const single = Array.from({ length: 40 }, () => ['sync', 'single']).flat()
    const shared = ['sync', ...Array.from({ length: 40 }, () => 'shared')]
    expect(await tracedCommits('strict')).toEqual([...single, ...shared])
  })

  it('is not synced with relaxed, before or after', async () => {
    const answers = await tracedCommits('relaxed')
    expect(answers).toHaveLength(80)
    expect(answers).not.toContain('sync')
  })
})
