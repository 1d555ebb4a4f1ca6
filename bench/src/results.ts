/** Results as files, for comparing them later. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Fact } from './suite.js'
import type { Machine } from './machine.js'
import type { ComparisonResult } from './measure.js'
import type { Options } from './options.js'

export interface SuiteResult {
  readonly name: string
  readonly comparisons: readonly ComparisonResult[]
  readonly facts: readonly Fact[]
  /** Why there are none of either. */
  readonly skipped?: string
}

/** Times are nanoseconds per operation. */
export interface Results {
  /** Of the shape of this file; raised where a field changes its meaning. */
  readonly format: 1
  /** ISO 8601, when the run began. */
  readonly date: string
  readonly seconds: number
  readonly machine: Machine
  readonly suites: readonly SuiteResult[]
}

/** Kept by git only where someone meant it: see `.gitignore`. */
const LATEST = 'local-latest.json'

/**
 * Writes the results of this run over those of the last, and keeps them under a name of their own
 * where they are to be saved.
 *
 * @returns the paths written.
 */
export async function writeResults(
  results: Results,
  folder: string,
  { isSaved, only }: Pick<Options, 'isSaved' | 'only'>,
): Promise<string[]> {
  const names = isSaved ? [LATEST, savedName(results, only)] : [LATEST]
  await mkdir(folder, { recursive: true })
  const text = `${JSON.stringify(results, rounded, 2)}\n`
  const paths = names.map((name) => join(folder, name))
  for (const path of paths) await writeFile(path, text)
  return paths
}

/** `2025-01-31-intel-xeon-processor.json`, or `…-get-put.json` for some of the suites. */
export function savedName({ date, machine }: Results, only: readonly string[] | null): string {
  const cpu = machine.cpu
    .toLowerCase()
    .replace(/\((r|tm)\)/g, ' ')
    .match(/[a-z0-9]+/g) ?? ['cpu']
  return `${[date.slice(0, 10), ...cpu, ...(only ?? [])].join('-')}.json`
}

/** Four digits that count are more than any of these times has. */
function rounded(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value
  return Number(value.toPrecision(4))
}
