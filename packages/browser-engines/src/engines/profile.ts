import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A new folder for what a browser keeps, removed afterwards. */
export async function withProfile(step: (profile: string) => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'stagevault-profile-'))
  try {
    await step(profile)
  } finally {
    // Processes of a browser that was ended may write for a moment longer.
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  }
}
