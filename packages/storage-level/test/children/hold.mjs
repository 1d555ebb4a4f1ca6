// Opens the store at a location, says how that went, and holds it until its input ends.
import { openLevelStorage } from '@stagevault/storage-level'

try {
  const storage = await openLevelStorage({ location: process.argv[2] })
  console.log('open')
  for await (const chunk of process.stdin) if (chunk.length === 0) break
  await storage.close()
} catch (error) {
  console.log(error.code)
}
