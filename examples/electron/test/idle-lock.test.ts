import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createIdleLock } from '@stagevault/electron-vault/idle-lock'

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

describe('the idle lock', () => {
  it('locks once, that long after the last use', () => {
    const lock = vi.fn()
    const idle = createIdleLock(300, lock)
    for (let i = 0; i < 5; i++) {
      idle.touch()
      vi.advanceTimersByTime(299_999)
    }
    expect(lock).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_000_000)
    expect(lock).toHaveBeenCalledOnce()
  })

  it('does nothing before the first use, nor after it was stopped', () => {
    const lock = vi.fn()
    const idle = createIdleLock(300, lock)
    vi.advanceTimersByTime(1_000_000)
    idle.touch()
    idle.stop()
    vi.advanceTimersByTime(1_000_000)
    expect(lock).not.toHaveBeenCalled()
  })
})
