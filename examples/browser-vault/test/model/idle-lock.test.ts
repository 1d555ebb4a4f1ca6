import { expect, it } from 'vitest'
import { createIdleLock } from '@stagevault/browser-vault/model/idle-lock'
import { createHandClock } from '../support/hand-clock.js'

const MINUTE = 60_000

function startedLock(minutes: number): ReturnType<typeof createHandClock> & {
  readonly idle: ReturnType<typeof createIdleLock>
  readonly locked: () => number
} {
  const clock = createHandClock()
  let locked = 0
  const idle = createIdleLock(
    minutes,
    () => {
      locked += 1
    },
    clock,
  )
  idle.start()
  return { ...clock, idle, locked: () => locked }
}

it('locks once, when the vault was not used for so long', () => {
  const { pass, locked } = startedLock(5)
  pass(5 * MINUTE - 1)
  expect(locked()).toBe(0)
  pass(1)
  expect(locked()).toBe(1)
  pass(60 * MINUTE)
  expect(locked()).toBe(1)
})

it('starts again with every use', () => {
  const { idle, pass, locked } = startedLock(5)
  for (let i = 0; i < 10; i++) {
    pass(4 * MINUTE)
    idle.touch()
  }
  expect(locked()).toBe(0)
  pass(5 * MINUTE)
  expect(locked()).toBe(1)
})

it('locks after a sleep in which no timer ran, also when the first thing is a use', () => {
  for (const awake of ['check', 'touch'] as const) {
    const { idle, sleep, locked } = startedLock(5)
    sleep(6 * MINUTE)
    idle[awake]()
    expect(locked(), awake).toBe(1)
  }
})

it('goes by another time at once', () => {
  const { idle, pass, locked } = startedLock(60)
  pass(10 * MINUTE)
  idle.setMinutes(15)
  pass(4 * MINUTE)
  expect(locked()).toBe(0)
  idle.setMinutes(5)
  expect(locked()).toBe(1)
})

it('keeps nothing open for longer when the clock is set back', () => {
  const { idle, sleep, pass, locked } = startedLock(5)
  sleep(-60 * MINUTE)
  idle.check()
  pass(5 * MINUTE)
  expect(locked()).toBe(1)
})

it('notices a sleep of which nothing tells, within seconds', () => {
  const { sleep, pass, locked } = startedLock(60)
  sleep(60 * MINUTE)
  expect(locked()).toBe(0)
  pass(5_000)
  expect(locked()).toBe(1)
})

it('counts from when the vault was opened, also after it was locked', () => {
  const { idle, pass, locked, pending } = startedLock(5)
  pass(60 * MINUTE)
  expect(locked()).toBe(1)
  idle.touch()
  expect(pending()).toBe(0)
  idle.start()
  pass(4 * MINUTE)
  idle.touch()
  pass(4 * MINUTE)
  expect(locked()).toBe(1)
  pass(MINUTE)
  expect(locked()).toBe(2)
})

it('stops', () => {
  const { idle, pass, locked, pending } = startedLock(5)
  idle.stop()
  pass(60 * MINUTE)
  expect(locked()).toBe(0)
  expect(pending()).toBe(0)
})
