import type { JsonValue, SelectorObject } from '#libs/core';
import { isObject, listAt, objectAt, textAt, textsAt } from '../json-access.js';
import { allOf, type Match, selectsNamespace, selectsObject } from '../native/match-resources.js';
import type { Requester, Situation, Target } from '../situation.js';
import { matchesWildcard } from './wildcard.js';

/**
 * Whether `match` or `exclude` of a Kyverno rule takes the requests in question.
 * https://kyverno.io/docs/policy-types/cluster-policy/match-exclude/
 */
export function matchesBlock(block: JsonValue | undefined, situation: Situation): Match {
  if (!isObject(block) || Object.keys(block).length === 0) return 'no';
  const any = listAt(block, 'any');
  const all = listAt(block, 'all');
  if (any) return anyOf(any.map((filter) => matchesFilter(filter, situation)));
  if (all) return allOf(all.map((filter) => matchesFilter(filter, situation)));
  return matchesFilter(block, situation);
}

/** Every filter of a block, to see which kinds it names. */
export function filtersOf(block: JsonValue | undefined): readonly JsonValue[] {
  if (!isObject(block)) return [];
  return listAt(block, 'any') ?? listAt(block, 'all') ?? [block];
}

const anyOf = (matches: readonly Match[]): Match =>
  (['yes', 'maybe', 'opaque'] as const).find((each) => matches.includes(each)) ?? 'no';

const RESOURCE_KEYS = new Set([
  'kinds',
  'name',
  'names',
  'namespaces',
  'namespaceSelector',
  'selector',
  'annotations',
  'operations',
]);

function matchesFilter(filter: JsonValue, situation: Situation): Match {
  const { target, namespace, operation, requester } = situation;
  const resources = objectAt(filter, 'resources') ?? {};
  const known = Object.keys(resources).every((key) => RESOURCE_KEYS.has(key));
  const kinds = textsAt(resources, 'kinds');
  const names = [
    ...(textsAt(resources, 'names') ?? []),
    ...(textAt(resources, 'name') ? [textAt(resources, 'name') ?? ''] : []),
  ];
  const namespaces = textsAt(resources, 'namespaces');
  const operations = textsAt(resources, 'operations');
  const annotations = objectAt(resources, 'annotations');
  return allOf([
    known ? 'yes' : 'opaque',
    kinds && kinds.length > 0 ? yesNo(kinds.some((kind) => namesKind(kind, target))) : 'yes',
    namespaces?.length ? yesNo(namespaces.some((each) => matchesWildcard(each, namespace.name))) : 'yes',
    operations?.length ? yesNo(operations.includes(operation)) : 'yes',
    resources['namespaceSelector'] === undefined
      ? 'yes'
      : selectsNamespace(objectAt(resources, 'namespaceSelector') as SelectorObject, namespace),
    // Names, labels and annotations are their author's choice.
    names.length === 0 || names.includes('*') ? 'yes' : 'maybe',
    selectsObject(objectAt(resources, 'selector') as SelectorObject | undefined),
    annotations && Object.keys(annotations).length > 0 ? 'maybe' : 'yes',
    matchesUser(filter, requester, namespace.name),
  ]);
}

const yesNo = (value: boolean): Match => (value ? 'yes' : 'no');

/** `Kind`, `version/Kind`, `group/version/Kind`, with wildcards; a subresource is another thing. */
export function namesKind(selector: string, { group, kind, versions }: Target): boolean {
  if (selector === '*') return true;
  const parts = selector.split('/');
  const last = parts.at(-1) ?? '';
  if (!matchesWildcard(last, kind) || parts.length > 3) return false;
  if (parts.length === 1) return true;
  const version = parts.at(-2) ?? '';
  const versionNamed = versions.some((each) => matchesWildcard(version, each));
  if (parts.length === 2) return versionNamed || matchesWildcard(version, group);
  return versionNamed && matchesWildcard(parts[0] ?? '', group);
}

/** The rights that no tenant is meant to hold. */
const PLATFORM_ROLES = new Set(['cluster-admin']);

function matchesUser(filter: JsonValue, { user, groups }: Requester, namespace: string): Match {
  const clusterRoles = textsAt(filter, 'clusterRoles') ?? [];
  const roles = textsAt(filter, 'roles') ?? [];
  const subjects = listAt(filter, 'subjects') ?? [];
  return allOf([
    clusterRoles.length === 0 ? 'yes' : clusterRoles.every((role) => PLATFORM_ROLES.has(role)) ? 'no' : 'opaque',
    roles.length === 0
      ? 'yes'
      : roles.some((role) => matchesWildcard(role.split(':')[0] ?? '', namespace))
        ? 'opaque'
        : 'no',
    subjects.length === 0 ? 'yes' : yesNo(subjects.some((subject) => isSubject(subject, user, groups))),
  ]);
}

function isSubject(subject: JsonValue, user: string, groups: readonly string[]): boolean {
  const kind = textAt(subject, 'kind');
  const name = textAt(subject, 'name') ?? '';
  if (kind === 'User') return matchesWildcard(name, user);
  if (kind === 'Group') return groups.some((group) => matchesWildcard(name, group));
  return kind === 'ServiceAccount' && user === `system:serviceaccount:${textAt(subject, 'namespace') ?? ''}:${name}`;
}
