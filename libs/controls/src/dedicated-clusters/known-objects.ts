import { type Artifacts, type Collected, type KubernetesObject, RBAC_GROUP, derived } from '#libs/core';
import type { ResourceRequest } from '#libs/rbac';
import type { AccessObject } from './access-object.js';
import type { AnalysisArtifacts } from './access-analysis.js';
import { resourceOf } from './policy-engine-objects.js';

/** One object that a request can be tried on. */
export interface KnownObject {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
  /** Absent: it is known by name only, and cannot be tried to be deleted. */
  readonly uid?: string;
  /** As it was read. */
  readonly live?: KubernetesObject;
}

/** What is needed to find them, besides the artifacts of the analysis. */
export const TARGET_CONTEXT = ['networkPolicies'] as const;
export type TargetArtifacts = AnalysisArtifacts & { readonly networkPolicies: Collected<Artifacts['networkPolicies']> };

/** Of a right to all of a kind, that many objects are tried. */
const MAX_OF_A_KIND = 2;
const NAME_OF_NAMESPACE = 'kubernetes.io/metadata.name';

const valueOf = <T>(artifact: Collected<readonly T[]>): readonly T[] =>
  artifact.state === 'collected' ? artifact.value : [];

/** The objects that a right concerns: the one that it names, or of all that it covers a few that are known. */
export function objectsFor(
  object: AccessObject,
  { group = '', resource, namespace, name }: ResourceRequest,
  artifacts: TargetArtifacts,
): readonly KnownObject[] {
  const isHere = (each: KubernetesObject) =>
    (namespace === undefined || each.metadata.namespace === namespace) &&
    (name === undefined || each.metadata.name === name);
  const found = (object.object ? [object.object] : listOf(group, resource, artifacts)).filter(isHere);
  const known = found.map((live) => {
    const { apiVersion, metadata } = live;
    const version = apiVersion.includes('/') ? apiVersion.slice(apiVersion.indexOf('/') + 1) : apiVersion;
    return {
      group,
      resource,
      version: version || servedVersion(artifacts.discovery, group, resource),
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      name: metadata.name,
      ...(metadata.uid !== undefined && { uid: metadata.uid }),
      live,
    };
  });
  if (known.length > 0) return known.slice(0, MAX_OF_A_KIND);
  const version = servedVersion(artifacts.discovery, group, resource);
  const place = namespace === undefined ? {} : { namespace };
  const names = name === undefined ? namesOf(group, resource, namespace, artifacts) : [name];
  return names.slice(0, MAX_OF_A_KIND).map((each) => ({ group, resource, version, ...place, name: each }));
}

function listOf(group: string, resource: string, artifacts: TargetArtifacts): readonly KubernetesObject[] {
  switch (`${resource}.${group}`) {
    case 'namespaces.':
      return artifacts.namespaces;
    case 'nodes.':
      return valueOf(artifacts.nodes);
    case 'deployments.apps':
      return artifacts.deployments;
    case 'networkpolicies.networking.k8s.io':
      return valueOf(artifacts.networkPolicies);
    case 'secrets.':
      return factsOf(artifacts.secretFacts, 'Secret');
    case 'configmaps.':
      return factsOf(artifacts.platformConfigMaps, 'ConfigMap');
    default:
      return valueOf(artifacts.enginePolicies).filter((policy) => {
        const own = resourceOf(policy);
        return own.group === group && own.resource === resource;
      });
  }
}

/** Objects of which only some facts were read. */
function factsOf(
  artifact: Collected<Readonly<Record<string, Collected<Pick<KubernetesObject, 'metadata'> | null>>>>,
  kind: string,
): readonly KubernetesObject[] {
  if (artifact.state === 'unavailable') return [];
  return Object.values(artifact.value).flatMap((each) =>
    each.state === 'collected' && each.value ? [{ apiVersion: 'v1', kind, metadata: each.value.metadata }] : [],
  );
}

/** Names of objects that are not read themselves: of Deployments with pods, of Services that webhooks call. */
function namesOf(
  group: string,
  resource: string,
  namespace: string | undefined,
  { podGroups, webhookConfigurations }: TargetArtifacts,
): readonly string[] {
  if (namespace === undefined) return [];
  if (group === 'apps' && resource === 'deployments') {
    const owners = podGroups.filter((each) => each.namespace === namespace && each.owner.kind === 'Deployment');
    return [...new Set(owners.map(({ owner }) => owner.name))];
  }
  if (group !== '' || resource !== 'services') return [];
  const services = webhookConfigurations.flatMap(({ webhooks }) => webhooks.flatMap(({ service }) => service ?? []));
  return [...new Set(services.filter((each) => each.namespace === namespace).map(({ name }) => name))];
}

const versionsOf = derived((discovery: Artifacts['discovery']) => {
  const versions = new Map<string, string>();
  for (const entry of discovery.resources) {
    const [group = '', version = '', resource = ''] = entry.split('/');
    if (!versions.has(`${group}/${resource}`)) versions.set(`${group}/${resource}`, version);
  }
  return versions;
});

/** The version to speak of a resource; `v1` where discovery does not tell. */
export function servedVersion(discovery: Artifacts['discovery'], group: string, resource: string): string {
  return group === RBAC_GROUP ? 'v1' : (versionsOf(discovery).get(`${group}/${resource}`) ?? 'v1');
}

/** Labels that somebody set; the name of a Namespace stands there by itself. */
export function ownLabels({ metadata }: KubernetesObject): readonly string[] {
  return Object.keys(metadata.labels ?? {}).filter((key) => key !== NAME_OF_NAMESPACE);
}
