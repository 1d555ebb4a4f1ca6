/** Uses a vault at the location that it is called with, and is killed while it writes. */
import process from 'node:process'
import * as stagevault from 'stagevault'
import { writeVault } from './write-vault.cjs'

await writeVault(stagevault, process.argv[2])
