import { readdirSync, readlinkSync } from 'node:fs'

/** What LevelDB has open in a folder in this process, as Linux tells. */
export function listLevelFiles(folder: string): string[] {
  return readdirSync('/proc/self/fd')
    .map((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`)
      } catch {
        return ''
      }
    })
    .filter((path) => path.startsWith(`${folder}/`) && !path.includes('/OWNER-'))
}
