/** As `change-vault.mjs`, for a program that has no `import`. */
const process = require('node:process')
const stagevault = require('stagevault')
const { writeVault } = require('./write-vault.cjs')

void writeVault(stagevault, process.argv[2])
