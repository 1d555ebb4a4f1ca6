import type { CallTable } from './calls.js'
import { describeError } from './calls.js'

/** The part of a test framework that registers cases. */
export interface CaseFrame {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: (name: string, body: () => Promise<void>) => unknown
}

/**
 * Registers cases. A test registers them to learn their names and runs none; a page registers them
 * and runs the ones that the test calls.
 */
export type RegisterCases = (frame: CaseFrame) => void

/** The frame that calls `found` for every case, with its name after those of its groups. */
export function frameOver(
  group: CaseFrame['describe'],
  found: (path: string, name: string, body: () => Promise<void>) => void,
): CaseFrame {
  let groups: readonly string[] = []
  return {
    describe: (name, body) => {
      const inside = [...groups, name]
      // Frameworks may run the body immediately, or later after other groups.
      return group(name, () => {
        const outside = groups
        groups = inside
        body()
        groups = outside
      })
    },
    it: (name, body) => {
      found([...groups, name].join(' > '), name, body)
    },
  }
}

/** The call that runs one case. An uncaught error during the case also fails it. */
export function caseCalls(register: RegisterCases): CallTable {
  const bodies = new Map<string, () => Promise<void>>()
  register(
    frameOver(
      (_name, body) => {
        body()
      },
      (path, _name, body) => {
        if (bodies.has(path)) throw new Error(`two cases are named ${path}`)
        bodies.set(path, body)
      },
    ),
  )
  const strays: unknown[] = []
  self.addEventListener('unhandledrejection', ({ reason }) => {
    strays.push(reason)
  })
  self.addEventListener('error', ({ error, message }) => {
    strays.push(error ?? message)
  })
  return {
    runCase: async (path: string) => {
      const body = bodies.get(path)
      if (body === undefined) throw new Error(`this page has no case ${path}`)
      strays.length = 0
      await body()
      // The browser reports an unhandled rejection in a separate task.
      await new Promise((resolve) => setTimeout(resolve, 0))
      if (strays.length > 0) {
        throw new Error(`uncaught during the case: ${strays.map(describeError).join('\n')}`)
      }
    },
  }
}
