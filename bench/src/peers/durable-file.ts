/** Replacing a file so that it is whole, old or new, whenever the power goes. */
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Writes a new file next to the old one, syncs, renames, and syncs the folder. */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.new`
  const file = await open(temporary, 'w')
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
