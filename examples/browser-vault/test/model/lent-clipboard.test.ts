import { expect, it } from 'vitest'
import type { ClipboardState, LentClipboard } from '@stagevault/browser-vault/model/lent-clipboard'
import {
  CLIPBOARD_SECONDS,
  createLentClipboard,
} from '@stagevault/browser-vault/model/lent-clipboard'
import { createHandClock } from '../support/hand-clock.js'

interface Desk {
  readonly clipboard: LentClipboard
  readonly lend: (text: string) => Promise<void>
  /** What is on the clipboard. */
  content: string
  /** Whether the browser lets the page at it. */
  mayWrite: boolean
  /** Whether a write that was asked for early is made when it is wanted. */
  mayWriteLater: boolean
  mayRead: boolean
  /** Writes that were asked for and neither made nor dropped. */
  asked: number
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
      write: async (coming) => {
        const text = await coming
        await desk.writing
        if (!desk.mayWrite) throw new Error('not allowed')
        desk.content = text
      },
      writeLater: () => {
        desk.asked += 1
        return {
          make: async (coming) => {
            desk.asked -= 1
            const text = await coming
            if (!desk.mayWriteLater) throw new Error('not allowed')
            desk.content = text
          },
          drop: () => {
            desk.asked -= 1
          },
        }
      },
      read: () => Promise.resolve(desk.mayRead ? desk.content : null),
      show: (state) => {
        desk.states.push(state)
      },
    }),
    lend: (text) => desk.clipboard.lend(Promise.resolve(text)),
    sleep: clock.sleep,
    content: '',
    asked: 0,
    mayWrite: true,
    mayWriteLater: true,
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
  await desk.lend('value')
  await desk.seconds(CLIPBOARD_SECONDS - 1)
  expect(desk.content).toBe('value')
  expect(desk.states.at(-1)).toEqual({ kind: 'lent', secondsLeft: 1 })
  await desk.seconds(1)
  expect(desk.content).toBe('')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
  expect(desk.states).toHaveLength(CLIPBOARD_SECONDS + 1)
})

it('takes the value off with no person there, as one asked for earlier', async () => {
  const desk = createDesk()
  await desk.lend('value')
  desk.mayWrite = false
  await desk.seconds(CLIPBOARD_SECONDS)
  expect(desk.content).toBe('')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('asks to write later for one value at a time, and not for what was taken back', async () => {
  const desk = createDesk()
  await desk.lend('one')
  await desk.lend('two')
  expect(desk.asked).toBe(1)
  desk.content = 'something of mine'
  await desk.clipboard.takeBack()
  expect(desk.asked).toBe(0)
})

it('leaves a value that is put there while the time of another runs out', async () => {
  const desk = createDesk()
  await desk.lend('one')
  await desk.seconds(29)
  let letGo = (): void => undefined
  desk.writing = new Promise((resolve) => {
    letGo = resolve
  })
  const lending = desk.lend('two')
  await desk.seconds(1)
  letGo()
  await lending
  await desk.seconds(1)
  expect(desk.content).toBe('two')
  expect(desk.states.at(-1)).toEqual({ kind: 'lent', secondsLeft: CLIPBOARD_SECONDS - 1 })
})

it('lends nothing where the value does not come', async () => {
  const desk = createDesk()
  const lending = desk.clipboard.lend(Promise.reject(new Error('locked')))
  await expect(lending).rejects.toThrow('locked')
  expect(desk.content).toBe('')
  expect([desk.asked, desk.states]).toEqual([0, []])
})

it('leaves what was copied since', async () => {
  const desk = createDesk()
  await desk.lend('value')
  desk.content = 'something of mine'
  await desk.seconds(CLIPBOARD_SECONDS)
  expect(desk.content).toBe('something of mine')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('takes off what it cannot look at', async () => {
  const desk = createDesk()
  desk.mayRead = false
  await desk.lend('value')
  await desk.seconds(CLIPBOARD_SECONDS)
  expect(desk.content).toBe('')
})

it('starts again with another value', async () => {
  const desk = createDesk()
  await desk.lend('one')
  await desk.seconds(20)
  await desk.lend('two')
  await desk.seconds(20)
  expect(desk.content).toBe('two')
  await desk.seconds(10)
  expect(desk.content).toBe('')
})

it('says that it was refused, and tries again when a person acts', async () => {
  const desk = createDesk()
  desk.mayWriteLater = false
  await desk.lend('value')
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

it('is not hurried by a person who acts', async () => {
  const desk = createDesk()
  await desk.lend('value')
  await desk.clipboard.retry()
  expect(desk.content).toBe('value')
})

it('takes the value off at once when it is told to, and only what it lent', async () => {
  const desk = createDesk()
  desk.content = 'before'
  await desk.clipboard.takeBack()
  expect(desk.content).toBe('before')
  await desk.lend('value')
  await desk.clipboard.takeBack()
  expect(desk.content).toBe('')
  await desk.seconds(60)
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('takes back what is only being put there', async () => {
  const desk = createDesk()
  let letGo = (): void => undefined
  desk.writing = new Promise((resolve) => {
    letGo = resolve
  })
  const lending = desk.lend('value')
  const taken = desk.clipboard.takeBack()
  letGo()
  await Promise.all([lending, taken])
  expect(desk.content).toBe('')
  expect(desk.states.at(-1)).toEqual({ kind: 'empty' })
})

it('has left after a sleep, in which no timer ran, as soon as a person acts', async () => {
  const desk = createDesk()
  await desk.lend('value')
  desk.sleep(CLIPBOARD_SECONDS * 1000)
  await desk.clipboard.retry()
  await desk.seconds(0)
  expect(desk.content).toBe('')
})

it('lends nothing where it is refused', async () => {
  const desk = createDesk()
  desk.mayWrite = false
  await expect(desk.lend('value')).rejects.toThrow('not allowed')
  desk.mayWrite = true
  await desk.seconds(60)
  expect(desk.states).toEqual([])
})
