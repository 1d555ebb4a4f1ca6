/** Registers tests of an engine with vitest. */

export { describeEngine } from './describe-engine.js'
export type { EngineContext, EngineScripts } from './describe-engine.js'
export { describePageCases } from './page-cases.js'
