/**
 * Reads a record by nothing but the table of its fields in docs/format/records.md: where the table
 * is wrong, the bytes do not come out even.
 */

import type { MarkdownTable } from './markdown-tables.js'

// An array in its own words: an alias may not lead back to itself in any other way.
export type FieldValue = number | string | string[] | { [field: string]: FieldValue }[]
export type FieldValues = Record<string, FieldValue>

type Row = MarkdownTable['rows'][number]

/** The fields of a record; bytes in hexadecimal. @throws Error where bytes are left or missing */
export function walkRecord(table: MarkdownTable, record: Uint8Array): FieldValues {
  const source = Buffer.from(record)
  let position = 0

  function take(count: number): Buffer {
    if (position + count > source.length) throw new Error('the table asks for more bytes')
    position += count
    return source.subarray(position - count, position)
  }

  function readType(type: string, sofar: FieldValues): FieldValue {
    const [, kind = '', bound = ''] = /^([a-z]+)(.*)$/.exec(type) ?? []
    switch (kind) {
      case 'u':
        return Number(BigInt(`0x${take(Number(bound) / 8).toString('hex')}`))
      case 'bytes': {
        const size = bound.slice(1, -1)
        return take(Number(sofar[size] ?? size)).toString('hex')
      }
      case 'short':
        return bounded(take(take(1).readUInt8()).toString('latin1'), bound)
      case 'long':
        return bounded(take(take(4).readUInt32BE()).toString('utf8'), bound)
      default:
        throw new Error(`the table has the type ${type}`)
    }
  }

  function walk(rows: readonly Row[], prefix: string): FieldValues {
    const values: FieldValues = {}
    let i = 0
    while (i < rows.length) {
      const { field = '', type = '', content = '' } = rows[i] ?? {}
      const group = /^([a-z]+)\[\]\./.exec(field.slice(prefix.length))?.[1]
      if (group !== undefined) {
        const inner = `${prefix}${group}[].`
        const members = rows.filter((row) => row['field']?.startsWith(inner) === true)
        const count = Number(values[`${singular(group)}Count`])
        values[group] = Array.from({ length: count }, () => walk(members, inner))
        i += members.length
        continue
      }
      const [, first, last = first] = /^kinds? (\d)(?: to (\d))? only/.exec(content) ?? []
      const kind = Number(values['kind'])
      const isPresent = first === undefined || (kind >= Number(first) && kind <= Number(last))
      const name = field.slice(prefix.length)
      if (!isPresent) {
        i++
        continue
      }
      if (name.endsWith('[]')) {
        const list = name.slice(0, -2)
        const count = Number(values[`${singular(list)}Count`])
        values[list] = Array.from({ length: count }, () => readType(type, values) as string)
      } else {
        values[name] = readType(type, values)
      }
      i++
    }
    return values
  }

  const values = walk(table.rows, '')
  if (position !== source.length) throw new Error('the table leaves bytes')
  return values
}

function singular(group: string): string {
  return group.replace(/ies$/, 'y').replace(/s$/, '')
}

function bounded(text: string, bound: string): string {
  if (Buffer.byteLength(text) <= Number(bound.slice(1, -1))) return text
  throw new Error('a text is longer than the table allows')
}
