import { afterEach, expect, it, vi } from 'vitest'
import { findEngine } from '@stagevault/browser-engines'
import type { EngineName } from '@stagevault/browser-engines'

const VARIABLES: readonly (readonly [EngineName, string])[] = [
  ['chromium', 'STAGEVAULT_CHROMIUM'],
  ['firefox', 'STAGEVAULT_FIREFOX'],
  ['webkit', 'STAGEVAULT_WEBKIT_DRIVER'],
]

afterEach(() => {
  vi.unstubAllEnvs()
})

it.each(VARIABLES)('%s is the binary that %s names', async (name, variable) => {
  vi.stubEnv(variable, process.execPath)
  vi.stubEnv('STAGEVAULT_WEBKIT', process.execPath)
  vi.stubEnv('DISPLAY', ':0')
  expect(await findEngine(name)).toMatchObject({ engine: { name } })
})

it.each(VARIABLES)(
  '%s is not looked for elsewhere when %s names nothing',
  async (name, variable) => {
    vi.stubEnv(variable, `${process.execPath}-is-not-here`)
    await expect(findEngine(name)).rejects.toThrow(variable)
  },
)

it('a missing engine is told with how to get it', async () => {
  vi.stubEnv('STAGEVAULT_WEBKIT_DRIVER', undefined)
  vi.stubEnv('PATH', '')
  const found = await findEngine('webkit')
  expect('missing' in found && found.missing).toMatch(/^webkit is not tested: .*install/)
})
