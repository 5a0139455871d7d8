import type { BreakGlassEntry, Principals, Registration, TenantRegistration } from '#libs/core';
import { defined, type Fields } from '../projection/fields.js';

/** The operator's part of a recorded snapshot. */
export function readRegistration(fields: Fields): Registration {
  return defined({
    name: fields.needText('name'),
    role: fields.choice('role', ['management', 'tenant', 'standalone']),
    tenancy: fields.choice('tenancy', ['dedicated', 'shared']),
    delivery: fields.choice('delivery', ['remoteApply', 'inCluster', 'other']),
    labels: fields.textMap('labels'),
    fluxNamespaces: fields.texts('fluxNamespaces'),
    platformNamespaces: fields.texts('platformNamespaces'),
    tenantLabels: fields.texts('tenantLabels'),
    tenants: fields.children('tenants')?.map(tenant),
    platformPrincipals: principals(fields.child('platformPrincipals')),
    breakGlass: fields.children('breakGlass')?.map(breakGlass),
    suspendGraceHours: fields.count('suspendGraceHours'),
  });
}

function tenant(fields: Fields): TenantRegistration {
  const namespaces = fields.child('namespaces');
  return defined({
    name: fields.needText('name'),
    isolation: fields.choice('isolation', ['high', 'low']),
    criticality: fields.choice('criticality', ['normal', 'critical']),
    namespaces:
      namespaces && defined({ names: namespaces.texts('names'), matchLabels: namespaces.textMap('matchLabels') }),
    principals: principals(fields.child('principals')),
    gitPaths: fields
      .children('gitPaths')
      ?.map((path) =>
        defined({ repo: path.needText('repo'), ref: path.text('ref'), paths: path.texts('paths') ?? [] }),
      ),
  });
}

function breakGlass(fields: Fields): BreakGlassEntry {
  return defined({ name: fields.needText('name'), principals: principals(fields.child('principals')) });
}

function principals(fields: Fields | undefined): Partial<Principals> | undefined {
  return (
    fields &&
    defined({
      users: fields.texts('users'),
      groups: fields.texts('groups'),
      serviceAccounts: fields.texts('serviceAccounts'),
    })
  );
}
