import { testBitFlips } from './bit-flips.js'

testBitFlips('chacha20-poly1305')
