import type { ActiveVerification, Registration, TenantRegistration } from '#libs/core';
import { defined, type Fields } from '../projection/fields.js';
import { readBreakGlass } from './read-break-glass.js';
import { readPrincipals } from './read-principals.js';

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
    platformPrincipals: readPrincipals(fields.child('platformPrincipals')),
    breakGlass: fields.children('breakGlass')?.map(readBreakGlass),
    suspendGraceHours: fields.count('suspendGraceHours'),
    sandboxHandlers: fields.texts('sandboxHandlers'),
    trustedRegistries: fields.texts('trustedRegistries'),
    recoveryRecipients: fields.texts('recoveryRecipients'),
    rotationDays: fields.count('rotationDays'),
    watcher: watcher(fields.child('watcher')),
    activeVerification: activeVerification(fields.child('activeVerification')),
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
    principals: readPrincipals(fields.child('principals')),
    gitPaths: fields
      .children('gitPaths')
      ?.map((path) =>
        defined({ repo: path.needText('repo'), ref: path.text('ref'), paths: path.texts('paths') ?? [] }),
      ),
  });
}

function watcher(fields: Fields | undefined): Registration['watcher'] {
  return fields && defined({ testedAt: fields.text('testedAt') });
}

function activeVerification(fields: Fields | undefined): ActiveVerification | undefined {
  return (
    fields &&
    defined({
      enabled: fields.flag('enabled') ?? false,
      networkProbe: fields.flag('networkProbe'),
      alertCanary: fields.flag('alertCanary'),
      pauseImage: fields.text('pauseImage'),
    })
  );
}
