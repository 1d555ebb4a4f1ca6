/** Says what is in a vault that `change-vault` left. */
import process from 'node:process'
import * as stagevault from 'stagevault'
import { readVault } from './read-vault.cjs'

console.log(JSON.stringify(await readVault(stagevault, process.argv[2])))
