/** Walking through all rows of a list, page after page. */

/** What a page has come to, and where the next one begins; `null` for the last. */
export interface Page<Row, Place> {
  readonly rows: readonly Row[]
  readonly after: Place | null
}

/** What a list is asked for, parsed. */
interface ListRequest<Place> {
  readonly after: Place
}

/**
 * All rows of a list. Every walk begins anew, and reads the caller's request once.
 *
 * @param readPage - reads one page, unless the vault is closed
 */
export function iteratePages<Row, Place, Request extends ListRequest<Place>>(
  parse: () => Request,
  readPage: (request: Request) => Promise<Page<Row, Place>>,
): AsyncIterable<Row> {
  return { [Symbol.asyncIterator]: () => walk(parse, readPage) }
}

async function* walk<Row, Place, Request extends ListRequest<Place>>(
  parse: () => Request,
  readPage: (request: Request) => Promise<Page<Row, Place>>,
): AsyncGenerator<Row, undefined> {
  let request = parse()
  for (;;) {
    const { rows, after } = await readPage(request)
    yield* rows
    if (after === null) return
    request = { ...request, after }
  }
}
