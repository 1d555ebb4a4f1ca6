import { serveCalls } from '@stagevault/browser-engines/page'
import { heldCalls } from './held-calls.js'
import { movedCalls } from './moved-calls.js'
import { originCalls } from './origin-calls.js'

serveCalls({ ...heldCalls, ...movedCalls, ...originCalls })
