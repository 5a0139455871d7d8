import type { PolicyRule } from '#libs/core';
import { type AccessRequest, isPathRequest } from './request.js';

/**
 * Whether a rule covers a request; the request's namespace is the binding's matter. `*` stands for all only where it is
 * the whole entry, and for the resource in front of a subresource; other patterns are names that nothing has.
 * Source: `RuleAllows` of Kubernetes' RBAC authorizer, and
 * https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export function ruleAllows(rule: PolicyRule, request: AccessRequest): boolean {
  if (!hasOrAll(rule.verbs, request.verb)) return false;
  if (isPathRequest(request)) return rule.nonResourceURLs?.some((url) => urlCovers(url, request.path)) ?? false;
  return (
    hasOrAll(rule.apiGroups, request.group ?? '') &&
    resourceCovers(rule, request.resource, request.subresource ?? '') &&
    nameCovers(rule, request.name ?? '')
  );
}

export function hasOrAll(entries: readonly string[] | undefined, wanted: string): boolean {
  return entries !== undefined && (entries.includes('*') || entries.includes(wanted));
}

// `pods` does not cover `pods/log`; `*` covers both, and `*/log` covers the log of everything.
export function resourceCovers({ resources }: PolicyRule, resource: string, subresource: string): boolean {
  if (subresource === '') return hasOrAll(resources, resource);
  return hasOrAll(resources, `${resource}/${subresource}`) || (resources?.includes(`*/${subresource}`) ?? false);
}

/** A rule for certain names covers no request without a name, except where the empty name is one of them. */
function nameCovers({ resourceNames }: PolicyRule, name: string): boolean {
  return resourceNames === undefined || resourceNames.length === 0 || resourceNames.includes(name);
}

function urlCovers(url: string, path: string): boolean {
  if (url === '*' || url === path) return true;
  let end = url.length;
  while (end > 0 && url[end - 1] === '*') end -= 1;
  return end < url.length && path.startsWith(url.slice(0, end));
}
