import type { BreakGlassEntry, CredentialStore } from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import { defined, type Fields } from '../projection/fields.js';
import { readPrincipals } from './read-principals.js';

const STORES: Readonly<Record<CredentialStore, true>> = {
  vault: true,
  offline: true,
  managementCluster: true,
  git: true,
  cloudProvider: true,
  other: true,
};

export function readBreakGlass(fields: Fields): BreakGlassEntry {
  return defined({
    name: fields.needText('name'),
    principals: readPrincipals(fields.child('principals')),
    authMethod: fields.choice('authMethod', [
      'clientCertificate',
      'serviceAccountToken',
      'oidc',
      'cloudProvider',
      'other',
    ]),
    apiServer: fields.text('apiServer'),
    network: network(fields.child('network')),
    identityProvider: fields.text('identityProvider'),
    identityProviderShared: fields.flag('identityProviderShared'),
    credentialRef: fields.text('credentialRef'),
    credentialStores: stores(fields.texts('credentialStores')),
    owner: fields.text('owner'),
    approvers: fields.texts('approvers'),
    mfaAttestedAt: fields.text('mfaAttestedAt'),
    rotationDays: fields.count('rotationDays'),
    drillDays: fields.count('drillDays'),
    rotatedAt: fields.text('rotatedAt'),
    expiresAt: fields.text('expiresAt'),
    runbookUrl: fields.text('runbookUrl'),
    runbookReachableAt: fields.text('runbookReachableAt'),
    alertOnUse: alertOnUse(fields.child('alertOnUse')),
    auditFeed: fields.flag('auditFeed'),
    lastDrill: drill(fields.child('lastDrill')),
  });
}

function network(fields: Fields | undefined): BreakGlassEntry['network'] {
  if (fields === undefined) return undefined;
  const via = fields.choice('via', ['direct', 'vpn', 'bastion', 'managementCluster', 'tenantNetwork']);
  if (via === undefined) throw malformed('network.via');
  return defined({ via, sharedWithPrimary: fields.flag('sharedWithPrimary') });
}

function stores(texts: readonly string[] | undefined): BreakGlassEntry['credentialStores'] {
  return texts?.map((text) => {
    if (!Object.hasOwn(STORES, text)) throw malformed('credentialStores');
    return text as CredentialStore;
  });
}

function alertOnUse(fields: Fields | undefined): BreakGlassEntry['alertOnUse'] {
  return fields && defined({ rule: fields.needText('rule'), testedAt: fields.text('testedAt') });
}

function drill(fields: Fields | undefined): BreakGlassEntry['lastDrill'] {
  if (fields === undefined) return undefined;
  const result = fields.choice('result', ['passed', 'failed']);
  if (result === undefined) throw malformed('lastDrill.result');
  return defined({
    at: fields.needText('at'),
    by: fields.text('by'),
    result,
    failedStep: fields.text('failedStep'),
    evidence: fields.text('evidence'),
  });
}

function malformed(field: string): ClusterError {
  return new ClusterError('malformed', { detail: `breakGlass.${field}` });
}
