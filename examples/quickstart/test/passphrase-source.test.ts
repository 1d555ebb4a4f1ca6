import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { choosePassphrase } from '@stagevault/quickstart/passphrase-source'

/** A person who types `keys`, all at once and before being asked. */
function typing(keys: string, isTTY = true) {
  const input = Object.assign(new PassThrough(), { isTTY })
  const screen = { shown: '' }
  const output = {
    isTTY,
    write: (text: string) => {
      screen.shown += text
    },
  }
  input.write(keys)
  return { keyboard: { input, output }, screen }
}

describe('choosePassphrase', { timeout: 10_000 }, () => {
  it('prefers the environment, and does not ask', async () => {
    const { keyboard, screen } = typing('typed\rtyped\r')
    const chosen = await choosePassphrase({ STAGEVAULT_PASSPHRASE: 'given' }, keyboard)
    expect(chosen).toMatchObject({ text: 'given', isGenerated: false })
    expect(screen.shown).toBe('')
  })

  it('asks twice and shows nothing of the answers', async () => {
    const { keyboard, screen } = typing('pass wörd\rpass wörd\r')
    expect(await choosePassphrase({}, keyboard)).toMatchObject({
      text: 'pass wörd',
      isGenerated: false,
    })
    expect(screen.shown).toMatch(/^Passphrase.*: \nThe same once more: \n$/)
  })

  it('lets mistakes be corrected', async () => {
    const { keyboard } = typing('pasx\u007Fs\rpass\r')
    expect(await choosePassphrase({}, keyboard)).toMatchObject({ text: 'pass' })
  })

  it('refuses two answers that differ', async () => {
    const { keyboard } = typing('one\rother\r')
    await expect(choosePassphrase({}, keyboard)).rejects.toThrow('the two passphrases differ')
  })

  it.each([
    ['control-C', '\u0003'],
    ['control-C after the first', 'one\r\u0003'],
    ['the end', '\u0004'],
  ])('ends at %s', async (_what, keys) => {
    const { keyboard } = typing(keys)
    await expect(choosePassphrase({}, keyboard)).rejects.toThrow('no passphrase, no vault')
  })

  it('makes one up for an empty answer, and if there is no terminal to ask at', async () => {
    const pattern = /^([a-km-np-z2-9]{4}-){4}[a-km-np-z2-9]{4}$/
    const asked = await choosePassphrase({}, typing('\r').keyboard)
    const unasked = await choosePassphrase(
      { STAGEVAULT_PASSPHRASE: '' },
      typing('', false).keyboard,
    )
    for (const { text, isGenerated } of [asked, unasked]) {
      expect(text).toMatch(pattern)
      expect(isGenerated).toBe(true)
    }
    expect(asked.text).not.toBe(unasked.text)
  })
})
