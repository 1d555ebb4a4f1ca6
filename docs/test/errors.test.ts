import ts from 'typescript'
import { expect, it } from 'vitest'
import { findPage, readPages, readText } from './support/pages.js'

/** The members of the union of codes in a source file. */
function codesIn(path: string, typeName: string): string[] {
  const file = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true)
  return file.statements.flatMap((statement) => {
    if (!ts.isTypeAliasDeclaration(statement) || statement.name.text !== typeName) return []
    if (!ts.isUnionTypeNode(statement.type)) return []
    return statement.type.types.flatMap((member) =>
      ts.isLiteralTypeNode(member) && ts.isStringLiteral(member.literal)
        ? [member.literal.text]
        : [],
    )
  })
}

it('docs/errors.md has one heading for each code and for no other', () => {
  const codes = new Set([
    ...codesIn('packages/core/src/errors.ts', 'VaultErrorCode'),
    ...codesIn('packages/storage/src/storage-error.ts', 'StorageErrorCode'),
  ])
  expect(codes.size).toBeGreaterThan(20)
  const { headings } = findPage(readPages(), 'docs/errors.md')
  const documented = headings.filter(({ level }) => level === 3).map(({ text }) => text)
  expect(documented.sort()).toEqual([...codes].sort())
})
