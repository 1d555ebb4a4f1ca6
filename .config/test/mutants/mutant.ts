/** A defect that is made on purpose in a copy of a built package. */
export interface Mutant extends Change {
  /** The folder below `packages`. */
  readonly package: string
  /** Tests of `npm test` that have to notice: files or folders. */
  readonly tests: readonly string[]
}

export interface Change {
  readonly name: string
  /** Below `dist`. */
  readonly file: string
  /** Stands there once. */
  readonly from: string
  readonly to: string
}

/** Defects of one package that the same tests have to notice. */
export function mutantsOf(
  name: string,
  tests: readonly string[],
  changes: readonly Change[],
): readonly Mutant[] {
  return changes.map((change) => ({ ...change, package: name, tests }))
}
