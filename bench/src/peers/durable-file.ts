/** Replacing a file so that it is whole, old or new, whenever the power goes. */
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes beside the file, syncs, renames, and syncs the folder. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.new`
  const file = await open(beside, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
