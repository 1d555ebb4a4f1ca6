import { posix } from 'node:path'
import ts from 'typescript'
import {
  isPackageSource,
  place,
  visitNodes,
  type SourceFile,
  type TextFile,
} from './source-files.js'

/** Words that say nothing about what a thing does, so they attract everything. */
const EMPTY_WORDS = /^(managers?|helpers?|utils?|utility|utilities)$/

/** Names given in this repository (imported names are other people's) and names of files. */
export function findEmptyNames(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const stem = posix.basename(file.path).split('.')[0] ?? ''
    const found = stem.split('-').some((word) => EMPTY_WORDS.test(word))
      ? [`${file.path} is named after nothing`]
      : []
    visitNodes(file, (node) => {
      const name = givenName(node)
      if (name !== null && isEmptyName(name, node)) found.push(`${place(file, node)} names ${name}`)
    })
    return found
  })
}

function givenName(node: ts.Node): string | null {
  const isNamed =
    ts.isVariableDeclaration(node) ||
    ts.isBindingElement(node) ||
    ts.isParameter(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isFunctionExpression(node) ||
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isTypeParameterDeclaration(node) ||
    ts.isPropertySignature(node) ||
    ts.isPropertyDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isAccessor(node)
  if (!isNamed || node.name === undefined || !ts.isIdentifier(node.name)) return null
  return node.name.text
}

function isEmptyName(name: string, node: ts.Node): boolean {
  const words = name.split(/_|(?<=[a-z0-9])(?=[A-Z])/).map((word) => word.toLowerCase())
  if (words.some((word) => EMPTY_WORDS.test(word))) return true
  if (/^data\d+$/i.test(name)) return true
  // A handle is a thing one may hold; "to handle" is a way not to say what is done.
  return words[0] === 'handle' && isCallable(node)
}

function isCallable(node: ts.Node): boolean {
  if (ts.isFunctionLike(node)) return true
  const type = ts.isPropertySignature(node) || ts.isParameter(node) ? node.type : undefined
  if (type !== undefined && ts.isFunctionTypeNode(type)) return true
  const value =
    ts.isVariableDeclaration(node) || ts.isPropertyDeclaration(node) ? node.initializer : undefined
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value))
}

// Put together here, so that a search for the words finds only what should not be there.
const MARKERS = [
  ['TO', 'DO'],
  ['FIX', 'ME'],
  ['@ts-', 'ignore'],
  ['@ts-', 'nocheck'],
  ['eslint-', 'disable'],
].map((parts) => parts.join(''))
const UNFINISHED = new RegExp(`(?<!\\w)(${MARKERS.join('|')})`)
const NARROWED = /\b(it|test|describe|suite|bench)(\.\w+)*\.(only|skip|todo)\b/

/** Work left undone, rules switched off, tests left out. */
export function findMarkers(files: readonly TextFile[]): string[] {
  return findLines(files, (line) => (UNFINISHED.exec(line) ?? NARROWED.exec(line))?.[0] ?? null)
}

/** Folders that exist on one machine, registry hosts, and credentials for them. */
const MACHINE_PATH = /(?<![\w.~*$}])\/(?:(?:home|Users|root|work)\/|tmp\/bash)[\w.]|\w:\\+Users/
const REGISTRY_HOST = /\bregistry\.[\w-]+\.\w{2,}|\bnpm\.pkg\.|\bdeb\.debian\b|_auth(?:Token)?=/

export function findMachineTraces(files: readonly TextFile[]): string[] {
  return findLines(
    files,
    (line) => (MACHINE_PATH.exec(line) ?? REGISTRY_HOST.exec(line))?.[0] ?? null,
  )
}

function findLines(files: readonly TextFile[], match: (line: string) => string | null): string[] {
  return files
    .filter(({ text }) => !text.includes('\0'))
    .flatMap(({ path, text }) =>
      text.split('\n').flatMap((line, index) => {
        const found = match(line)
        return found === null ? [] : [`${path}:${index + 1} has ${found}`]
      }),
    )
}

/** A word or phrase that is not used, and what to write instead. */
interface BannedPhrase {
  /**
   * Matched between word boundaries, in any case unless it has capitals itself. A space stands for
   * any white space, and for the end of a line within a comment.
   */
  readonly banned: string
  readonly preferred: string
}

/** Old-fashioned or vague words, and second names for things that `docs/glossary.md` names. */
const BANNED_PHRASES: readonly BannedPhrase[] = [
  { banned: 'whoever|whomever|whosoever', preferred: 'anyone who, the caller that' },
  { banned: 'for who', preferred: 'for callers that' },
  { banned: 'somebody', preferred: 'someone, an attacker, another process' },
  { banned: "nobody(?:'s)?", preferred: 'no caller, no handle, no process' },
  { banned: 'everybody', preferred: 'everyone, every program' },
  { banned: 'whatever', preferred: 'any, everything that' },
  { banned: 'what was given', preferred: 'the name of the argument' },
  { banned: 'anew', preferred: 'again' },
  { banned: 'meanwhile', preferred: 'during …, since, at the same time' },
  { banned: 'beside', preferred: 'next to, besides, in addition to' },
  { banned: 'as well(?! as)', preferred: 'also, too' },
  { banned: '(?<!delet(?:e|es|ed|ing|ion) )for good', preferred: 'permanently' },
  { banned: 'all the same', preferred: 'still, nevertheless' },
  { banned: 'in vain', preferred: 'without effect' },
  { banned: '(?<!would )be it', preferred: 'whether it is' },
  { banned: 'mend(?:s|ed|ing)?', preferred: 'repair, fix' },
  { banned: 'upon', preferred: 'on' },
  { banned: 'lest|whilst|albeit|ere', preferred: 'so that … not, while, although, before' },
  { banned: 'thereof|therein|thereby|whereof|whence|thence', preferred: 'a noun' },
  { banned: 'henceforth|hitherto', preferred: 'from then on, until then' },
  { banned: 'knows (?:no|nothing|neither)', preferred: 'has no, does not depend on' },
  {
    banned: '(?:store|storage|disk|core|root|head|record) (?:knows|tells|gives|believes)',
    preferred: 'contains, shows, returns',
  },
  // Code of ciphers has variables, and test vectors have fields, with this name in lower case.
  { banned: 'AAD', preferred: 'associated data' },
  { banned: 'additional (?:authenticated )?data', preferred: 'associated data' },
  { banned: 'guess(?:ed)? (?:head|record|version)s?', preferred: 'cached head, expected version' },
  { banned: 'master key', preferred: 'root key, KEK' },
]
const GAP = String.raw`\s+(?:(?:\*|//)\s+)?`
const PHRASE_PATTERNS = BANNED_PHRASES.map(({ banned, preferred }) => ({
  // The group keeps the boundaries outside of the alternatives.
  pattern: new RegExp(
    String.raw`(?<!\w)(?:${banned.replaceAll(' ', GAP)})(?!\w)`,
    /[A-Z]/.test(banned) ? 'g' : 'gi',
  ),
  preferred,
}))

/** Phrases may run over the end of a line, so texts are searched whole. */
export function findBannedPhrases(files: readonly TextFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    PHRASE_PATTERNS.flatMap(({ pattern, preferred }) =>
      [...text.matchAll(pattern)].map(({ 0: phrase, index }) => {
        const line = text.slice(0, index).split('\n').length
        const said = phrase.replaceAll(new RegExp(GAP, 'g'), ' ')
        return `${path}:${line} says "${said}"; write: ${preferred}`
      }),
    ),
  )
}

/** The files that the list applies to; `/./` would apply it to all. */
const WORDED = new RegExp(
  [
    String.raw`^(?:[^/]+|docs/.+|bench/.+|packages/[^/]+/(?:README|CHANGELOG)|examples/[^/]+/README)\.md$`,
    // A page's text, and the description of a package.
    String.raw`\.html$|(?:^|/)package\.json$`,
    String.raw`\.[cm]?[jt]s$`,
  ].join('|'),
)
/**
 * The glossary, the list and its tests quote the words that they advise against; the tool has the
 * name of a published test vector.
 */
const QUOTING = /^docs\/(?:glossary\.md|tools\/envelope-faults\.ts)$|^\.config\/test\/wording\./

export function isHeldToPhrases({ path }: TextFile): boolean {
  return WORDED.test(path) && !QUOTING.test(path)
}

const STAGE_LABEL = /ACS(Current|Previous|Pending)/
const LABEL_MODULE = 'packages/core/src/names.ts'

/** The built-in labels spelled out where their constants belong. Comments may name them. */
export function findSpelledLabels(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => isPackageSource(file) && file.path !== LABEL_MODULE)
    .flatMap((file) => {
      const found: string[] = []
      visitNodes(file, (node) => {
        const text =
          ts.isLiteralExpression(node) ||
          ts.isIdentifier(node) ||
          ts.isTemplateHead(node) ||
          ts.isTemplateMiddleOrTemplateTail(node)
            ? node.text
            : ''
        const label = STAGE_LABEL.exec(text)
        if (label !== null) found.push(`${place(file, node)} spells out ${label[0]}`)
      })
      return found
    })
}
