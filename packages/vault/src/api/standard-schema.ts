/**
 * The part of Standard Schema that the vault uses (https://standardschema.dev, version 1). Schemas
 * of zod, valibot, arktype and others satisfy it as they are.
 */

/** A schema whose valid output is `Output`. */
export interface StandardSchema<Output> {
  /** The standard's own property. */
  readonly '~standard': StandardSchemaProps<Output>
}

/** What a schema offers under `~standard`. */
export interface StandardSchemaProps<Output> {
  /** The version of the standard. */
  readonly version: 1
  /** The library that made the schema. */
  readonly vendor: string
  /** Checks a value, at once or later. */
  readonly validate: (
    value: unknown,
  ) => StandardSchemaResult<Output> | Promise<StandardSchemaResult<Output>>
  /** For the compiler alone. */
  readonly types?: StandardSchemaTypes<Output> | undefined
}

/** What a schema says of a value that satisfies it. */
export interface StandardSchemaOutput<Output> {
  /** The output. */
  readonly value: Output
  /** Absent: there are no faults. */
  readonly issues?: undefined
}

/** What a schema says of a value that does not satisfy it. */
export interface StandardSchemaIssues {
  /** The faults of the value. */
  readonly issues: readonly StandardSchemaIssue[]
}

/** The types of a schema, which do not exist at run time. */
export interface StandardSchemaTypes<Output> {
  /** What may be checked. */
  readonly input: unknown
  /** What a valid value becomes. */
  readonly output: Output
}

/** The valid output, or what is wrong with the value. */
export type StandardSchemaResult<Output> = StandardSchemaOutput<Output> | StandardSchemaIssues

/** One fault of a value. */
export interface StandardSchemaIssue {
  /** The library's words, which may quote the value: the vault never passes them on. */
  readonly message: string
  /** Where in the value the fault is; the whole value if there is none. */
  readonly path?: readonly (PropertyKey | StandardSchemaSegment)[] | undefined
}

/** One step of a path. */
export interface StandardSchemaSegment {
  /** The key or index. */
  readonly key: PropertyKey
}
