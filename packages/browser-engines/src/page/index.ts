/** For pages and workers: answers to the calls of a test, and access to IndexedDB itself. */

export { serveCalls } from './calls.js'
export type { CallTable } from './calls.js'
export { caseCalls } from './cases.js'
export type { CaseFrame, RegisterCases } from './cases.js'
export { bytes, check, rejects, same } from './check.js'
export { databaseExists, deleteDatabase, openRaw, uniqueName } from './databases.js'
export { watchLowerLayer } from './lower-layer.js'
export type { LowerLayer } from './lower-layer.js'
