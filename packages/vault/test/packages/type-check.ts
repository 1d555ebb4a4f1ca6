import { join } from 'node:path'
import ts from 'typescript'
import type { PackedProject } from './packed-project.js'

const RESOLUTIONS = {
  bundler: { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
} as const

/**
 * What the compiler says about the types of the application: in a browser, without Node's types,
 * and with every declaration of the packages checked as strictly as can be.
 */
export function typeErrors(
  { folder }: PackedProject,
  resolution: keyof typeof RESOLUTIONS,
): string[] {
  const program = ts.createProgram([join(folder, 'types.ts')], {
    ...RESOLUTIONS[resolution],
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noPropertyAccessFromIndexSignature: true,
    verbatimModuleSyntax: true,
    isolatedModules: true,
    skipLibCheck: false,
    noEmit: true,
  })
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, '\n')
    if (file === undefined || start === undefined) return message
    return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1} ${message}`
  })
}
