import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Every byte of every file of a folder, as the disk has them. */
export interface FolderContents {
  readonly fileCount: number
  readonly byteCount: number
  /** The names of the files in which the bytes of `form` stand somewhere. */
  filesWith(form: Buffer): readonly string[]
}

/**
 * Reads all files but those named in `without`. While a LevelDB store is open in this process, its
 * `LOCK` must be among them: closing a file ends the process's locks on it (POSIX).
 */
export async function readFolder(
  path: string,
  without: readonly string[] = [],
): Promise<FolderContents> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  const found = entries.filter((entry) => entry.isFile() && !without.includes(entry.name))
  const files = await Promise.all(
    found.map(async (entry) => ({
      name: entry.name,
      bytes: await readFile(join(entry.parentPath, entry.name)),
    })),
  )
  return {
    fileCount: files.length,
    byteCount: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
    filesWith: (form) => files.filter(({ bytes }) => bytes.includes(form)).map(({ name }) => name),
  }
}
