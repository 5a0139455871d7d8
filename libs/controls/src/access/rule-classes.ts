import type { PolicyRule } from '#libs/core';
import { ruleAllows } from '#libs/rbac';

/**
 * What a rule lets somebody do, as far as that matters for a verdict. A rule can be of several classes.
 *
 * `everything`: all verbs on all resources of all groups. `wildcard`: all verbs, or all resources of the core group.
 * `impersonate`, `escalate` (`escalate` and `bind` on roles), `tokens` (of service accounts), `secrets` (reading them).
 * `write`: everything else that is not only reading; a connection into a pod or node is no mere reading. `read`: the rest.
 */
export type RuleClass =
  | 'everything'
  | 'wildcard'
  | 'impersonate'
  | 'escalate'
  | 'tokens'
  | 'secrets'
  | 'write'
  | 'read';

const READING: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const RBAC = 'rbac.authorization.k8s.io';

/** Questions to the API server: `create` stores nothing. */
const REVIEWS: ReadonlySet<string> = new Set([
  'tokenreviews',
  'selfsubjectreviews',
  'subjectaccessreviews',
  'localsubjectaccessreviews',
  'selfsubjectaccessreviews',
  'selfsubjectrulesreviews',
]);

/** Reads that open a connection to a container, a node or a service. */
const CONNECTIONS: readonly (readonly [resource: string, subresource: string])[] = [
  ['pods', 'exec'],
  ['pods', 'attach'],
  ['pods', 'portforward'],
  ['pods', 'proxy'],
  ['services', 'proxy'],
  ['nodes', 'proxy'],
];

/** The classes of a rule; its `resourceNames` narrow it to single objects and do not change them. */
export function ruleClasses({ resourceNames: _names, ...rule }: PolicyRule): ReadonlySet<RuleClass> {
  const { verbs, apiGroups = [], resources = [], nonResourceURLs = [] } = rule;
  const classes = new Set<RuleClass>();
  const allVerbs = verbs.includes('*');
  const covers = (verb: string, resource: string, group = '', subresource = ''): boolean =>
    ruleAllows(rule, { verb, group, resource, subresource });
  if (nonResourceURLs.includes('*') && allVerbs) classes.add('wildcard');
  if (resources.length > 0) {
    if (allVerbs && resources.includes('*') && apiGroups.includes('*')) classes.add('everything');
    if (allVerbs || (resources.includes('*') && (apiGroups.includes('*') || apiGroups.includes('')))) {
      classes.add('wildcard');
    }
    if (verbs.some((verb) => verb === 'impersonate' || verb.startsWith('impersonate:')) || allVerbs) {
      const who = ['users', 'groups', 'serviceaccounts'].some((resource) => covers('impersonate', resource));
      if (who || !allVerbs) classes.add('impersonate');
    }
    const roles = ['roles', 'clusterroles'];
    if (['escalate', 'bind'].some((verb) => roles.some((resource) => covers(verb, resource, RBAC)))) {
      classes.add('escalate');
    }
    if (covers('create', 'serviceaccounts', '', 'token')) classes.add('tokens');
    if ([...READING].some((verb) => covers(verb, 'secrets'))) classes.add('secrets');
    const connects = CONNECTIONS.some(([resource, subresource]) =>
      ['get', 'create'].some((verb) => covers(verb, resource, '', subresource)),
    );
    const changes = verbs.some((verb) => !READING.has(verb)) && !resources.every((resource) => REVIEWS.has(resource));
    if (connects || changes) classes.add('write');
  }
  if (classes.size === 0) classes.add('read');
  return classes;
}

/** `create, delete pods, deployments (apps)`: a rule for people. */
export function describeRule({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): string {
  const list = (entries: readonly string[], all: string): string =>
    entries.includes('*') ? all : shortened(entries).join(', ');
  const what =
    resources.length > 0 ? list(resources, 'all resources') : `paths ${list(nonResourceURLs, 'of every kind')}`;
  const named = apiGroups.filter((group) => group !== '');
  const groups = named.length === 0 ? '' : ` (${list(named, 'all groups')})`;
  const names = resourceNames.length === 0 ? '' : ` named ${shortened(resourceNames).join(', ')}`;
  return `${list(verbs, 'all verbs')} on ${what}${groups}${names}`;
}

const SHOWN = 6;

function shortened(entries: readonly string[]): readonly string[] {
  if (entries.length <= SHOWN) return entries;
  return [...entries.slice(0, SHOWN), `and ${entries.length - SHOWN} more`];
}
