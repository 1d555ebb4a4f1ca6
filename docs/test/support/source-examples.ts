/**
 * The examples of TSDoc comments as programs. Each is put behind a fixture: `storage` in memory,
 * `key`, `unlock`, and `vault` with the secrets `MyApp/db` (two versions, a tag) and `MyApp/config`
 * (JSON). Everything that 'stagevault' exports is in scope.
 */
import ts from 'typescript'
import type { ExampleProgram } from './example-programs.js'
import { parseMarkdown } from './markdown.js'
import { readText } from './pages.js'

const IN_SCOPE = [
  'StorageError',
  'createVault',
  'generateKey',
  'isIntegrityError',
  'isStorageError',
  'isVaultError',
  'keyProvider',
  'openVault',
  'passphrase',
  'rawKey',
]

const FIXTURE = [
  "import { createMemoryStorage } from '@stagevault/storage/memory'",
  `import { ${IN_SCOPE.join(', ')} } from 'stagevault'`,
  `void [${IN_SCOPE.join(', ')}]`,
  'const storage = createMemoryStorage()',
  'const key = generateKey()',
  'const unlock = rawKey(key)',
  'const vault = await createVault({ storage, unlock })',
  "const team = [{ tagKey: 'team', tagValue: 'a' }]",
  "await vault.createSecret({ secretName: 'MyApp/db', secretData: 'old password', tags: team })",
  "await vault.putSecretValue({ secretName: 'MyApp/db', secretData: 'a later one' })",
  `const config = '{"host":"h","port":5432}'`,
  "await vault.createSecret({ secretName: 'MyApp/config', secretData: config })",
].join('; ')

export interface SourceExample extends ExampleProgram {
  /** The function, or the member of an interface, that the comment is about. */
  readonly member: string
}

/** The examples in the comments of a source file. */
export function sourceExamples(path: string): SourceExample[] {
  const text = readText(path)
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const found: SourceExample[] = []
  const visit = (node: ts.Node): void => {
    for (const comment of ts.getJSDocCommentsAndTags(node)) {
      if (!ts.isJSDoc(comment) || !comment.getText(file).includes('@example')) continue
      const { line } = file.getLineAndCharacterOfPosition(comment.getStart(file))
      const lines = comment.getText(file).split('\n')
      const markdown = lines.map((each) => each.replace(/^\s*(\/\*\*|\*\/|\* ?)/, '')).join('\n')
      for (const block of parseMarkdown(markdown).blocks) {
        const at = line + block.line
        const member = memberName(node, file)
        found.push({
          title: `${path}:${at} ${member}`,
          member,
          file: `${path.replaceAll('/', '-').replace(/\.ts$/, '')}/line-${at}.ts`,
          page: path,
          source: `${FIXTURE}${'\n'.repeat(at - 1)}${block.text}\n`,
          isRun: true,
          isForElectron: false,
          prints: [...block.text.matchAll(/\/\/ → (.*)$/gm)].map(([, output = '']) => output),
        })
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The members of an interface. */
export function membersOf(path: string, name: string): string[] {
  const file = ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true)
  return file.statements.flatMap((statement) =>
    ts.isInterfaceDeclaration(statement) && statement.name.text === name
      ? statement.members.map((member) => memberName(member, file))
      : [],
  )
}

function memberName(node: ts.Node, file: ts.SourceFile): string {
  const { name } = node as { name?: ts.Node }
  return name?.getText(file) ?? 'a node without a name'
}
