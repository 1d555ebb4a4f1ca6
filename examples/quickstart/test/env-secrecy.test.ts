/** No piece of a value becomes a name, is printed, or lies in the store: in any notation. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createMemoryStorage } from '@stagevault/storage/memory'
import { parseEnvFile } from '@stagevault/quickstart/env-file'
import { createReport } from '@stagevault/quickstart/report'
import { describeProblem, storeEntries } from '@stagevault/quickstart/store-entries'
import { createVault, rawKey } from 'stagevault'
import type { Quoting } from './quotings.js'
import { BARE, ENCLOSED } from './quotings.js'

const PIECE_CHARS = 8
const BASE64_WIDTHS = [16, 64, 70, 76] as const

const base64 = fc
  .tuple(fc.uint8Array({ minLength: 12, maxLength: 160 }), fc.constantFrom(...BASE64_WIDTHS))
  .map(([bytes, width]) => {
    const text = Buffer.from(bytes).toString('base64')
    return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join('\n')
  })

/** Lines of letters that may end in `=`, as Base64 without `+` and `/` does. */
const letters = fc
  .array(fc.stringMatching(/^[A-Za-z]{8,20}={0,2}$/), { minLength: 1, maxLength: 4 })
  .map((lines) => lines.join('\n'))

const armoured = fc
  .tuple(
    fc.oneof(base64, letters),
    fc.constantFrom('-----', '---- ', '--'),
    fc.constantFrom('PRIVATE KEY', 'PGP MESSAGE', 'CERTIFICATE', 'SSH2 ENCRYPTED KEY'),
    fc.constantFrom('', 'Proc-Type: 4,ENCRYPTED\n\n', 'Version: 1\n\n', 'Comment: "a=b"\n'),
  )
  .map(([body, dashes, label, header]) => {
    const close = dashes.endsWith(' ') ? ` ${dashes.trim()}` : dashes
    return `${dashes}BEGIN ${label}${close}\n${header}${body}\n${dashes}END ${label}${close}`
  })

const assignments = fc
  .array(fc.stringMatching(/^[A-Z][A-Z_]{8,12}=[a-z0-9]{8,16}$/), { minLength: 2, maxLength: 4 })
  .map((lines) => `begins\n${lines.join('\n')}\nends`)

const opaque = fc.oneof(base64, letters, armoured)
const any = fc.oneof(opaque, assignments)
const lineEnd = fc.constantFrom('\n', '\r\n')
const head = fc.constantFrom('', '\uFEFF', 'A=1\n', '# a comment\nexport A="1"\n')
const tail = fc.constantFrom('', '\n', '\nPORT=3000\n', '\n\nB="x"\nC=\'y\'\n', '\n# end\n')

/** Pieces of the text that are as long as can be no accident. */
function piecesOf(text: string): string[] {
  // What is not secret about a key: its marks and headers.
  const lines = text.split('\n').filter((line) => !/--|^(?:Proc-Type|Version|Comment):/.test(line))
  return lines.flatMap((line) =>
    Array.from({ length: Math.max(0, line.length - PIECE_CHARS + 1) }, (_, i) =>
      line.slice(i, i + PIECE_CHARS),
    ),
  )
}

/** Names and messages that a file leads to. */
function readInClear(file: string): string {
  const { entries, problems } = parseEnvFile(file)
  const told = problems.map((problem) => describeProblem(problem))
  return [...entries.map(({ name }) => name), ...told].join('\n')
}

/** Everything that stands in the clear once a file was stored: on the screen and in the store. */
async function storeInClear(file: string): Promise<string> {
  let shown = ''
  const write = (text: string): void => {
    shown += text
  }
  const storage = createMemoryStorage()
  const vault = await createVault({ storage, unlock: rawKey(new Uint8Array(32).fill(7)) })
  await storeEntries(vault, createReport({ write }, false), parseEnvFile(file))
  await vault.close()
  const records = await storage.scan({ start: '!', end: '~', limit: 1_000 })
  const stored = records.map(({ key, value }) => key + Buffer.from(value).toString('latin1'))
  return [shown, ...stored].join('\n')
}

/** A text in a notation, with other lines round it. */
function fileOf(quoting: Quoting, secrets: fc.Arbitrary<string>) {
  return fc.record({ text: secrets, head, tail, lineEnd }).map((parts) => {
    const file = `${parts.head}${quoting(parts.text)}${parts.tail}`
    return { text: parts.text, file: file.replaceAll('\n', parts.lineEnd) }
  })
}

const FILES = [
  ...Object.entries(ENCLOSED).map(([name, quoting]) => [name, fileOf(quoting, any)] as const),
  ...Object.entries(BARE).map(([name, quoting]) => [name, fileOf(quoting, opaque)] as const),
]

function expectNoPiece(clear: string, text: string): void {
  expect(piecesOf(text).filter((piece) => clear.includes(piece))).toEqual([])
}

it.each(FILES)('no piece is a name or in a message: %s', (_name, files) => {
  fc.assert(
    fc.property(files, ({ text, file }) => {
      expectNoPiece(readInClear(file), text)
    }),
  )
})

it('no piece is printed or in a record', async () => {
  const files = fc.oneof(...FILES.map(([, each]) => each))
  const property = fc.asyncProperty(files, async ({ text, file }) => {
    expectNoPiece(await storeInClear(file), text)
  })
  await fc.assert(property)
})

it('a piece that became a name is in the clear', async () => {
  expect(await storeInClear('AbCdEfGhIj=x')).toContain('AbCdEfGh')
  expect(readInClear('AbCdEfGhIj=x')).toContain('AbCdEfGh')
})
