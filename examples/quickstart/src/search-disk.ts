/** The fourth section: what a person sees who has the folder and not the passphrase. */

import type { FolderContents } from './folder-contents.js'
import { readFolder } from './folder-contents.js'
import type { Report } from './report.js'
import { formsOf, isSearchable, piecesOf } from './written-forms.js'

export interface DiskSearch {
  readonly location: string
  /** The folder before anything was stored: what stands in it then is no secret. */
  readonly before: FolderContents
  readonly passphraseText: string
  readonly values: readonly string[]
  readonly names: readonly string[]
  /** Labels and ids, which are not encrypted either. */
  readonly plainTexts: readonly string[]
}

/** What LevelDB writes into its own log, whose words may equal a value by chance. */
const LEVELDB_WORDS =
  'Recovering log Level-0 table: started bytes OK Delete type Creating DB ' +
  'since it was missing Compacting Compacted to files Generated table keys ' +
  'leveldb.BytewiseComparator'

export async function searchDisk(report: Report, search: DiskSearch): Promise<void> {
  report.section('4  What the folder shows to someone without the passphrase')
  const after = await readFolder(search.location)
  report.line(`${after.fileCount} files with ${after.byteCount} bytes, read raw and searched for`)
  report.line('each text in UTF-8, UTF-16, hexadecimal and Base64, long ones also by halves.')
  report.line()

  const distinct = [...new Set(search.values)]
  const searchable = distinct.filter(isSearchable)
  const hidden = searchable.filter((value) => !isPlain(search, value))
  const found = hidden.filter((value) => isOnDisk(search, after, value))
  report.check(`none of ${hidden.length} values lies there in the clear`, found.length === 0)
  if (found.length > 0) report.notice(`${found.length} of them do`)
  if (isSearchable(search.passphraseText)) {
    report.check('nor does the passphrase', !isOnDisk(search, after, search.passphraseText))
  }
  reportUnsearched(report, distinct.length - searchable.length, searchable.length - hidden.length)

  const names = search.names.filter(isSearchable)
  const seen = names.filter((name) => after.filesWith(Buffer.from(name)).length > 0)
  report.check(
    `the same search does find the names (${seen.length}): they are not encrypted`,
    seen.length === names.length && names.length > 0,
  )
}

function reportUnsearched(report: Report, shortCount: number, plainCount: number): void {
  if (shortCount > 0) {
    report.notice(`${shortCount} too short to search for: any file holds such bytes by chance`)
  }
  if (plainCount > 0) {
    report.notice(`${plainCount} not searched for: they are also part of a name or a path`)
  }
}

/** Whether a text stands in what is not encrypted, so that finding it says nothing. */
function isPlain({ before, names, plainTexts }: DiskSearch, text: string): boolean {
  const plain = [...names, ...plainTexts, LEVELDB_WORDS]
  return (
    plain.some((each) => each.includes(text)) ||
    formsOf(text).some((form) => before.filesWith(form).length > 0)
  )
}

function isOnDisk(search: DiskSearch, contents: FolderContents, text: string): boolean {
  return piecesOf(text)
    .filter((piece) => !isPlain(search, piece))
    .some((piece) => formsOf(piece).some((form) => contents.filesWith(form).length > 0))
}
