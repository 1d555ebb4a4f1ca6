/** Everything a program could print of a thing, and a search in it. */

import { inspect } from 'node:util'

/** How bytes or text could look where they have leaked. */
export function disguisesOf(secret: Uint8Array | string): readonly string[] {
  const bytes = Buffer.from(secret)
  const base64 = bytes.toString('base64').replace(/=+$/, '')
  return [
    bytes.toString('latin1'),
    bytes.toString('utf8'),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    base64,
    base64.replaceAll('+', '-').replaceAll('/', '_'),
    [...bytes].join(','),
    [...bytes].join(', '),
    inspect(bytes)
      .replace(/^<Buffer /, '')
      .replace(/( \.\.\. .*)?>$/, ''),
    JSON.stringify(bytes.toString('utf8')).slice(1, -1),
    encodeURIComponent(Buffer.from(secret).toString('utf8')),
  ]
}

/** All texts that can be made of a value by the usual means. */
export function tracesOf(value: unknown): string {
  const seen = new Set<unknown>()
  const texts: string[] = []
  const visit = (item: unknown): void => {
    if ((typeof item !== 'object' && typeof item !== 'function') || item === null) {
      texts.push(String(item))
      return
    }
    if (seen.has(item)) return
    seen.add(item)
    texts.push(inspect(item, { depth: Infinity, showHidden: true, maxStringLength: Infinity }))
    texts.push(textOf(item), jsonOf(item))
    if (item instanceof Error) texts.push(item.message, item.stack ?? '')
    for (const key of Reflect.ownKeys(item)) {
      texts.push(String(key))
      const descriptor = Object.getOwnPropertyDescriptor(item, key)
      visit(descriptor !== undefined && 'value' in descriptor ? descriptor.value : undefined)
    }
  }
  visit(value)
  return texts.join('\n')
}

function textOf(value: object): string {
  try {
    // A function's text is its source.
    return Reflect.apply(String, undefined, [value])
  } catch {
    return ''
  }
}

function jsonOf(value: object): string {
  try {
    return [JSON.stringify(value)].join()
  } catch {
    return ''
  }
}

/** The disguises of the secrets that stand in a text. */
export function findLeaks(text: string, secrets: readonly (Uint8Array | string)[]): string[] {
  return secrets
    .flatMap((secret) => disguisesOf(secret))
    .filter((disguise) => text.includes(disguise))
}
