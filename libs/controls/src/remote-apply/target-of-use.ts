import type { Collected, Evidence, KubeConfigFacts, KubeConfigMapFacts } from '#libs/core';
import { excerpt, kubeConfigKey } from '#libs/flux';
import { type ConfigMapUse, type KubeConfigUse, type SecretUse, kubeConfigIn, labelOfUse } from './kubeconfig-uses.js';
import type { ClusterTarget } from './match-cluster.js';

/** Where a kubeconfig leads, or why it leads nowhere. */
export type UseTarget =
  | { readonly state: 'target'; readonly target: ClusterTarget; readonly pointer: string; readonly observed: string }
  | {
      readonly state: 'broken';
      /** `SECRET_MISSING`, `KEY_MISSING`, `NO_CURRENT_CONTEXT`. */
      readonly code: string;
      /** A clause without a full stop. */
      readonly what: string;
      readonly todo: string;
      /** Into the facts; absent: the Secret or ConfigMap does not exist, and the object that names it is the evidence. */
      readonly place?: { readonly pointer: string; readonly observed: Evidence['observed']; readonly expected: string };
    }
  | { readonly state: 'unreadable'; readonly artifact: Extract<Collected<unknown>, { state: 'unavailable' }> };

const PROBLEMS: Record<NonNullable<KubeConfigFacts['problem']>, { readonly code: string; readonly what: string }> = {
  NOT_YAML: { code: 'KUBECONFIG_MALFORMED', what: 'holds no kubeconfig that can be parsed' },
  NO_CURRENT_CONTEXT: { code: 'NO_CURRENT_CONTEXT', what: 'has no current-context, or one that is not in the file' },
  NO_CLUSTER: { code: 'NO_CLUSTER', what: 'has a current context without a cluster' },
  NO_USER: { code: 'NO_USER', what: 'has a current context without a user' },
};

const WRITE = 'Write a self-contained kubeconfig with a current-context, its cluster and its user.';

export function targetOfUse(use: KubeConfigUse): UseTarget {
  if (use.facts.state === 'unavailable') return { state: 'unreadable', artifact: use.facts };
  if (use.kind === 'Secret') {
    return use.facts.value ? targetOfSecret(use, use.facts.value.keys) : missing(use, 'SECRET_MISSING');
  }
  return use.facts.value ? targetOfMap(use, use.facts.value) : missing(use, 'CONFIG_MAP_MISSING');
}

function missing(use: KubeConfigUse, code: string): UseTarget {
  return {
    state: 'broken',
    code,
    what: `${labelOfUse(use)} does not exist`,
    todo: 'Create it in the namespace of the object, or correct its name in spec.kubeConfig.',
  };
}

function targetOfSecret(use: SecretUse, keys: readonly string[]): UseTarget {
  const label = labelOfUse(use);
  if (kubeConfigKey(keys, use.key) === undefined) {
    const wanted = use.key === '' ? 'value or value.yaml' : use.key;
    return {
      state: 'broken',
      code: 'KEY_MISSING',
      what: `${label} has no key ${wanted}`,
      todo: `Put the kubeconfig under that key, or name the key that it has in spec.kubeConfig.secretRef.key.`,
      place: {
        pointer: '/keys',
        observed: keys.slice(0, 10).map((key) => excerpt(key, 60)),
        expected: `the key ${wanted}`,
      },
    };
  }
  const found = kubeConfigIn(use);
  if (!found) {
    const message = `The kubeconfig in ${label} was not read.`;
    return { state: 'unreadable', artifact: { state: 'unavailable', reason: 'notCollected', message, missing: [] } };
  }
  const { config, pointer } = found;
  if (config.problem !== undefined) {
    const { code, what } = PROBLEMS[config.problem];
    const place = { pointer: `${pointer}/problem`, observed: config.problem, expected: 'a usable kubeconfig' };
    return { state: 'broken', code, what: `the kubeconfig in ${label} ${what}`, todo: WRITE, place };
  }
  const { server, caSpkiSha256 } = config;
  if (server === undefined || server === '') {
    const place = { pointer, observed: { server: null }, expected: 'the address of the target cluster' };
    return {
      state: 'broken',
      code: 'NO_SERVER',
      what: `the kubeconfig in ${label} names no server`,
      todo: WRITE,
      place,
    };
  }
  return {
    state: 'target',
    target: { address: server, ...(caSpkiSha256 !== undefined && { caSpkiSha256 }) },
    pointer: `${pointer}/server`,
    observed: excerpt(server, 200),
  };
}

const PROVIDERS: ReadonlySet<string> = new Set(['aws', 'azure', 'gcp', 'generic']);

/** https://fluxcd.io/flux/components/kustomize/kustomizations/#kubeconfig-remote-clusters */
function targetOfMap(use: ConfigMapUse, facts: KubeConfigMapFacts): UseTarget {
  const { provider, cluster, address, caSpkiSha256 } = facts;
  const label = labelOfUse(use);
  const broken = (
    code: string,
    what: string,
    field: 'provider' | 'cluster' | 'address',
    expected: string,
  ): UseTarget => ({
    state: 'broken',
    code,
    what: `${label} ${what}`,
    todo: `Set ${field} in its data.`,
    place: { pointer: `/${field}`, observed: facts[field] === undefined ? null : excerpt(facts[field], 200), expected },
  });
  if (provider === undefined || !PROVIDERS.has(provider)) {
    return broken('PROVIDER_UNKNOWN', 'names no provider that Flux knows', 'provider', 'aws, azure, gcp or generic');
  }
  if (provider === 'generic' && !address) {
    return broken(
      'ADDRESS_MISSING',
      'has the provider generic and no address',
      'address',
      'the address of the target cluster',
    );
  }
  if (address && /^[a-z][a-z0-9+.-]*:\/\//i.test(address) && !/^https:\/\//i.test(address)) {
    return broken(
      'ADDRESS_NOT_HTTPS',
      'has an address that is not https, which Flux refuses',
      'address',
      'an https address',
    );
  }
  if (provider !== 'generic' && !cluster && (provider === 'aws' || !address)) {
    return broken(
      'CLUSTER_MISSING',
      `has the provider ${provider} and names no cluster`,
      'cluster',
      'the id of the target cluster',
    );
  }
  return {
    state: 'target',
    target: {
      ...(cluster && { cloudId: cluster }),
      ...(address && { address }),
      ...(caSpkiSha256 !== undefined && { caSpkiSha256 }),
    },
    pointer: cluster ? '/cluster' : '/address',
    observed: excerpt(cluster || address || '', 200),
  };
}
