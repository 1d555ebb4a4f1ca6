import { describeVault } from './engine-suite.js'
import { describeBrowserKills } from './kills.js'

await describeVault('firefox', describeBrowserKills)
