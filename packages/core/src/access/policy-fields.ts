/** Reading the members and lists of a policy document, with the place of each for the error. */

import type { JsonObject, JsonValue } from './policy-json.js'
import { invalidPolicy, pointerTo } from './policy-json.js'

const LIST_ITEMS_MAX = 100

/** An object that has no members besides `known`. */
export function objectAt(
  value: JsonValue,
  place: string,
  known: readonly string[] | null,
): JsonObject {
  if (!(value instanceof Map)) throw invalidPolicy(place, 'must be an object')
  const members = value as JsonObject
  for (const name of members.keys()) {
    if (known !== null && !known.includes(name)) {
      throw invalidPolicy(pointerTo(place, name), 'unknown member')
    }
  }
  return members
}

/** A member that must be there. */
export function member(members: JsonObject, place: string, name: string): JsonValue {
  const value = members.get(name)
  if (value === undefined) throw invalidPolicy(place, `has no ${name}`)
  return value
}

/** One text or a list of texts, printable ASCII without `${`, each with its place (PDOC-2). */
export function textsAt(value: JsonValue, place: string): readonly (readonly [string, string])[] {
  const items = Array.isArray(value) ? (value as readonly JsonValue[]) : null
  if (items === null) return [[asciiAt(value, place), place]]
  if (items.length < 1 || items.length > LIST_ITEMS_MAX) {
    throw invalidPolicy(place, `must have 1 to ${String(LIST_ITEMS_MAX)} items`)
  }
  return items.map((item, i) => {
    const itemPlace = pointerTo(place, i)
    return [asciiAt(item, itemPlace), itemPlace] as const
  })
}

function asciiAt(value: JsonValue, place: string): string {
  if (typeof value !== 'string') throw invalidPolicy(place, 'must be a string')
  return checkAscii(value, place)
}

/** RAM documents no variables; taken as text, they would mean something else. */
function checkAscii(text: string, place: string): string {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x20 || code > 0x7e) throw invalidPolicy(place, 'may hold only printable ASCII')
  }
  if (text.includes('${')) throw invalidPolicy(place, 'variables are not supported')
  return text
}
