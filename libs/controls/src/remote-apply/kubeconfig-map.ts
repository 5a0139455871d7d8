import {
  type Collected,
  type FleetCluster,
  type KubeConfigMapFacts,
  causeOfUnavailable,
  codeOfUnavailable,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { KubeConfigFlaw } from './kubeconfig-flaw.js';
import type { FlagState } from './kubeconfig-flags.js';
import { ClusterDirectory, hostAndPort } from './match-cluster.js';

/** What the verdict on a ConfigMap depends on besides its own fields. */
export interface MapSurroundings {
  readonly fleet: Collected<readonly FleetCluster[]>;
  readonly directory: ClusterDirectory;
  /** A controller that uses it has no default account for kubeconfigs. */
  readonly ownIdentity: FlagState;
  /** Several tenants share the cluster, or nobody knows. */
  readonly shared: boolean;
}

/** The API servers of a cluster take these as their audience where nothing else is configured. */
const OWN_AUDIENCE = /^https:\/\/kubernetes\.default\.svc(\.[a-z0-9.-]+)?\/?$/i;

/** How a kubeconfig without a credential is used: with whose identity, and towards whom. */
export function mapFlaws(facts: KubeConfigMapFacts, surroundings: MapSurroundings): readonly KubeConfigFlaw[] {
  return [...audienceFlaws(facts, surroundings), ...accountFlaws(facts, surroundings)];
}

const RECEIVER =
  'Flux recommends tokens that are good for the target cluster alone, and sends them to the address that stands here. ' +
  'Set audiences to one that only the target cluster takes, and address to that of a cluster of the registry.';

function audienceFlaws(facts: KubeConfigMapFacts, { fleet, directory }: MapSurroundings): readonly KubeConfigFlaw[] {
  if (facts.provider !== 'generic') return [];
  const own = hostAndPort(directory.self?.server);
  const index = (facts.audiences ?? []).findIndex(
    (audience) => OWN_AUDIENCE.test(audience) || (own !== undefined && hostAndPort(audience) === own),
  );
  if (index >= 0) {
    return [
      {
        outcome: 'fail',
        severity: 'critical',
        reason: 'AUDIENCE_OR_ADDRESS_NOT_ALLOWED',
        what: 'asks for a token with the audience of the API server of this cluster',
        advice: RECEIVER,
        pointer: `/audiences/${index}`,
        observed: excerpt(facts.audiences?.[index] ?? '', 200),
        expected: 'an audience that only the target cluster takes',
      },
    ];
  }
  if (facts.address === undefined || facts.address === '') return [];
  const place = {
    pointer: '/address',
    observed: excerpt(facts.address, 200),
    expected: 'the address of a cluster of the registry',
  };
  if (fleet.state === 'unavailable') {
    return [
      {
        ...place,
        outcome: 'notEvaluated',
        severity: 'critical',
        reason: codeOfUnavailable(fleet.reason),
        what: 'leads to an address that could not be looked up in the registry',
        advice: `${fleet.message} Nothing is known of this address until then.`,
        cause: causeOfUnavailable(fleet.reason),
        missing: fleet.missing,
      },
    ];
  }
  if (directory.match({ address: facts.address }).state !== 'none') return [];
  return [
    {
      ...place,
      outcome: 'fail',
      severity: 'critical',
      reason: 'AUDIENCE_OR_ADDRESS_NOT_ALLOWED',
      what: 'leads to an address that no cluster of the registry has',
      advice: RECEIVER,
    },
  ];
}

function accountFlaws(
  { serviceAccountName }: KubeConfigMapFacts,
  { ownIdentity, shared }: MapSurroundings,
): readonly KubeConfigFlaw[] {
  if (serviceAccountName !== undefined && serviceAccountName !== '') return [];
  if (ownIdentity === 'off') return [];
  const place = { pointer: '/serviceAccountName', observed: null, expected: 'a service account of the namespace' };
  const advice =
    'Flux recommends workload identity with an account of the namespace; without one, objects act with the identity of their controller. ' +
    'Set serviceAccountName in the ConfigMap, and --default-kubeconfig-service-account on kustomize- and helm-controller (FLUX-MT-06).';
  if (ownIdentity === 'unknown') {
    return [
      {
        ...place,
        outcome: 'notEvaluated',
        severity: 'high',
        reason: 'DEFAULT_ACCOUNT_UNKNOWN',
        what: 'names no service account, and whether the controllers have a default one could not be read',
        advice: `${advice} Let the auditor read Deployments and Pods.`,
        cause: 'undecidable',
      },
    ];
  }
  return [
    {
      ...place,
      outcome: 'fail',
      severity: shared ? 'critical' : 'high',
      reason: 'NO_SERVICE_ACCOUNT',
      what: 'names no service account, and a controller that uses it has no default one',
      advice,
    },
  ];
}
