import type { TenantModel } from '../tenants/tenant-model.js';
import type { KubeConfigFlaw } from './kubeconfig-flaw.js';
import { type KubeConfigUse, type SecretUse, kubeConfigIn } from './kubeconfig-uses.js';
import { hostAndPort } from './match-cluster.js';
import { unreadableTenants } from '../tenants/unreadable-tenants.js';

interface Holder {
  readonly secret: string;
  readonly namespace: string;
  readonly cluster: string;
}

const MAX_NAMES = 5;

/** Who holds which credential: the same one in several Secrets, or one Secret for several clusters. */
export class SharedCredentials {
  private readonly holders = new Map<string, Holder[]>();

  constructor(
    uses: readonly KubeConfigUse[],
    private readonly model: TenantModel,
  ) {
    for (const use of uses) {
      if (use.kind !== 'Secret') continue;
      const config = kubeConfigIn(use)?.config;
      if (config?.credentialDigest === undefined) continue;
      const list = this.holders.get(config.credentialDigest) ?? [];
      this.holders.set(config.credentialDigest, list);
      list.push({
        secret: `${use.namespace}/${use.name}`,
        namespace: use.namespace,
        cluster: hostAndPort(config.server) ?? '',
      });
    }
  }

  /** What is to be said about the credential of one Secret. */
  flaws(use: SecretUse): readonly KubeConfigFlaw[] {
    const found = kubeConfigIn(use);
    const digest = found?.config.credentialDigest;
    const holders = digest === undefined ? [] : (this.holders.get(digest) ?? []);
    const own = `${use.namespace}/${use.name}`;
    const others = [...new Set(holders.map(({ secret }) => secret))].filter((secret) => secret !== own).toSorted();
    const clusters = new Set(holders.filter(({ secret }) => secret === own).map(({ cluster }) => cluster));
    if (!found || (others.length === 0 && clusters.size < 2)) return [];
    const tenants = new Set(holders.map(({ namespace }) => this.model.tenantOf(namespace)?.name ?? ''));
    const named = [...tenants].filter((name) => name !== '').toSorted();
    const more = others.length > MAX_NAMES ? ` and ${others.length - MAX_NAMES} more` : '';
    const where =
      others.length > 0
        ? `holds the same credential as ${others.slice(0, MAX_NAMES).join(', ')}${more}`
        : `holds one credential for ${clusters.size} clusters`;
    const between = named.length > 1;
    const unreadable = unreadableTenants(this.model);
    if (!between && unreadable && new Set(holders.map(({ namespace }) => namespace)).size > 1) {
      return [
        {
          outcome: 'notEvaluated',
          severity: 'high',
          reason: unreadable.code,
          what: `${where}, and it is not known whether they belong to several tenants`,
          advice: `${unreadable.message} Then it can be told how far the credential reaches.`,
          pointer: `${found.pointer}/credentialDigest`,
          observed: others.slice(0, MAX_NAMES),
          expected: 'a credential that no other Secret holds',
          cause: unreadable.cause,
          missing: unreadable.missing,
        },
      ];
    }
    return [
      {
        outcome: between ? 'fail' : 'warn',
        severity: between ? 'high' : 'medium',
        reason: 'CREDENTIAL_SHARED',
        what: between ? `${where}, which belong to the tenants ${named.slice(0, MAX_NAMES).join(', ')}` : where,
        advice:
          'Whoever holds one copy can act as all, and it cannot be taken back from one alone. Give each cluster, and each tenant, a credential of its own.',
        pointer: `${found.pointer}/credentialDigest`,
        observed: others.length > 0 ? others.slice(0, MAX_NAMES) : `${clusters.size} clusters`,
        expected: 'a credential that no other Secret holds, for one cluster',
      },
    ];
  }
}
