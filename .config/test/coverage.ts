import ts from 'typescript'
import { visitNodes, type SourceFile } from './source-files.js'

/**
 * The rules that `docs/rules.md` states itself: one row each. Tests carry them in their titles. The
 * rules of the byte format stand there in ranges, and other tests prove them.
 */
export function readRuleIds(markdown: string): string[] {
  return [...markdown.matchAll(/^\| ([A-Z]{3}-[1-9]\d*) \|.{20,}\|$/gm)]
    .filter(([row]) => !/\]\(format\/[^)]+\) \|$/.test(row))
    .map(([, id = '']) => id)
}

/** The members of a union of codes, less those whose comment says that they come later. */
export function readCodes(file: SourceFile, typeName: string): string[] {
  const codes: string[] = []
  visitNodes(file, (node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== typeName) return
    const members = ts.isUnionTypeNode(node.type) ? node.type.types : [node.type]
    let previousEnd = node.name.end
    for (const member of members) {
      const comment = file.text.slice(previousEnd, member.getStart(file.tree))
      previousEnd = member.end
      const literal = ts.isLiteralTypeNode(member) ? member.literal : undefined
      if (literal === undefined || !ts.isStringLiteral(literal)) continue
      if (!/\blater\b/i.test(comment)) codes.push(literal.text)
    }
  })
  return codes
}

/** Codes without a heading of their own. */
export function findUndocumentedCodes(codes: readonly string[], markdown: string): string[] {
  const headings = markdown.split('\n').filter((line) => /^#{2,6} /.test(line))
  return codes.filter((code) => !headings.some((heading) => names(heading, code)))
}

/** Codes that no test names. */
export function findUntestedCodes(
  codes: readonly string[],
  tests: readonly SourceFile[],
): string[] {
  const strings = readStrings(tests)
  return codes.filter((code) => !strings.some((text) => names(text, code)))
}

/** Rules that no test is named after. Titles often stand in tables, so any string will do. */
export function findUntestedRules(ids: readonly string[], tests: readonly SourceFile[]): string[] {
  const strings = readStrings(tests)
  return ids.filter((id) => !strings.some((text) => names(text, id)))
}

function readStrings(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const strings: string[] = []
    visitNodes(file, (node) => {
      const isText =
        ts.isStringLiteralLike(node) ||
        ts.isTemplateHead(node) ||
        ts.isTemplateMiddleOrTemplateTail(node)
      if (isText) strings.push(node.text)
    })
    return strings
  })
}

/** Whether `word` stands in the text as a whole: `LBL-1` is not in `LBL-10`. */
function names(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w-])${word}(?!\\w)`).test(text)
}
