import { testBitFlips } from './bit-flips.js'

testBitFlips('aes-256-gcm')
