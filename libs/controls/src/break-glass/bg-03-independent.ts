import {
  type Artifacts,
  type Observation,
  type Registration,
  defineControl,
  derived,
  notEvaluatedBecause,
  pass,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Identity, RbacIndex } from '#libs/rbac';
import {
  type AccessAnalysis,
  ANALYSIS_ARTIFACTS,
  ANALYSIS_CONTEXT,
  type AnalysisArtifacts,
  analyseAccess,
  unknownPlatform,
} from '../dedicated-clusters/access-analysis.js';
import { type PlatformObjects, platformObjectsOf } from '../dedicated-clusters/platform-objects.js';
import { tenantReach } from '../dedicated-clusters/tenant-reach.js';
import { unlessTenants, tenantModel } from '../tenants/tenant-model.js';
import { identitiesOf } from './break-glass-identity.js';
import { type Entry, entriesOf, judgeEntries } from './break-glass-scope.js';
import {
  type Independence,
  identityWithinReach,
  restsOnNothing,
  separatePath,
  sharedWithPlatform,
  withinTenantsReach,
} from './judge-independence.js';

interface EntryObjects {
  readonly identities: readonly Identity[];
  readonly own: PlatformObjects;
}

/** By place in the registry. */
const objectsOfEntries = derived(
  (
    registration: Registration,
    index: RbacIndex,
    serviceAccounts: Artifacts['serviceAccounts'],
    namespaces: Artifacts['namespaces'],
  ): readonly EntryObjects[] =>
    entriesOf(registration).map(({ entry }) => {
      const identities = identitiesOf(entry);
      const principals = identities.map((identity) => ({ identity, from: 'registry' as const }));
      return { identities, own: platformObjectsOf(principals, index, serviceAccounts, namespaces) };
    }),
);

function independenceOf(entry: Entry, artifacts: AnalysisArtifacts, analysis: AccessAnalysis): Independence {
  const { rbac, serviceAccounts, namespaces, registration, accessReviews } = artifacts;
  const place = entriesOf(registration).findIndex(({ pointer }) => pointer === entry.pointer);
  const { identities, own } = objectsOfEntries(registration, analysis.index, serviceAccounts, namespaces)[place] ?? {
    identities: [],
    own: { objects: [], bindings: [] },
  };
  return {
    entry,
    identities,
    own,
    analysis,
    reach: tenantReach(analysis.model, rbac, accessReviews, serviceAccounts, analysis.reading, own.objects),
  };
}

function judgeEntry(independence: Independence, gaps: readonly Observation[]): readonly Observation[] {
  const { entry } = independence;
  const free = restsOnNothing(independence);
  const found = [
    ...separatePath(independence),
    ...identityWithinReach(independence),
    ...gaps,
    ...(free
      ? []
      : [...unknownTenants(independence), ...sharedWithPlatform(independence), ...withinTenantsReach(independence)]),
  ];
  if (found.length > 0) return found;
  const why = free
    ? 'no object of the cluster gives it its rights, so none can take them away (a certificate of system:masters is only revoked by a new CA)'
    : 'no binding, account or namespace that it rests on serves the platform’s usual access or is within reach of a tenant';
  return [
    pass(
      entry.subject,
      'INDEPENDENT',
      `The way in "${excerpt(entry.entry.name, 80)}" does not depend on what tenants or Flux can break: ${why}.`,
      { confidence: free ? 'proven' : 'derived' },
    ),
  ];
}

/** Whether tenants reach it cannot be told where nobody knows who they are. */
function unknownTenants({ entry, analysis }: Independence): readonly Observation[] {
  const answer = unlessTenants(analysis.model);
  return answer?.outcome === 'notEvaluated' ? [{ ...answer, subject: entry.subject }] : [];
}

export const breakGlassIndependent = defineControl({
  id: 'FLUX-BG-03',
  title: 'The break-glass access does not depend on what tenants or Flux can break',
  family: 'Break-glass',
  severity: 'high',
  scope: ['dedicated', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A second way in that hangs on the same binding, account, key or network as the first fails together with it. ' +
    'One that a tenant can change is closed by whoever closes the first.',
  audit:
    'Compares what the break-glass principals rest on (bindings, roles, service account and namespace) with what the platform’s usual access rests on, and with what tenants can change by their rights or those of whom they can become, as in FLUX-DED-01. ' +
    'Members of `system:masters` and administrators of the cloud rest on no object of the cluster. ' +
    'A credential that is kept in the management cluster or in Git only fails. A shared identity provider together with a shared network path, and a network through the management cluster or the tenant, are warnings. ' +
    'Whether admission policies exempt the principals shows in the drill (FLUX-BG-02). Applies to dedicated and management clusters with an entry.',
  remediation:
    'Use a client certificate of the group `system:masters` or an administrator of the cloud, kept in a vault or offline, with a network path of its own. ' +
    'Where it must be a user or group of RBAC, give it a ClusterRoleBinding that serves nothing else and that tenants cannot change.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/rbac/#default-roles-and-role-bindings',
    'https://kubernetes.io/docs/setup/best-practices/certificates/',
  ],
  requires: ANALYSIS_ARTIFACTS,
  optional: ANALYSIS_CONTEXT,
  examples: {
    passing: [
      {
        title: 'a certificate of system:masters, in a vault and offline',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }]
          breakGlass:
            - name: edge-001
              principals: { users: ['break-glass:edge-001'], groups: ['system:masters'] }
              authMethod: clientCertificate
              credentialStores: [vault, offline]
              network: { via: bastion }`,
      },
    ],
    failing: [
      {
        title: 'the credential is a Secret of the management cluster',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }]
          breakGlass:
            - name: edge-001
              principals: { groups: ['system:masters'] }
              authMethod: clientCertificate
              credentialStores: [managementCluster]`,
      },
      {
        title: 'the account is bound by the binding that Flux uses',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          platformPrincipals: { serviceAccounts: [flux-remote/flux] }
          tenants: [{ name: team-a, namespaces: { names: [team-a] }, principals: { groups: [team-a] } }]
          breakGlass:
            - name: edge-001
              principals: { serviceAccounts: [rescue/break-glass] }
              authMethod: serviceAccountToken
              credentialStores: [vault]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRole
          metadata: { name: cluster-admin }
          rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]
          ---
          apiVersion: rbac.authorization.k8s.io/v1
          kind: ClusterRoleBinding
          metadata: { name: platform }
          roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
          subjects:
            - { kind: ServiceAccount, namespace: flux-remote, name: flux }
            - { kind: ServiceAccount, namespace: rescue, name: break-glass }`,
      },
    ],
  },
  evaluate: (artifacts: AnalysisArtifacts) => {
    return judgeEntries(tenantModel(artifacts), (entry) => {
      const independence = independenceOf(entry, artifacts, analyseAccess(artifacts));
      const gaps = restsOnNothing(independence) ? [] : unknownPlatform(artifacts);
      return judgeEntry(
        independence,
        gaps.map((artifact) => notEvaluatedBecause(entry.subject, artifact)),
      );
    });
  },
});
