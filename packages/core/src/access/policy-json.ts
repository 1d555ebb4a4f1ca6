/**
 * A strict reader of JSON for policy documents (PDOC-1). `JSON.parse` takes the last of two members
 * of one name, so that a document could mean something else than a reader sees in it; here that is
 * refused. Objects become maps: `__proto__` is a member like any other.
 */

import { VaultError } from '../errors.js'
import { POLICY_DEPTH_MAX } from '../limits.js'
import { readNumber } from './typed-values.js'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export type JsonObject = ReadonlyMap<string, JsonValue>

/** Characters of one member's name in a JSON pointer; a longer one is cut. */
const POINTER_PART_CHARS_MAX = 64

/**
 * Reads one JSON value.
 *
 * @throws {@link VaultError} `INVALID_PARAMETER`, with the JSON pointer of the place (RFC 6901):
 *   for what is not JSON (RFC 8259), a duplicate member, more than 6 levels, a lone surrogate, or a
 *   number that is no integer within ±2^53
 */
export function readPolicyJson(text: string): JsonValue {
  const reader = new Reader(text)
  const value = reader.value('', 1)
  reader.end()
  return value
}

/** The refusal of what stands at `pointer`; the empty pointer is the whole document. */
export function invalidPolicy(pointer: string, problem: string): VaultError {
  const place = pointer === '' ? 'policy' : `policy, ${pointer}`
  return new VaultError('INVALID_PARAMETER', `${place}: ${problem}`)
}

/** The JSON pointer of a member or an item of what stands at `parent`. */
export function pointerTo(parent: string, part: string | number): string {
  const escaped = String(part).replaceAll('~', '~0').replaceAll('/', '~1')
  const isLong = escaped.length > POINTER_PART_CHARS_MAX
  return `${parent}/${isLong ? `${escaped.slice(0, POINTER_PART_CHARS_MAX)}…` : escaped}`
}

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(pointer: string, depth: number): JsonValue {
    this.#skipSpace()
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(pointer, depth)
    if (first === '[') return this.#array(pointer, depth)
    if (first === '"') return this.#string(pointer)
    return this.#word(pointer)
  }

  end(): void {
    this.#skipSpace()
    if (this.#at < this.#text.length) throw this.#unexpected('')
  }

  #object(pointer: string, depth: number): JsonObject {
    const members = new Map<string, JsonValue>()
    this.#open(pointer, depth)
    if (this.#takes('}')) return members
    do {
      this.#skipSpace()
      if (this.#text[this.#at] !== '"') throw this.#unexpected(pointer)
      const name = this.#string(pointer)
      const place = pointerTo(pointer, name)
      if (members.has(name)) throw invalidPolicy(place, 'the member stands there twice')
      if (!this.#takes(':')) throw this.#unexpected(place)
      members.set(name, this.value(place, depth + 1))
    } while (this.#takes(','))
    if (!this.#takes('}')) throw this.#unexpected(pointer)
    return members
  }

  #array(pointer: string, depth: number): readonly JsonValue[] {
    const items: JsonValue[] = []
    this.#open(pointer, depth)
    if (this.#takes(']')) return items
    do items.push(this.value(pointerTo(pointer, items.length), depth + 1))
    while (this.#takes(','))
    if (!this.#takes(']')) throw this.#unexpected(pointer)
    return items
  }

  #open(pointer: string, depth: number): void {
    if (depth > POLICY_DEPTH_MAX) {
      throw invalidPolicy(pointer, `more than ${String(POLICY_DEPTH_MAX)} levels`)
    }
    this.#at++
  }

  #string(pointer: string): string {
    const start = this.#at++
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    }
    this.#at++
    const text = parsed(this.#text.slice(start, this.#at))
    if (typeof text !== 'string') throw invalidPolicy(pointer, 'a string that is not JSON')
    if (!text.isWellFormed()) throw invalidPolicy(pointer, 'a string with a lone surrogate')
    return text
  }

  /** A number, `true`, `false` or `null`. */
  #word(pointer: string): null | boolean | number {
    const start = this.#at
    while (isWordCharacter(this.#text.charCodeAt(this.#at))) this.#at++
    const token = this.#text.slice(start, this.#at)
    const value = parsed(token)
    if (value === undefined || typeof value === 'string') {
      this.#at = start
      throw this.#unexpected(pointer)
    }
    if (typeof value === 'number' && readNumber(token) === null) {
      throw invalidPolicy(pointer, 'a number must be an integer within ±2^53')
    }
    return value
  }

  #takes(character: string): boolean {
    this.#skipSpace()
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++
  }

  #unexpected(pointer: string): VaultError {
    const where = `character ${String(this.#at + 1)}`
    return invalidPolicy(pointer, `not JSON at ${where}`)
  }
}

/** A string, number or literal; `undefined` for what is not JSON. */
function parsed(token: string): null | boolean | number | string | undefined {
  try {
    return JSON.parse(token) as null | boolean | number | string
  } catch {
    return undefined
  }
}

/** Space, tab, line feed or carriage return (RFC 8259, section 2). */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d
}

/** What numbers and literals consist of: `+`, `-`, `.`, digits and letters. */
function isWordCharacter(code: number): boolean {
  const isDigit = code >= 0x30 && code <= 0x39
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)
  return isDigit || isLetter || code === 0x2b || code === 0x2d || code === 0x2e
}
