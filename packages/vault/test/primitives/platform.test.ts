/** The two implementations behind `#platform`. */
import { getEventListeners } from 'node:events'
import { platform as nodePlatform } from '#platform'
import { noblePrimitives } from '@stagevault/core/crypto/noble-primitives'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Platform, ScryptInput } from '../../dist/platform/platform.js'
import { LONG_DATA_BYTES_MIN } from '../../dist/platform/platform.js'
import { platform as webPlatform } from '../../dist/platform/web-platform.js'
import { ascii, seededBytes, suites, toHex } from './implementations.js'

const platforms: readonly (readonly [name: string, platform: Platform])[] = [
  ['node', nodePlatform],
  ['web', webPlatform],
]

// RFC 7914, section 12.
const scryptAnswers = [
  {
    password: '',
    salt: '',
    logN: 4,
    r: 1,
    p: 1,
    key:
      '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442' +
      'fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906',
  },
  {
    password: 'password',
    salt: 'NaCl',
    logN: 10,
    r: 8,
    p: 16,
    key:
      'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162' +
      '2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640',
  },
  {
    password: 'pleaseletmein',
    salt: 'SodiumChloride',
    logN: 14,
    r: 8,
    p: 1,
    key:
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
      'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  },
] as const

function scryptInput(changes: Partial<ScryptInput> = {}): ScryptInput {
  const salt = new Uint8Array(16)
  return { password: ascii('correct horse'), salt, logN: 12, r: 8, p: 1, keyBytes: 32, ...changes }
}

const REASON = new Error('the user closed the dialog')

afterEach(() => {
  vi.restoreAllMocks()
})

it('the platforms differ, and Node gets its own', () => {
  expect(nodePlatform.primitives.name).toBe('node')
  expect(webPlatform.primitives.name).toBe('noble')
  expect(Object.keys(webPlatform).sort()).toEqual(Object.keys(nodePlatform).sort())
})

it.each([LONG_DATA_BYTES_MIN, 30_720, 70_001])(
  'the web hashes %i bytes alike, at once and soon',
  async (size) => {
    const whole = seededBytes(size).bytes(size + 7)
    const [data, before] = [whole.subarray(7), toHex(whole)]
    expect(await webPlatform.hashLongData?.(data)).toEqual(nodePlatform.primitives.sha256(data))
    expect(toHex(whole)).toBe(before)
  },
)

describe.each(platforms)('%s: primitives', (_name, platform) => {
  it.each(suites)('of suite %i open what noble seals', async (suite) => {
    const [key, nonce, aad] = [new Uint8Array(32).fill(1), new Uint8Array(12), ascii('aad')]
    const box = noblePrimitives.aeadSeal(suite, key, nonce, aad, ascii('value'))
    const primitives = await platform.primitivesOf(suite)
    expect(primitives.aeadOpen(suite, key, nonce, aad, box)).toEqual(ascii('value'))
  })

  it('that are there at once have the default suite', async () => {
    expect(await platform.primitivesOf(1)).toBe(platform.primitives)
  })
})

it('the default primitives of the web have no AES, and do not use another cipher for it', () => {
  const [key, nonce, none] = [new Uint8Array(32), new Uint8Array(12), ascii('')]
  expect(() => webPlatform.primitives.aeadSeal(2, key, nonce, none, none)).toThrow(TypeError)
})

it.each(platforms)(
  '%s: finds any difference, and none between a window and a copy',
  (_name, platform) => {
    const bytes = Uint8Array.from({ length: 100 }, (_, i) => i)
    const window = Uint8Array.from([9, ...bytes, 9]).subarray(1, -1)
    expect(platform.isSame(bytes, window)).toBe(true)
    expect(platform.isSame(bytes, bytes.subarray(1))).toBe(false)
    expect(platform.isSame(bytes, bytes.subarray(0, 99))).toBe(false)
    for (const at of bytes) {
      window.set([at ^ 0x80], at)
      expect(platform.isSame(bytes, window)).toBe(false)
      window.set([at], at)
    }
  },
)

describe.each(platforms)('%s: scrypt', (_name, platform) => {
  it.each(scryptAnswers)('RFC 7914: N = 2^$logN, r = $r, p = $p', async (answer) => {
    const { logN, r, p } = answer
    const derived = await platform.scrypt({
      password: ascii(answer.password),
      salt: ascii(answer.salt),
      logN,
      r,
      p,
      keyBytes: 64,
    })
    expect(toHex(derived)).toBe(answer.key)
  })

  it('returns a plain array that owns its memory', async () => {
    const key = await platform.scrypt(scryptInput())
    expect(Object.getPrototypeOf(key)).toBe(Uint8Array.prototype)
    expect([key.byteLength, key.buffer.byteLength]).toEqual([32, 32])
  })

  it('takes the memory that it needs', async () => {
    // 64 MiB. Left to itself, Node stops at 32. The key is what both give.
    const key = await platform.scrypt(scryptInput({ logN: 16 }))
    expect(toHex(key)).toBe('ccbace3c29ab58ececf695ed6adba0a929cdac77e01bfbad1500133d8b969797')
  })

  it('reads its input at once: it may be wiped during the derivation', async () => {
    const untouched = await platform.scrypt(scryptInput())
    const input = scryptInput()
    const derivation = platform.scrypt(input)
    input.password.fill(0)
    input.salt.fill(1)
    expect(await derivation).toEqual(untouched)
  })

  it('leaves its input alone', async () => {
    const input = scryptInput()
    await platform.scrypt(input)
    expect(input.password).toEqual(ascii('correct horse'))
    expect(input.salt).toEqual(new Uint8Array(16))
  })

  it('rejects with the reason of a signal that is aborted already, and does nothing', async () => {
    const onProgress = vi.fn()
    const signal = AbortSignal.abort(REASON)
    // Were it to start, it would fail for this cost.
    const input = scryptInput({ signal, onProgress, logN: 40 })
    await expect(platform.scrypt(input)).rejects.toBe(REASON)
    expect(onProgress).not.toHaveBeenCalled()
  })

  it('rejects with the reason as soon as the signal is aborted', async () => {
    const controller = new AbortController()
    const finished = platform.scrypt(scryptInput({ logN: 15 })).then(() => 'finished')
    const onProgress = vi.fn<(fraction: number) => void>()
    const input = scryptInput({ logN: 15, signal: controller.signal, onProgress })
    const aborted = platform.scrypt(input).catch((error: unknown) => error)
    setTimeout(() => {
      controller.abort(REASON)
    })
    expect(await Promise.race([finished, aborted])).toBe(REASON)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    await finished
    expect(onProgress).not.toHaveBeenCalledWith(1)
  })

  it('rejects with a default reason too', async () => {
    const signal = AbortSignal.abort()
    await expect(platform.scrypt(scryptInput({ signal }))).rejects.toMatchObject({
      name: 'AbortError',
    })
  })

  it('leaves no listener on a signal that outlives it', async () => {
    const { signal } = new AbortController()
    await platform.scrypt(scryptInput({ signal }))
    expect(getEventListeners(signal, 'abort')).toEqual([])
    await expect(platform.scrypt(scryptInput({ signal, keyBytes: -1 }))).rejects.toThrow()
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  it('reports a progress that rises to 1, in steps one can draw', async () => {
    const fractions: number[] = []
    await platform.scrypt(scryptInput({ logN: 13, onProgress: (f) => fractions.push(f) }))
    expect(fractions.at(-1)).toBe(1)
    expect(fractions).toEqual([...new Set(fractions)].sort((a, b) => a - b))
    expect(Math.min(...fractions)).toBeGreaterThan(0)
    expect(fractions.length).toBeLessThanOrEqual(101)
  })

  it('rejects with what onProgress throws', async () => {
    const onProgress = (): void => {
      throw REASON
    }
    await expect(platform.scrypt(scryptInput({ onProgress }))).rejects.toBe(REASON)
  })
})

describe('web: scrypt', () => {
  it('reports progress on the way', async () => {
    const onProgress = vi.fn()
    await webPlatform.scrypt(scryptInput({ logN: 13, onProgress }))
    expect(onProgress.mock.calls.length).toBeGreaterThan(50)
  })

  it('stops working once aborted', async () => {
    const controller = new AbortController()
    const onProgress = vi.fn((fraction: number) => {
      if (fraction > 0.2) controller.abort(REASON)
    })
    const input = scryptInput({ signal: controller.signal, onProgress })
    await expect(webPlatform.scrypt(input)).rejects.toBe(REASON)
    expect(onProgress.mock.calls.at(-1)?.[0]).toBeLessThan(0.25)
  })
})

describe.each(platforms)('%s: randomBytes', (_name, platform) => {
  it.each([0, 1, 32, 65_535, 65_536, 65_537, 200_000])('%i bytes, to the end', (length) => {
    const bytes = platform.randomBytes(length)
    expect(Object.getPrototypeOf(bytes)).toBe(Uint8Array.prototype)
    expect([bytes.byteLength, bytes.buffer.byteLength]).toEqual([length, length])
    // 20 zero bytes where there is chance: once in 2^160.
    const unfilled: number[] = []
    for (let start = 0; start + 20 <= length; start += 20) {
      if (bytes.subarray(start, start + 20).every((byte) => byte === 0)) unfilled.push(start)
    }
    expect(unfilled).toEqual([])
  })

  it('is different each time', () => {
    const seen = new Set(Array.from({ length: 1000 }, () => toHex(platform.randomBytes(16))))
    expect(seen.size).toBe(1000)
  })

  it('refuses a length that is none', () => {
    expect(() => platform.randomBytes(-1)).toThrow(RangeError)
  })
})

describe('web: randomBytes', () => {
  it('asks for at most 65,536 bytes at once', () => {
    const ask = vi.spyOn(crypto, 'getRandomValues')
    webPlatform.randomBytes(150_000)
    const sizes = ask.mock.calls.map(([array]) => array.byteLength)
    expect(sizes).toEqual([65_536, 65_536, 18_928])
  })

  it('throws when the generator does, also late', () => {
    vi.spyOn(crypto, 'getRandomValues')
      .mockImplementationOnce((array) => array)
      .mockImplementationOnce(() => {
        throw REASON
      })
    expect(() => webPlatform.randomBytes(70_000)).toThrow(REASON)
  })
})
