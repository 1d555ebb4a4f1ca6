import { caseCalls, serveCalls } from '@stagevault/browser-engines/page'
import { handleCalls } from './handle-calls.js'
import { raceCalls } from './race-calls.js'
import { storageCases } from './storage-cases.js'

serveCalls({ ...caseCalls(storageCases), ...raceCalls, ...handleCalls })
