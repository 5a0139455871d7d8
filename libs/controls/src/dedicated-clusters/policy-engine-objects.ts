import type { EnginePolicy } from '#libs/core';
import { type AccessObject, creates, revokes, revokesNamespace } from './access-object.js';
import type { SharedSources } from './shared-objects.js';

/** Namespaced objects of the engines that lift their policies, wherever they are created. */
const NAMESPACED = new Set(['policies', 'policyexceptions']);

/** More namespaces are not asked about one by one; a right in all of them is found without. */
const MAX_NAMESPACES = 50;

/** The policies and exceptions of the engines that the cluster has, and what the engines themselves need to run. */
export function engineObjects(sources: SharedSources): readonly AccessObject[] {
  return [...policies(sources), ...workloads(sources)];
}

function policies({ enginePolicies, model }: SharedSources): readonly AccessObject[] {
  const kinds = new Map<string, { group: string; resource: string; kind: string }>();
  for (const policy of enginePolicies) {
    const { group, resource } = resourceOf(policy);
    kinds.set(`${group}/${resource}`, { group, resource, kind: policy.kind });
    // An exception need not exist yet to be created.
    if (group === 'kyverno.io' || group === 'policies.kyverno.io') {
      kinds.set(`${group}/policyexceptions`, { group, resource: 'policyexceptions', kind: 'PolicyException' });
    }
  }
  const own = model.tenants.flatMap(({ namespaces }) => namespaces).slice(0, MAX_NAMESPACES);
  return [...kinds.values()].map(({ group, resource, kind }): AccessObject => {
    const places = [{}, ...(NAMESPACED.has(resource) ? own.map((namespace) => ({ namespace })) : [])];
    return {
      class: 'A6',
      kind: `${kind} (${group})`,
      requests: places.flatMap((place) => {
        const target = { group, resource, ...place };
        // What a tenant may change of its own policies lifts nothing; an exception does.
        if ('namespace' in place && resource !== 'policyexceptions') return [];
        return [creates(target), ...revokes(target), { verb: 'deletecollection', ...target }];
      }),
      beyondAdmission: false,
    };
  });
}

/** The resource that a kind most likely has: the plural of its name, as the API conventions of Kubernetes ask for. */
export function resourceOf({ apiVersion, kind }: Pick<EnginePolicy, 'apiVersion' | 'kind'>): {
  readonly group: string;
  readonly resource: string;
} {
  const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
  const lower = kind.toLowerCase();
  // The resource of a constraint is called like its kind: https://open-policy-agent.github.io/gatekeeper/website/docs/howto/
  if (group === 'constraints.gatekeeper.sh') return { group, resource: lower };
  return { group, resource: lower.endsWith('y') ? `${lower.slice(0, -1)}ies` : `${lower}s` };
}

/** Webhooks of the platform are served from these namespaces: without them nothing is checked, or nothing admitted. */
function workloads({ webhookConfigurations, model }: SharedSources): readonly AccessObject[] {
  const services = webhookConfigurations.flatMap(({ webhooks }) => webhooks.flatMap(({ service }) => service ?? []));
  const namespaces = new Set(
    services.map(({ namespace }) => namespace).filter((namespace) => model.tenantOf(namespace) === undefined),
  );
  return [...namespaces].flatMap((namespace): readonly AccessObject[] => {
    const inside = (kind: string, group: string, resource: string, ...subresources: string[]): AccessObject => ({
      class: 'A6',
      kind,
      name: `${namespace}/*`,
      requests: [
        ...revokes({ group, resource, namespace }, ...subresources),
        { verb: 'deletecollection', group, resource, namespace },
      ],
      beyondAdmission: false,
    });
    return [
      {
        class: 'A6',
        kind: 'Namespace',
        name: namespace,
        requests: revokesNamespace(namespace),
        beyondAdmission: false,
      },
      inside('Deployment', 'apps', 'deployments', 'scale'),
      inside('Service', '', 'services'),
      inside('EndpointSlice', 'discovery.k8s.io', 'endpointslices'),
      inside('Secret', '', 'secrets'),
      inside('Lease', 'coordination.k8s.io', 'leases'),
    ];
  });
}
