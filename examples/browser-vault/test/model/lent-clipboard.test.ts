import { expect, it } from 'vitest'
import type {
  ClipboardState, LentClipboard,
} from '@stagevault/browser-vault/model/lent-clipboard'
import {
  CLIPBOARD_SECONDS, createLentClipboard,
} from '@stagevault/browser-vault/model/lent-clipboard'
import { createHandClock } from '../support/hand-clock.js'

interface Desk {
  readonly clipboard: LentClipboard
  /** What is on the clipboard. */
  content: string
  /** Whether the browser lets the page at it. */
  mayWrite: boolean
  mayRead: boolean
  /** What a write waits for. */
  writing: Promise<void>
  readonly states: ClipboardState[]
  readonly seconds: (count: number) => Promise<void>
  readonly sleep: (milliseconds: number) => void
}

function createDesk(): Desk {
  const clock = createHandClock()
  const desk: Desk = {
    clipboard: createLentClipboard({
      ...clock,
      write: async (text) => {
        await desk.writing
        if (!desk.mayWrite) throw new Error('not allowed')
        desk.content = text
      },
      read: () => Promise.resolve(desk.mayRead ? desk.content : null),
      show: (state) => { desk.states.push(state) },
    }),
    sleep: clock.sleep,
    content: '',
    mayWrite: true,
    mayRead: true,
    writing: Promise.resolve(),
    states: [],
    seconds: async (count) => {
      clock.pass(count * 1000)
      // What a timer began goes on over some turns.
      for (let i = 0; i < 10; i++) await Promise.resolve()
    },
  }
  return desk
}

it('counts down and takes the value off', async () => {
  const desk = createDesk()
  await desk.clipboard.lend('value')
  await desk.seconds(CLIPBOARD_SECONDS - 1)
  expect(desk.content).toBe('value')
  expect(desk.states.at(-1)).toEqual({ kind: 'lent', secondsLeft: 1 })
  await desk.seconds(1)
  expect(desk.content).toBe('')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
  expect(desk.states).toHaveLength(CLIPBOARD_SECONDS + 1)
})

it('leaves what was copied since', async () => {
  const desk = createDesk()
  await desk.clipboard.lend('value')
  desk.content = 'something of mine'
  await desk.seconds(CLIPBOARD_SECONDS)
  expect(desk.content).toBe('something of mine')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('takes off what it cannot look at', async () => {
  const desk = createDesk()
  desk.mayRead = false
  await desk.clipboard.lend('value')
  await desk.seconds(CLIPBOARD_SECONDS)
  expect(desk.content).toBe('')
})

it('begins anew with another value', async () => {
  const desk = createDesk()
  await desk.clipboard.lend('one')
  await desk.seconds(20)
  await desk.clipboard.lend('two')
  await desk.seconds(20)
  expect(desk.content).toBe('two')
  await desk.seconds(10)
  expect(desk.content).toBe('')
})

it('says that it was refused, and tries again when somebody acts', async () => {
  const desk = createDesk()
  await desk.clipboard.lend('value')
  desk.mayWrite = false
  await desk.seconds(CLIPBOARD_SECONDS)
  expect(desk.states.at(-1)).toEqual({ kind: 'overdue' })
  await desk.clipboard.retry()
  expect(desk.content).toBe('value')
  desk.mayWrite = true
  await desk.clipboard.retry()
  expect(desk.content).toBe('')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('is not hurried by somebody who acts', async () => {
  const desk = createDesk()
  await desk.clipboard.lend('value')
  await desk.clipboard.retry()
  expect(desk.content).toBe('value')
})

it('takes the value off at once when it is told to, and only what it lent', async () => {
  const desk = createDesk()
  desk.content = 'before'
  await desk.clipboard.takeBack()
  expect(desk.content).toBe('before')
  await desk.clipboard.lend('value')
  await desk.clipboard.takeBack()
  expect(desk.content).toBe('')
  await desk.seconds(60)
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('takes back what is only being put there', async () => {
  const desk = createDesk()
  let letGo = (): void => undefined
  desk.writing = new Promise((resolve) => { letGo = resolve })
  const lending = desk.clipboard.lend('value')
  const taken = desk.clipboard.takeBack()
  letGo()
  await Promise.all([lending, taken])
  expect(desk.content).toBe('')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('has left after a sleep, in which no timer ran, as soon as somebody acts', async () => {
  const desk = createDesk()
  await desk.clipboard.lend('value')
  desk.sleep(CLIPBOARD_SECONDS * 1000)
  await desk.clipboard.retry()
  await desk.seconds(0)
  expect(desk.content).toBe('')
})

it('lends nothing where it is refused', async () => {
  const desk = createDesk()
  desk.mayWrite = false
  await expect(desk.clipboard.lend('value')).rejects.toThrow('not allowed')
  desk.mayWrite = true
  await desk.seconds(60)
  expect(desk.states).toEqual([])
})
