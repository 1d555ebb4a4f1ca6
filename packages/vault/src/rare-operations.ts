/**
 * What few programs use: in a page one file, which is loaded with the first call of any of it. Two
 * files would make a bundler split what they share with the rest into many.
 */

export {
  addUserToGroup,
  createEntity,
  deleteEntity,
  removeUserFromGroup,
  setEnabled,
} from './operations/identities.js'
export { attachPolicy, createPolicy, detachPolicy, updatePolicy } from './operations/policies.js'
export {
  getGroup,
  getPolicy,
  getRole,
  getUser,
  listGroups,
  listPolicies,
  listRoles,
  listUsers,
} from './operations/read-access.js'
export { getSecretPolicy, setSecretPolicy } from './operations/secret-policy.js'
export { readPolicyFor, readSecretPolicy } from './policy/secret-policy.js'
export { rebuildRoot } from './verify/rebuild-root.js'
export { verify } from './verify/verify.js'
export {
  loadPrincipal,
  loadSecretPolicy,
  openRowFilter,
  policiesFor,
  requireAllowed,
  requireAllowedNow,
} from './policy/decisions.js'
export { explainAccess } from './operations/explain-access.js'
