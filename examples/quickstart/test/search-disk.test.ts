import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFolder } from '@stagevault/quickstart/folder-contents'
import { createReport } from '@stagevault/quickstart/report'
import { searchDisk } from '@stagevault/quickstart/search-disk'
import { formsOf, isSearchable, piecesOf } from '@stagevault/quickstart/written-forms'

const SECRET = 'a value of some length, which is cut in two'
const NAME = 'SOME_NAME'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'search-disk-test-'))
  writeFileSync(join(folder, 'names'), `\0${NAME}\0`)
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

/** What the search prints when `bytes` lie in the folder, and were not there `before`. */
async function search(
  bytes: Uint8Array,
  { values = [SECRET], before }: { values?: readonly string[]; before?: Uint8Array } = {},
): Promise<{ readonly output: string; readonly failed: number }> {
  const path = join(folder, '000003.log')
  writeFileSync(path, before ?? '')
  const contents = await readFolder(folder)
  writeFileSync(path, bytes)
  let output = ''
  const report = createReport(
    {
      write: (text) => {
        output += text
      },
    },
    false,
  )
  await searchDisk(report, {
    location: folder,
    before: contents,
    passphraseText: 'a long passphrase',
    values,
    names: [NAME],
    plainTexts: ['ACSCurrent'],
  })
  return { output, failed: report.totals().failed }
}

function amidst(text: Buffer | string): Buffer {
  return Buffer.concat([Buffer.alloc(1000, 0xa5), Buffer.from(text), Buffer.alloc(1000, 0x5a)])
}

describe('searchDisk', () => {
  it('is content with a folder that holds the names alone', async () => {
    expect(await search(amidst(''))).toMatchObject({ failed: 0 })
  })

  it.each<readonly [form: string, bytes: Buffer]>([
    ['utf8', Buffer.from(SECRET)],
    ['utf16le', Buffer.from(SECRET, 'utf16le')],
    ['utf16be', Buffer.from(SECRET, 'utf16le').swap16()],
    ['hexadecimal', Buffer.from(Buffer.from(SECRET).toString('hex'))],
    ['HEXADECIMAL', Buffer.from(Buffer.from(SECRET).toString('hex').toUpperCase())],
    ...['', '1', '22'].map(
      (pad) =>
        [
          `base64 behind ${pad.length} bytes`,
          Buffer.from(btoa(`${pad}${SECRET} and more`)),
        ] as const,
    ),
    ['base64url', Buffer.from(Buffer.from(`${SECRET} and more`).toString('base64url'))],
    ['its first half', Buffer.from(SECRET.slice(0, 22))],
    ['its second half', Buffer.from(SECRET.slice(-22))],
  ])('finds a value as %s', async (_form, bytes) => {
    const { output, failed } = await search(amidst(bytes))
    expect(failed).toBe(1)
    expect(output).toContain('✗ FAILED: none of 1 values lies there in the clear')
    expect(output).not.toContain(SECRET)
  })

  it('finds a Base64 value with characters that the two alphabets write differently', async () => {
    const secret = 'ÿþ>>>???~~~ÿþ'
    const bytes = amidst(Buffer.from(`x${secret}y`).toString('base64url'))
    expect(await search(bytes, { values: [secret] })).toMatchObject({ failed: 1 })
  })

  it('finds the passphrase', async () => {
    expect((await search(amidst('a long passphrase'))).output).toContain('✗ FAILED: nor does')
  })

  it('says so when even the names cannot be found: the search itself would be broken', async () => {
    writeFileSync(join(folder, 'names'), '')
    expect((await search(amidst(''))).output).toContain('✗ FAILED: the same search does find')
  })

  it('does not take for a leak what stood there before, or is a name', async () => {
    const { output, failed } = await search(amidst('standing here'), {
      values: ['standing here', NAME, 'Recovering'],
      before: amidst('standing here'),
    })
    expect(failed).toBe(0)
    expect(output).toContain('! 3 not searched for')
  })

  it('says how many it cannot search for', async () => {
    const values = ['4711', '12345678901', 'seven77']
    expect((await search(amidst(''), { values })).output).toContain('! 3 too short')
  })
})

describe('forms', () => {
  it('of Base64 hold what the text alone decides', () => {
    const [first = '', second = '', third = ''] = formsOf('mnopqr')
      .slice(5, 8)
      .map((form) => form.toString())
    expect(btoa('mnopqr--')).toContain(first)
    expect(btoa('xmnopqr-')).toContain(second)
    expect(btoa('xxmnopqr')).toContain(third)
    expect([first, second, third].map((form) => form.length)).toEqual([8, 7, 7])
  })

  it('are searched for from eight bytes and twelve digits', () => {
    expect(['1234567', 'abcdefg', '12345678901', ''].some(isSearchable)).toBe(false)
    expect(['abcdefgh', '1234567x', '123456789012', 'пароль'].every(isSearchable)).toBe(true)
  })

  it('are taken of halves that join to the whole', () => {
    const [whole, first = '', second = ''] = piecesOf(SECRET)
    expect(whole).toBe(SECRET)
    expect(first + second).toBe(SECRET)
    expect(piecesOf('short enough')).toEqual(['short enough'])
  })
})
