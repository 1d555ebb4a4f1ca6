import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Creates a profile folder for a browser and removes it afterwards. */
export async function withProfile(step: (profile: string) => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'stagevault-profile-'))
  try {
    await step(profile)
  } finally {
    // Processes of a browser that was ended may still write for a moment.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
