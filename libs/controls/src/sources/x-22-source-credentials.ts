import { CLUSTER_SUBJECT, SOURCE_KINDS, defineControl, notApplicable, notEvaluatedBecause } from '#libs/core';
import { TENANT_CONTEXT, tenantModel, unlessTenants } from '../tenants/tenant-model.js';
import { judgeCredentials, judgeProvider } from './judge-credentials.js';
import { readSources, sourceSecrets } from './source-secrets.js';

const ROTATION_DAYS = 365;

export const sourceCredentials = defineControl({
  id: 'FLUX-X-22',
  title: 'Credentials of sources are of one tenant, short-lived and no more than needed',
  family: 'Sources',
  severity: 'medium',
  scope: ['management', 'shared', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'A credential for a repository is as strong as everything that it reaches, for as long as it lives, in the hands of everybody who has it. One that several tenants share cannot be taken from one of them.',
  audit:
    'The Secrets of sources are compared without keeping their contents: the same content in namespaces of several tenants fails; of a tenant and the platform it is a warning. ' +
    'Warnings are also a token for github.com where a GitHub App or a deploy key would do, a stored credential beside the provider aws, azure or gcp, a Secret that does not exist, and one that is older than the rotation period of the registry (365 days where it states none). ' +
    'Whether a credential may write is known to the Git host alone, and is not looked at.',
  remediation:
    'Give each tenant a credential of its own that may only read its own repositories: a GitHub App, a deploy key, or workload identity where the provider has it. Rotate what is old and revoke what is not needed.',
  references: [
    'https://fluxcd.io/flux/components/source/gitrepositories/#secret-reference',
    'https://fluxcd.io/flux/components/source/gitrepositories/#provider',
    'https://fluxcd.io/flux/security/best-practices/',
  ],
  requires: ['registration', 'sources'],
  optional: [...TENANT_CONTEXT, 'secretFacts'],
  examples: {
    passing: [
      {
        title: 'a deploy key for each tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: app, namespace: team-a }
          spec: { url: "ssh://github.com/org/a", secretRef: { name: deploy-key } }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: app, namespace: team-b }
          spec: { url: "ssh://github.com/org/b", secretRef: { name: deploy-key } }
          ---
          kind: SecretFacts
          metadata: { name: deploy-key, namespace: team-a, creationTimestamp: "2026-06-01T00:00:00Z" }
          keys: [identity, known_hosts]
          digest: d1
          lengths: { identity: 399, known_hosts: 120 }
          ---
          kind: SecretFacts
          metadata: { name: deploy-key, namespace: team-b, creationTimestamp: "2026-06-01T00:00:00Z" }
          keys: [identity, known_hosts]
          digest: d2
          lengths: { identity: 399, known_hosts: 120 }`,
      },
    ],
    failing: [
      {
        title: 'two tenants with one credential',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants: [{ name: team-a, namespaces: { names: [team-a] } }, { name: team-b, namespaces: { names: [team-b] } }]
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: app, namespace: team-a }
          spec: { url: "https://git.example.com/org/a", secretRef: { name: git } }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: GitRepository
          metadata: { name: app, namespace: team-b }
          spec: { url: "https://git.example.com/org/b", secretRef: { name: git } }
          ---
          kind: SecretFacts
          metadata: { name: git, namespace: team-a }
          keys: [username, password]
          digest: same
          lengths: { username: 4, password: 40 }
          ---
          kind: SecretFacts
          metadata: { name: git, namespace: team-b }
          keys: [username, password]
          digest: same
          lengths: { username: 4, password: 40 }`,
      },
    ],
  },
  evaluate: ({ sources, secretFacts, ...context }, { now }) => {
    const read = readSources(sources);
    const unread = SOURCE_KINDS.flatMap((kind) => {
      const list = sources[kind];
      return list.state === 'unavailable' ? [notEvaluatedBecause({ ...CLUSTER_SUBJECT, field: kind }, list)] : [];
    });
    const model = tenantModel(context);
    const noTenants = unlessTenants(model);
    const { rotationDays = ROTATION_DAYS } = context.registration;
    const secrets = sourceSecrets(read);
    const tenants = noTenants ? (noTenants.outcome === 'notEvaluated' ? 'unknown' : 'none') : 'known';
    const judged = [
      ...unread,
      ...(noTenants && tenants === 'unknown' && secrets.length > 0 ? [noTenants] : []),
      ...read.flatMap(judgeProvider),
      ...judgeCredentials(secrets, { secretFacts, model, tenants, allSources: unread.length === 0, now, rotationDays }),
    ];
    if (judged.length > 0) return judged;
    const message = 'No source of this cluster uses a stored credential or an identity of a cloud.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_CREDENTIALS', message)];
  },
});
