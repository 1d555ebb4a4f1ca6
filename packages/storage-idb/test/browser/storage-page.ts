import { serveCalls } from './calls.js'
import { caseCalls } from './cases.js'
import { handleCalls } from './handle-calls.js'
import { raceCalls } from './race-calls.js'
import { storageCases } from './storage-cases.js'

serveCalls({ ...caseCalls(storageCases), ...raceCalls, ...handleCalls })
