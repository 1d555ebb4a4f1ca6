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
import { any, head, lineEnd, opaque, piecesOf, tail } from './secret-texts.js'

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

/** Its last line may be a statement with an empty value: the README names it. */
const UNDECIDABLE = 'no quotes'

it.each(FILES.filter(([name]) => name !== UNDECIDABLE))(
  'a value is stored as a whole or not at all: %s',
  (_name, files) => {
    fc.assert(
      fc.property(files, ({ text, file }) => {
        const lines = text.split('\n').filter((line) => piecesOf(line).length > 0)
        const counts = parseEnvFile(file).entries.map(
          ({ value }) => lines.filter((line) => value.includes(line)).length,
        )
        expect(counts.filter((count) => count !== 0 && count !== lines.length)).toEqual([])
      }),
    )
  },
)

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
