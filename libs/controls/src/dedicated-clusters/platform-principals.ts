import {
  type Artifacts,
  type Collected,
  type FleetCluster,
  type KubeConfigFacts,
  type Registration,
  derived,
} from '#libs/core';
import type { ControllerInstance } from '#libs/flux';
import { type Identity, accountIdentity, accountOf, userIdentity } from '#libs/rbac';
import { fluxFactsOf } from '../access/flux-facts.js';
import { principalsOf } from '../tenants/tenant-model.js';

/** Somebody who must keep access to the cluster, and why that is known. */
export interface PlatformPrincipal {
  readonly identity: Identity;
  readonly from: 'registry' | 'kubeconfig' | 'flux';
}

/**
 * The principals of the platform: those of the registry, those of kubeconfigs that lead back to this cluster, and the
 * accounts of its own Flux controllers.
 */
export const platformPrincipals = derived(
  (
    registration: Registration,
    instances: Collected<readonly ControllerInstance[]>,
    secretFacts: Collected<Artifacts['secretFacts']>,
    fleet: Collected<Artifacts['fleet']>,
  ): readonly PlatformPrincipal[] => {
    const found: PlatformPrincipal[] = [
      ...principalsOf(registration.platformPrincipals).map((identity) => ({ identity, from: 'registry' as const })),
      ...selfTargeting(secretFacts, fleet).map((identity) => ({ identity, from: 'kubeconfig' as const })),
      ...(fluxFactsOf(instances).possible?.controllers ?? []).map((account) => ({
        identity: accountIdentity(account),
        from: 'flux' as const,
      })),
    ];
    const distinct = new Map<string, PlatformPrincipal>();
    for (const each of found) {
      const key = JSON.stringify([each.identity.user, ...each.identity.groups]);
      if (!distinct.has(key)) distinct.set(key, each);
    }
    return [...distinct.values()];
  },
);

function selfTargeting(
  secretFacts: Collected<Artifacts['secretFacts']>,
  fleet: Collected<Artifacts['fleet']>,
): readonly Identity[] {
  const self = fleet.state === 'collected' ? fleet.value.find((cluster) => cluster.self) : undefined;
  if (self === undefined || secretFacts.state === 'unavailable') return [];
  return Object.values(secretFacts.value).flatMap((facts) => {
    const kubeConfig = facts.state === 'collected' ? facts.value?.kubeConfig : undefined;
    return kubeConfig && leadsTo(kubeConfig, self) ? identityIn(kubeConfig) : [];
  });
}

function leadsTo({ server, caSpkiSha256 }: KubeConfigFacts, self: FleetCluster): boolean {
  if (server !== undefined && addressOf(server) === addressOf(self.server)) return true;
  return caSpkiSha256 !== undefined && caSpkiSha256 === self.caSpkiSha256;
}

function addressOf(server: string): string {
  return server
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/^(https:\/\/[^/]+?):443$/, '$1');
}

function identityIn({ token, certificate }: KubeConfigFacts): readonly Identity[] {
  const account = accountOf(token?.subject ?? '');
  if (account) return [accountIdentity(account)];
  if (certificate?.commonName === undefined) return [];
  return [userIdentity(certificate.commonName, certificate.organizations)];
}
