// Opens the store at a location from a worker thread, and tells what came of it.
import { parentPort, workerData } from 'node:worker_threads'
import { openLevelStorage } from '@stagevault/storage-level'

try {
  await (await openLevelStorage({ location: workerData })).close()
  parentPort.postMessage('opened')
} catch (error) {
  parentPort.postMessage(error.code)
}
