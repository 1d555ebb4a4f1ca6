/** What decides the calls of views. */

export { policiesFor, requireAllowed } from './authorize.js'
export { openRowFilter, requireAllowedNow } from './list-rows.js'
export { loadPrincipal, loadSecretPolicy } from './load-policies.js'
