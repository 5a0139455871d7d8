import {
  type Artifacts,
  CLUSTER_SUBJECT,
  type Collected,
  type Confidence,
  type HelmRelease,
  type KubernetesObject,
  type Kustomization,
  type Observation,
  defineControl,
  derived,
  fail,
  notApplicable,
  notEvaluated,
  notEvaluatedBecause,
  pass,
  subjectOf,
} from '#libs/core';
import { type EffectiveIdentity, type LaneReading, accountsUsed, componentOfKind, lanesOf } from '#libs/flux';
import { type AccountName, type RbacIndex, accountIdentity, accountOf } from '#libs/rbac';
import { type Access, accessOf } from '../access/access.js';
import { reconciledBuilds } from '../git-sources/reconciled-builds.js';
import { ownerOf, sameRepository } from '../tenants/ownership.js';
import { type Tenant, type TenantModel, tenantModel } from '../tenants/tenant-model.js';
import { unlessShared } from '../tenants/unless-shared.js';
import { type CloudUse, type UnreadUse, imageUses, kubeConfigUse, providerUses, sourceUses } from './cloud-uses.js';
import { decryptionUses } from './decryption-use.js';
import { sourceEvidence } from './identity-evidence.js';
import { accountNameFor } from './identity-fixes.js';

/** Plurals of the kinds that use clouds. */
const RESOURCES: Readonly<Record<string, string>> = {
  Kustomization: 'kustomizations',
  HelmRelease: 'helmreleases',
  GitRepository: 'gitrepositories',
  OCIRepository: 'ocirepositories',
  HelmRepository: 'helmrepositories',
  HelmChart: 'helmcharts',
  Bucket: 'buckets',
  ExternalArtifact: 'externalartifacts',
  ImageRepository: 'imagerepositories',
  Provider: 'providers',
};

function judgeUse(use: CloudUse | UnreadUse, tenant: Tenant, lanes: LaneReading, confidence: Confidence): Observation {
  const { object, what, place, flag, named } = use;
  const { kind, metadata } = object;
  const subject = subjectOf(object, use.field === undefined ? {} : { field: use.field });
  const title = `${kind} ${metadata.namespace ?? ''}/${metadata.name} of ${tenant.name}`;
  const identities = accountsUsed(object, lanes, flag, named);
  const controller = identities.find((each) => each.kind === 'account' && each.origin === 'controller');
  const hidden = identities.find((each) => each.kind === 'unknown');
  if (controller?.kind === 'account') {
    if ('unread' in use) return notEvaluatedBecause(subject, use.unread);
    const component = componentOfKind(kind) ?? 'its controller';
    const message =
      `${title} uses ${what} as the identity of ${component} (${controller.account.namespace}/${controller.account.name}): neither ${place} nor --${flag} of ${component} names an account. ` +
      'All tenants then share that identity, and what it may reach. ' +
      `Set ${place} to an account of ${tenant.name} that is bound to a role of its own, and --${flag} on ${component}.`;
    const [first, ...others] = sourceEvidence(controller.sources, `an account of ${tenant.name}`);
    const evidence = first ?? { pointer: '/name', observed: null, expected: place };
    return fail(subject, 'USES_CONTROLLER_IDENTITY', message, {
      confidence,
      evidence: [evidence, ...others],
      fixes: [fixFor(object, use, tenant)],
    });
  }
  if (hidden?.kind === 'unknown') {
    const { cause, code, message, missing } = hidden;
    return notEvaluated(subject, cause, code, `As whom ${title} uses ${what} is not known. ${message}`, { missing });
  }
  return passed(subject, `${title} uses ${what}`, identities, confidence);
}

function passed(
  subject: ReturnType<typeof subjectOf>,
  said: string,
  identities: readonly EffectiveIdentity[],
  confidence: Confidence,
): Observation {
  const accounts = identities.flatMap((each) => (each.kind === 'account' ? [each] : []));
  const names = accounts.map(({ account }) => `${account.namespace}/${account.name}`).join(', ');
  const byDefault = accounts.some(({ origin }) => origin === 'default');
  const evidence = accounts.flatMap(({ sources }) => sourceEvidence(sources, 'an account of the tenant'));
  return pass(
    subject,
    byDefault ? 'DEFAULT_ACCOUNT' : 'OWN_ACCOUNT',
    `${said} as service account ${names}${byDefault ? ', the default of its controller' : ''}.`,
    { confidence, evidence },
  );
}

function fixFor({ apiVersion, kind, metadata }: KubernetesObject, { field, named }: CloudUse, tenant: Tenant) {
  const name = JSON.stringify(accountNameFor(tenant));
  const [target, body] =
    field === 'spec.kubeConfig'
      ? [
          { apiVersion: 'v1', kind: 'ConfigMap', name: named.source.object.metadata.name },
          `data:\n  serviceAccountName: ${name}`,
        ]
      : field === 'spec.decryption'
        ? [{ apiVersion, kind, name: metadata.name }, `spec:\n  decryption:\n    serviceAccountName: ${name}`]
        : [{ apiVersion, kind, name: metadata.name }, `spec:\n  serviceAccountName: ${name}`];
  return {
    form: 'manifest' as const,
    title: `Name an account of ${tenant.name} in the ${target.kind}`,
    content: `apiVersion: ${target.apiVersion}\nkind: ${target.kind}\nmetadata:\n  name: ${JSON.stringify(target.name)}\n  namespace: ${JSON.stringify(metadata.namespace ?? 'default')}\n${body}\n`,
  };
}

/** Tells what the platform manages inside of a tenant: nobody of the tenant can write it, and its source is not theirs. */
function platformManagedBy(
  access: Access | undefined,
  model: TenantModel,
  sources: Collected<Artifacts['sources']>,
): (object: KubernetesObject, tenant: Tenant) => boolean {
  if (!access) return () => false;
  const platform = new Set(
    (model.registration.platformPrincipals?.serviceAccounts ?? []).map((account) =>
      account.replace(/^system:serviceaccount:/, '').replace(':', '/'),
    ),
  );
  const writable = new Map<string, boolean>();
  const mayWrite = (tenant: Tenant, namespace: string, group: string, resource: string): boolean => {
    const key = `${tenant.name}/${namespace}/${group}/${resource}`;
    const known = writable.get(key);
    if (known !== undefined) return known;
    // What a tenant keeps in Git is applied as an account of its namespace.
    const accounts = accountsIn(access, namespace).filter(({ name }) => !platform.has(`${namespace}/${name}`));
    const may = [...tenant.principals, ...accounts.map(accountIdentity)].some((identity) =>
      ['create', 'patch', 'update'].some((verb) => access.ask(identity, { verb, group, resource, namespace }).allowed),
    );
    writable.set(key, may);
    return may;
  };
  return (object, tenant) => {
    if (!tenant.principalsDeclared) return false;
    if (isApplier(object)) {
      // Whose repository it applies is in its source.
      return sourcesRead(sources) && ownerOf(object, model, sources, access).kind === 'platformManaged';
    }
    const { apiVersion, kind, metadata } = object;
    if (isOfTenantRepository(object, model)) return false;
    return !mayWrite(tenant, metadata.namespace ?? '', apiVersion.split('/')[0] ?? '', RESOURCES[kind] ?? '');
  };
}

function isApplier(object: KubernetesObject): object is Kustomization | HelmRelease {
  return object.kind === 'Kustomization' || object.kind === 'HelmRelease';
}

function sourcesRead(sources: Collected<Artifacts['sources']>): boolean {
  return sources.state === 'collected' && Object.values(sources.value).every(({ state }) => state === 'collected');
}

/** A source of a repository that the registry gives to a tenant. */
function isOfTenantRepository(object: KubernetesObject & { readonly spec?: object }, model: TenantModel): boolean {
  const url = object.spec !== undefined && 'url' in object.spec ? object.spec.url : undefined;
  if (typeof url !== 'string') return false;
  return model.tenants.some(({ registration }) =>
    registration?.gitPaths?.some(({ repo }) => sameRepository(repo, url)),
  );
}

/** The accounts of a namespace that a binding names, and `default`, which has what is granted to all of them. */
function accountsIn({ index }: Access, namespace: string): readonly AccountName[] {
  return accountsByNamespace(index).get(namespace) ?? [{ namespace, name: 'default' }];
}

const accountsByNamespace = derived((index: RbacIndex): ReadonlyMap<string, readonly AccountName[]> => {
  const found = new Map<string, AccountName[]>();
  for (const key of index.bySubject.keys()) {
    const account = key.startsWith('user:') ? accountOf(key.slice('user:'.length)) : undefined;
    if (!account) continue;
    const list = found.get(account.namespace) ?? [{ namespace: account.namespace, name: 'default' }];
    found.set(account.namespace, list);
    list.push(account);
  }
  return found;
});

function accessIn(
  rbac: Collected<Artifacts['rbac']>,
  reviews: Collected<Artifacts['accessReviews']>,
): Access | undefined {
  return rbac.state === 'collected' ? accessOf(rbac.value, reviews) : undefined;
}

export const noControllerIdentity = defineControl({
  id: 'FLUX-MT-07',
  title: 'Objects of tenants do not use the cloud identity of a controller',
  family: 'Multi-tenancy',
  severity: 'high',
  scope: ['shared', 'management'],
  mode: 'read',
  since: '0.1.0',
  rationale:
    'An object with `provider: aws`, `azure` or `gcp`, one that decrypts with a key service, and one whose kubeconfig is a ConfigMap sign in somewhere. ' +
    'Without a service account of their own or a default one they do so as their controller, which all tenants share. Flux recommends an account of the namespace of each object.',
  audit:
    'Looks at the objects of tenants: sources and ImageRepositories with the provider of a cloud, notification Providers of the types azureeventhub, azuredevops and googlepubsub without a Secret, Kustomizations whose files are encrypted for AWS KMS, Azure Key Vault or Google Cloud KMS while their Secret holds no credential for it, and `spec.kubeConfig.configMapRef`. ' +
    'Each must name an account, or every instance that serves it must have the default account for that purpose. Where the files of a source or a ConfigMap could not be read and there is no default, it is not evaluated.',
  remediation:
    'Set `spec.serviceAccountName` (of a Kustomization `spec.decryption.serviceAccountName`, of a kubeconfig `serviceAccountName` in its ConfigMap) to an account of the tenant, bind that account to a role of its own in the cloud, and set the defaults of FLUX-MT-06.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/#multi-tenancy',
    'https://fluxcd.io/flux/installation/configuration/workload-identity/',
    'https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption',
  ],
  requires: ['registration', 'deployments', 'pods', 'kustomizations', 'helmReleases', 'providers', 'imageRepositories'],
  optional: [
    'configMaps',
    'namespaces',
    'sources',
    'secretFacts',
    'kubeConfigMaps',
    'gitTrees',
    'rbac',
    'accessReviews',
  ],
  examples: {
    passing: [
      {
        title: 'the source names an account of the tenant',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: OCIRepository
          metadata: { name: app, namespace: team-a }
          spec:
            url: oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/app
            provider: aws
            serviceAccountName: team-a`,
      },
    ],
    failing: [
      {
        title: 'nobody says as whom the source signs in',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: shared
          tenants:
            - { name: team-a, namespaces: { names: [team-a] } }
            - { name: team-b, namespaces: { names: [team-b] } }
          ---
          apiVersion: v1
          kind: Pod
          metadata: { name: source-controller-0, namespace: flux-system }
          spec:
            serviceAccountName: source-controller
            containers:
              - name: manager
                image: ghcr.io/fluxcd/source-controller:v1.9.4
                args: [--watch-all-namespaces=true]
          ---
          apiVersion: source.toolkit.fluxcd.io/v1
          kind: OCIRepository
          metadata: { name: app, namespace: team-a }
          spec:
            url: oci://123456789012.dkr.ecr.eu-west-1.amazonaws.com/app
            provider: aws`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const model = tenantModel(artifacts);
    const answer = unlessShared(model);
    if (answer) return [answer];
    const { kustomizations, helmReleases, sources, gitTrees, secretFacts, kubeConfigMaps } = artifacts;
    const lanes = lanesOf(model.instances.state === 'collected' ? model.instances.value : [], now);
    const access = accessIn(artifacts.rbac, artifacts.accessReviews);
    const isPlatformManaged = platformManagedBy(access, model, sources);
    const builds = reconciledBuilds(kustomizations, sources, gitTrees);
    const found = [
      ...sourceUses(sources),
      ...imageUses(artifacts.imageRepositories),
      ...providerUses(artifacts.providers),
      ...decryptionUses(kustomizations, { builds, secretFacts }),
      ...[...kustomizations, ...helmReleases].flatMap((object) => kubeConfigUse(object, kubeConfigMaps) ?? []),
    ];
    const judged = found.flatMap((use): readonly Observation[] => {
      if ('outcome' in use) return [use];
      const { object } = use;
      const tenant = model.tenantOf(object.metadata.namespace);
      if (!tenant) return [];
      if (isPlatformManaged(object, tenant)) {
        const message = `${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name} is the platform's: nobody of ${tenant.name} can write such objects there, and no repository of a tenant is its source.`;
        const part = use.field === undefined ? {} : { field: use.field };
        return [pass(subjectOf(object, part), 'PLATFORM_MANAGED', message, { confidence: 'derived' })];
      }
      return [judgeUse(use, tenant, lanes, tenant.principalsDeclared ? 'derived' : 'heuristic')];
    });
    if (judged.length > 0) return judged;
    const message = 'No object of a tenant signs in to a cloud, to a key service or to another cluster.';
    return [notApplicable(CLUSTER_SUBJECT, 'NO_CLOUD_USE', message)];
  },
});
