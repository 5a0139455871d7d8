import type {
  AccessReview,
  ClientCertificateFacts,
  FleetCluster,
  KubeConfigFacts,
  KubeConfigMapFacts,
  SecretFacts,
  TokenFacts,
} from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import { defined, Fields } from '../projection/fields.js';
import { namespacedMetadata } from '../projection/metadata.js';
import { listOf, recordOf, type ArtifactReaders } from './read-artifact.js';

/** Artifacts that hold facts of what Flux objects name, and answers about rights. */
export const NAMED_VALUES = {
  secretFacts: (holder) => recordOf(holder, orNull(secretFacts)),
  kubeConfigMaps: (holder) => recordOf(holder, orNull(kubeConfigMapFacts)),
  accessReviews: (holder) => listOf(holder, accessReview),
  fleet: (holder) => listOf(holder, fleetCluster),
} as const satisfies ArtifactReaders;

function orNull<T>(read: (value: Fields) => T): (holder: Fields) => T | null {
  return (holder) => (holder.has('value') ? read(holder.needChild('value')) : null);
}

function secretFacts(fields: Fields): SecretFacts {
  const kubeConfigs = fields.child('kubeConfigs');
  const decryption = fields.child('decryption');
  const address = fields.child('address');
  const kubeConfig = fields.child('kubeConfig');
  return defined({
    metadata: namespacedMetadata(fields, { managedFields: true }),
    type: fields.text('type'),
    keys: fields.texts('keys') ?? [],
    digest: fields.needText('digest'),
    lengths: counts(fields.needChild('lengths')),
    kubeConfig: kubeConfig && kubeConfigFacts(kubeConfig),
    kubeConfigs:
      kubeConfigs &&
      Object.fromEntries(kubeConfigs.keys().map((key) => [key, kubeConfigFacts(kubeConfigs.needChild(key))])),
    decryption: decryption && { recipients: decryption.texts('recipients') ?? [] },
    address: address && { origin: address.needText('origin'), hasPath: address.flag('hasPath') ?? false },
  });
}

function counts(fields: Fields): Readonly<Record<string, number>> {
  return Object.fromEntries(fields.keys().map((key) => [key, fields.count(key) ?? 0]));
}

function kubeConfigFacts(fields: Fields): KubeConfigFacts {
  const [token, certificate] = [fields.child('token'), fields.child('certificate')];
  return defined({
    problem: fields.choice('problem', ['NOT_YAML', 'NO_CURRENT_CONTEXT', 'NO_CLUSTER', 'NO_USER']),
    server: fields.text('server'),
    caSpkiSha256: fields.text('caSpkiSha256'),
    hasCaData: fields.flag('hasCaData'),
    tlsServerName: fields.text('tlsServerName'),
    proxyUrl: fields.text('proxyUrl'),
    insecureSkipTlsVerify: fields.flag('insecureSkipTlsVerify'),
    fields: fields.texts('fields') ?? [],
    credentialDigest: fields.text('credentialDigest'),
    token: token && tokenFacts(token),
    certificate: certificate && certificateFacts(certificate),
    contexts: fields.count('contexts'),
  });
}

function tokenFacts(fields: Fields): TokenFacts {
  return defined({
    kind: fields.choice('kind', ['jwt', 'opaque']) ?? 'opaque',
    issuer: fields.text('issuer'),
    subject: fields.text('subject'),
    audiences: fields.texts('audiences'),
    issuedAt: fields.text('issuedAt'),
    expiresAt: fields.text('expiresAt'),
  });
}

function certificateFacts(fields: Fields): ClientCertificateFacts {
  return defined({
    commonName: fields.text('commonName'),
    organizations: fields.texts('organizations') ?? [],
    notBefore: fields.needText('notBefore'),
    notAfter: fields.needText('notAfter'),
  });
}

function kubeConfigMapFacts(fields: Fields): KubeConfigMapFacts {
  return defined({
    metadata: namespacedMetadata(fields),
    provider: fields.text('provider'),
    cluster: fields.text('cluster'),
    address: fields.text('address'),
    hasCa: fields.flag('hasCa'),
    caSpkiSha256: fields.text('caSpkiSha256'),
    audiences: fields.texts('audiences'),
    serviceAccountName: fields.text('serviceAccountName'),
  });
}

function accessReview(item: unknown): AccessReview {
  const fields = Fields.of(item);
  const question = fields.needChild('question');
  return defined({
    question: defined({
      user: question.needText('user'),
      groups: question.texts('groups') ?? [],
      verb: question.needText('verb'),
      group: question.text('group') ?? '',
      resource: question.needText('resource'),
      subresource: question.text('subresource'),
      namespace: question.text('namespace'),
      name: question.text('name'),
    }),
    allowed: fields.flag('allowed') ?? null,
    reason: fields.text('reason'),
  });
}

function fleetCluster(item: unknown): FleetCluster {
  const fields = Fields.of(item);
  const tenants = fields.texts('tenants');
  if (!tenants) throw new ClusterError('malformed', { detail: 'tenants' });
  return defined({
    name: fields.needText('name'),
    role: fields.choice('role', ['management', 'tenant', 'standalone']),
    tenancy: fields.choice('tenancy', ['dedicated', 'shared']),
    delivery: fields.choice('delivery', ['remoteApply', 'inCluster', 'other']),
    server: fields.needText('server'),
    caSpkiSha256: fields.text('caSpkiSha256'),
    uid: fields.text('uid'),
    cloudId: fields.text('cloudId'),
    tenants,
    self: fields.flag('self'),
  });
}
