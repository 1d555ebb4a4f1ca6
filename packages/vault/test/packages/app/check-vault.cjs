/** As `check-vault.mjs`, for a program that has no `import`. */
const process = require('node:process')
const { readVault } = require('./read-vault.cjs')
const stagevault = require('stagevault')

readVault(stagevault, process.argv[2]).then((found) => {
  process.stdout.write(JSON.stringify(found))
})
