import { describeVault } from './engine-suite.js'

await describeVault('chromium')
