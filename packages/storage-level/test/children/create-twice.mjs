// Creates a store while one sync fails, and once more on a disk that is well again.
import { createLevelStorage } from '@stagevault/storage-level'

const [home, number] = process.argv.slice(2)
const location = `${home}/store`
process.env.SYNC_FAULTS_TRACE = `${home}.1.trace`
process.env.SYNC_FAULTS_FIRST = number
process.env.SYNC_FAULTS_FOLDER = home
const first = await createLevelStorage({ location }).catch((error) => error.code)
process.env.SYNC_FAULTS_TRACE = `${home}.2.trace`
delete process.env.SYNC_FAULTS_FIRST
await (await createLevelStorage({ location })).close()
process.exitCode = first === 'STORAGE_UNAVAILABLE' ? 0 : 1
