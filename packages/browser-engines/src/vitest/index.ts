/** Registers with vitest what runs in an engine. */

export { describeEngine } from './describe-engine.js'
export type { EngineContext, EngineScripts } from './describe-engine.js'
export { describePageCases } from './page-cases.js'
