import type { AccessRule } from '#libs/core';
import type { ResourceRequest } from './statuses.js';

/** Somebody whom a simulated cluster knows by a token (or by the common name of a client certificate). */
export interface SimulatedUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly token: string;
  /** What the roles grant; `*` as verb, group or resource stands for all. */
  readonly allowed: readonly AccessRule[];
  /** Taken away again; wins over `allowed`. Real roles cannot deny: this is for making holes. */
  readonly denied: readonly AccessRule[];
}

/** Reads of everything but Secrets: about what an auditor's role grants. */
export const READ_EVERYTHING: readonly AccessRule[] = ['get', 'list', 'watch'].flatMap((verb) => [
  { verb, group: '*', resource: '*' },
]);
/** Asking the API server about the rights of others. */
export const ASK_ABOUT_OTHERS: AccessRule = {
  verb: 'create',
  group: 'authorization.k8s.io',
  resource: 'subjectaccessreviews',
};
export const NO_SECRETS: readonly AccessRule[] = [{ verb: '*', group: '', resource: 'secrets' }];

/** As `cluster-admin`. */
export const EVERYTHING: readonly AccessRule[] = [{ verb: '*', group: '*', resource: '*' }];

function covers(rule: AccessRule, request: Omit<ResourceRequest, 'version'>): boolean {
  const resource = request.subresource === undefined ? request.plural : `${request.plural}/${request.subresource}`;
  return (
    (rule.verb === '*' || rule.verb === request.verb) &&
    (rule.group === '*' || rule.group === request.group) &&
    (rule.resource === '*' || rule.resource === resource) &&
    (rule.namespace === undefined || rule.namespace === request.namespace) &&
    (rule.name === undefined || rule.name === request.name)
  );
}

export function isAllowed(user: SimulatedUser, request: Omit<ResourceRequest, 'version'>): boolean {
  return user.allowed.some((rule) => covers(rule, request)) && !user.denied.some((rule) => covers(rule, request));
}
