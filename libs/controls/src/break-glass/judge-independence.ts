import { type Evidence, type Observation, fail, nameList, notEvaluated, objectReference, warn } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type Identity, MASTERS, accountOf } from '#libs/rbac';
import type { AccessAnalysis } from '../dedicated-clusters/access-analysis.js';
import { type PlatformObjects, platformObjectsOf } from '../dedicated-clusters/platform-objects.js';
import type { TenantReach } from '../dedicated-clusters/tenant-reach.js';
import { undeclaredPrincipals } from '../dedicated-clusters/dedicated-scope.js';
import { describePrincipal } from '../tenants/tenant-model.js';
import type { Entry } from './break-glass-scope.js';

/** What an entry rests on in the cluster, beside what the platform's usual access rests on. */
export interface Independence {
  readonly entry: Entry;
  readonly identities: readonly Identity[];
  readonly own: PlatformObjects;
  readonly analysis: AccessAnalysis;
  /** How far tenants reach, with what of `own` they could take away. */
  readonly reach: readonly TenantReach[];
}

/** No object of the cluster gives these their rights. */
export function restsOnNothing({ entry: { entry }, identities }: Independence): boolean {
  return (
    entry.authMethod === 'cloudProvider' ||
    (identities.length > 0 && identities.every(({ groups }) => groups.includes(MASTERS)))
  );
}

/** The same binding, account or namespace as the usual way in: what breaks one breaks the other. */
export function sharedWithPlatform(independence: Independence): readonly Observation[] {
  const { entry, identities, own, analysis } = independence;
  const { subject, pointer } = entry;
  const name = excerpt(entry.entry.name, 80);
  const others = analysis.platform.filter(({ identity }) => !identities.some((each) => sameIdentity(each, identity)));
  const theirs = new Set(platformObjectsOf(others, analysis.index, [], []).bindings);
  const both = own.bindings.filter((binding) => theirs.has(binding));
  const observations: Observation[] = [];
  const [first, ...more] = both.map((binding): Evidence => ({
    object: objectReference(binding),
    pointer: '/subjects',
    observed: (binding.subjects ?? []).slice(0, 20).map((each) => `${each.kind} ${excerpt(each.name, 80)}`),
    expected: 'a binding that serves the break-glass access alone',
  }));
  if (first) {
    observations.push(
      fail(
        subject,
        'SHARED_WITH_PLATFORM',
        `The way in "${name}" has its rights from ${nameList(both.map(({ kind, metadata }) => `${kind} ${excerpt(metadata.name, 80)}`))}, which gives the platform its usual access too. Who deletes or breaks that binding takes both away. Give the break-glass principal a binding of its own, or a client certificate of the group ${MASTERS}.`,
        { confidence: 'derived', evidence: [first, ...more] },
      ),
    );
  }
  const homes = new Map(
    others.flatMap(({ identity }) => {
      const account = accountOf(identity.user);
      return account ? [[account.namespace, identity] as const] : [];
    }),
  );
  for (const identity of identities) {
    const account = accountOf(identity.user);
    const same = analysis.platform.find((each) => each.from !== 'registry' && sameIdentity(each.identity, identity));
    const neighbour = account && homes.get(account.namespace);
    if (!account || (!neighbour && !same)) continue;
    observations.push(
      fail(
        subject,
        'SHARED_WITH_PLATFORM',
        `The way in "${name}" is ${describePrincipal(identity)}, ${same ? 'which the platform uses every day' : `in the namespace of ${describePrincipal(neighbour ?? identity)}, which the platform uses every day`}. With the account or its namespace both are gone, and a new account of that name does not bring its tokens back. Use a principal that no object of the cluster stands for, or a namespace of its own.`,
        {
          evidence: [
            {
              pointer: `${pointer}/principals/serviceAccounts`,
              observed: (entry.entry.principals?.serviceAccounts ?? []).map((each) => excerpt(each, 100)),
              expected: 'an account in a namespace that serves nothing else',
            },
          ],
        },
      ),
    );
  }
  if (analysis.platform.length === 0) {
    observations.push(
      notEvaluated(
        subject,
        'undecidable',
        'NO_ACCESS_OBJECTS',
        `It is not known who the platform is on this cluster, so the way in "${name}" could not be compared with the usual one. Declare platformPrincipals.`,
      ),
    );
  }
  return observations;
}

function sameIdentity(a: Identity, b: Identity): boolean {
  return (
    a.user === b.user && a.groups.length === b.groups.length && a.groups.every((group) => b.groups.includes(group))
  );
}

/** What a tenant could change of it, directly or as administrator. */
export function withinTenantsReach({ entry, reach }: Independence): readonly Observation[] {
  const { subject, pointer } = entry;
  const name = excerpt(entry.entry.name, 80);
  return reach.flatMap(({ tenant, groups }) => {
    const admins = groups.filter(({ admin, adminElsewhere }) => admin !== undefined || adminElsewhere !== undefined);
    const revocations = groups.flatMap((each) => each.revocations);
    const gap = undeclaredPrincipals(tenant);
    if (admins.length === 0 && revocations.length === 0) {
      return gap ? [notEvaluated(subject, 'tenantsUndefined', gap.reason, gap.message)] : [];
    }
    const objects = nameList(revocations.map(({ object }) => `${object.kind} ${excerpt(object.name ?? '', 80)}`));
    const read = revocations.find(({ object }) => object.object !== undefined)?.object.object;
    const evidence: Evidence = read
      ? {
          object: objectReference(read),
          pointer: '/metadata/name',
          observed: excerpt(read.metadata.name, 80),
          expected: 'an object that no tenant can change',
        }
      : {
          pointer: `${pointer}/name`,
          observed: name,
          expected: 'rests on nothing that a tenant can change',
        };
    return [
      fail(
        { ...subject, field: tenant.name },
        'TENANT_WRITABLE',
        `Tenant ${tenant.name} ${admins.length > 0 ? 'can become administrator of the cluster, and so take away whatever' : `may change ${objects}, on which`} the way in "${name}" rests${admins.length > 0 ? ' on' : ''}. ` +
          'Who shuts the platform out can then close this way too. ' +
          `Take that right away from the tenant, or use a client certificate of the group ${MASTERS} or an administrator of the cloud, which no object of the cluster can take away.`,
        { confidence: 'derived', evidence: [evidence] },
      ),
    ];
  });
}

/** Who is who may itself stand in an object that a tenant can change. */
export function identityWithinReach({ entry, analysis }: Independence): readonly Observation[] {
  if (entry.entry.authMethod !== 'oidc') return [];
  const found = analysis.reach.flatMap(({ tenant, groups }) =>
    groups.flatMap(({ revocations }) =>
      revocations.filter(({ object }) => object.class === 'A5').map(({ object }) => ({ tenant, object })),
    ),
  );
  const [first] = found;
  if (first === undefined) return [];
  return [
    fail(
      { ...entry.subject, field: 'authentication' },
      'IDENTITY_WRITABLE',
      `Tenant ${first.tenant.name} may change ${nameList(found.map(({ object }) => `${object.kind} ${object.name ?? ''}`))}, which decides who signs in as whom. The way in "${excerpt(entry.entry.name, 80)}" signs in by an identity provider and could be closed there. Take that right away, or use a client certificate.`,
      {
        confidence: 'derived',
        evidence: [
          { pointer: `${entry.pointer}/authMethod`, observed: 'oidc', expected: 'nothing that a tenant can change' },
        ],
      },
    ),
  ];
}

/** Where the credential is kept, and how people come to the API server. */
export function separatePath({
  entry: { entry, pointer, subject },
}: Pick<Independence, 'entry'>): readonly Observation[] {
  const name = excerpt(entry.name, 80);
  const { credentialStores: stores = [], network, identityProvider, identityProviderShared } = entry;
  const observations: Observation[] = [];
  const lost = stores.every((store) => store === 'managementCluster' || store === 'git');
  if (stores.length === 0) {
    observations.push(
      warn(
        subject,
        'STORE_UNKNOWN',
        `It is not known where the credential of the way in "${name}" is kept. It may be lost together with the access that it is to replace. Enter every place that holds it as credentialStores.`,
        {
          evidence: [{ pointer: `${pointer}/credentialStores`, observed: null, expected: 'every place that holds it' }],
        },
      ),
    );
  } else if (lost) {
    observations.push(
      fail(
        subject,
        'CREDENTIAL_DEPENDS_ON_FLUX',
        `The credential of the way in "${name}" is kept in ${nameList(stores.map((store) => STORE_TEXT[store] ?? store))} only. Where the management cluster or its keys are lost, it is lost with them. Keep a copy elsewhere, in a vault or offline.`,
        {
          evidence: [
            {
              pointer: `${pointer}/credentialStores`,
              observed: [...stores],
              expected: 'a vault, a cloud provider, or offline',
            },
          ],
        },
      ),
    );
  }
  if (identityProvider !== undefined && identityProviderShared === true && network?.sharedWithPrimary === true) {
    observations.push(
      warn(
        { ...subject, field: 'path' },
        'SHARED_PATH',
        `The way in "${name}" uses the identity provider and the network path of the usual way. When either is down, both are. Give it a path or a sign-in of its own.`,
        {
          evidence: [
            {
              pointer: `${pointer}/network/sharedWithPrimary`,
              observed: true,
              expected: 'false, or another identity provider',
            },
          ],
        },
      ),
    );
  }
  if (network?.via === 'managementCluster' || network?.via === 'tenantNetwork') {
    const through =
      network.via === 'managementCluster' ? 'through the management cluster' : 'through a network of the tenant';
    observations.push(
      warn(
        { ...subject, field: 'network' },
        'NETWORK_DEPENDS',
        `The way in "${name}" leads to the API server ${through} only. When that is what broke, nobody gets in. Provide a direct way, a VPN or a bastion of the platform.`,
        {
          evidence: [{ pointer: `${pointer}/network/via`, observed: network.via, expected: 'direct, vpn or bastion' }],
        },
      ),
    );
  }
  return observations;
}

const STORE_TEXT: Readonly<Record<string, string>> = {
  managementCluster: 'the management cluster',
  git: 'Git',
};
