/** What stands on the command line. */

import { parseArgs } from 'node:util'

/** Something that the person at the keyboard can put right; told without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Arguments {
  /** The credentials file, or `null` for the sample. */
  readonly envPath: string | null
  /** The folder of a vault that is to stay, or `null` for a temporary one. */
  readonly location: string | null
  readonly wantsHelp: boolean
}

export const USAGE: string = [
  'npm start -- [credentials file] [--location folder]',
  '',
  '  credentials file   NAME=value lines; a sample if none is given',
  '  --location folder  keep the vault in this new or empty folder;',
  '                     otherwise it goes into a temporary one and is removed at the end',
  '',
  'The passphrase is taken from STAGEVAULT_PASSPHRASE or, where that is empty, asked for.',
  'If there is no terminal to ask at, one is made up and shown.',
  '',
  'Exit codes: 0 all is well, 1 something failed, 2 nothing to work with, 3 a part of the file',
  'was not stored; the report names its lines.',
].join('\n')

/** @throws {@link UsageError} for anything but what {@link USAGE} says. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args)
  const [envPath = null, ...others] = positionals
  if (others.length > 0) throw new UsageError(`one credentials file at a time\n\n${USAGE}`)
  return { envPath, location: values.location ?? null, wantsHelp: values.help ?? false }
}

interface ParsedArguments {
  readonly values: { readonly location?: string; readonly help?: boolean }
  readonly positionals: readonly string[]
}

function parse(args: readonly string[]): ParsedArguments {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { location: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'these arguments are not understood'
    throw new UsageError(`${reason}\n\n${USAGE}`)
  }
}
