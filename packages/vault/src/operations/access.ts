/** The owner's access management, which is loaded with its first call. */

export {
  addUserToGroup,
  createEntity,
  deleteEntity,
  removeUserFromGroup,
  setEnabled,
} from './identities.js'
export { attachPolicy, createPolicy, detachPolicy, updatePolicy } from './policies.js'
export {
  getGroup,
  getPolicy,
  getRole,
  getUser,
  listGroups,
  listPolicies,
  listRoles,
  listUsers,
} from './read-access.js'
export { getSecretPolicy, setSecretPolicy } from './secret-policy.js'
export { readPolicyFor, readSecretPolicy } from '../policy/secret-policy.js'
