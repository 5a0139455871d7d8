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
export { type Grant, indexRbac, namespacesOf, type RbacIndex } from './rbac-index.js';
export { type AccessRequest, asAuthorized, type PathRequest, type ResourceRequest } from './request.js';
export { ruleAllows } from './rule-match.js';
export { groupByRules, type RuleGroup } from './rule-sets.js';
export { type Closure, closureOf, type EscalationStep, type Ground } from './escalation/closure.js';
export { type EdgeId } from './escalation/edge.js';
export { Exploration, type Way } from './escalation/exploration.js';
export { type ClusterFacts, type FluxFacts } from './escalation/facts.js';
export { EscalationGraph } from './escalation/graph.js';
export { type Reached } from './escalation/nodes.js';
