export { membersOf } from './aggregation.js';
export { type Decision, isAllowed, rulesFor } from './decide.js';
export { describeGrant } from './describe-grant.js';
export {
  accountIdentity,
  type AccountName,
  accountOf,
  accountsGroup,
  ANONYMOUS,
  AUTHENTICATED,
  type Identity,
  MASTERS,
  UNAUTHENTICATED,
  userIdentity,
} from './identity.js';
export * from './objects.js';
export { type Grant, indexRbac, namespacesOf, type RbacIndex } from './rbac-index.js';
export { type AccessRequest, asAuthorized, type PathRequest, type ResourceRequest } from './request.js';
export { ruleAllows } from './rule-match.js';
export { groupByRules, type RuleGroup } from './rule-sets.js';
