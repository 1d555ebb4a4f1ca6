import { expect, it } from 'vitest'
import {
  requireNewPassphrase,
  strengthOf,
  whyTooWeak,
} from '@stagevault/browser-vault/model/passphrase-rules'

it('takes no passphrase that is too short', async () => {
  for (const short of ['', 'short', ' '.repeat(40), '  short  ', '🐴🔋📎']) {
    expect(await whyTooWeak(short), short).toBe('A passphrase needs at least 8 characters.')
  }
})

it.each([
  'password',
  'Password1!',
  'P@ssw0rd2026',
  '12345678',
  'qwertyui',
  'qwertyuiasdfghjk',
  'aaaaaaaaaaaa',
  'abababababab',
  'iloveyou2',
  '   password   ',
])('takes no “%s”, which is guessed soon', async (weak) => {
  expect(await whyTooWeak(weak)).toBe('This passphrase is guessed too easily. Take several words.')
})

it.each(['correct horse battery', 'mein altes fahrrad', 'pässwörter', '🐴🔋📎🧷🪢🎏🪁🧵'])(
  'takes “%s”',
  async (good) => {
    expect(await whyTooWeak(good)).toBeNull()
  },
)

it('says how strong a passphrase is', async () => {
  expect(await strengthOf('password')).toEqual({ score: 0, words: 'Guessed at once' })
  expect(await strengthOf('mein altes fahrrad')).toEqual({ score: 4, words: 'Strong' })
})

it('refuses two that differ before anything else', async () => {
  await expect(requireNewPassphrase('a', 'b')).rejects.toThrow('The two passphrases differ.')
  await expect(requireNewPassphrase('password', 'password')).rejects.toThrow('too easily')
  await requireNewPassphrase('correct horse battery', 'correct horse battery')
})
