/** What runs in pages and workers: it answers the calls of a test. */

export { serveCalls } from './calls.js'
export type { CallTable } from './calls.js'
export { caseCalls } from './cases.js'
export type { CaseFrame, RegisterCases } from './cases.js'
export { bytes, check, rejects, same } from './check.js'
