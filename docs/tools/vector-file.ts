/** What a file of vectors looks like: see docs/format/vectors/README.md. */

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

export type JsonObject = Readonly<Record<string, JsonValue>>

/** One thing to do, and what comes of it. */
export interface VectorCase {
  readonly name: string
  /** The rule of the documents that the case is about. */
  readonly rule: string
  readonly operation: string
  readonly input: JsonObject
  /** `ok`, or the code of the error. */
  readonly expect: string
  /** What an operation that succeeds gives. */
  readonly output?: JsonObject
}

export interface VectorFile {
  /** The version of the byte format. */
  readonly format: number
  readonly about: string
  readonly cases: readonly VectorCase[]
}

/** The text of a file: what is committed, byte for byte. */
export function formatJson(content: object): string {
  return `${JSON.stringify(content, null, 1)}\n`
}
