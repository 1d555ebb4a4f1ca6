import { serveCalls } from '@stagevault/browser-engines/page'
import { modelCalls } from './model-calls.js'
import { raceCalls } from './race-calls.js'

serveCalls({ ...modelCalls, ...raceCalls })
