import { describeStorage } from './engine-suite.js'

await describeStorage('webkit')
