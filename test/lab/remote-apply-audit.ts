import { catalog, planAccessReviews } from '#libs/controls';
import type {
  Artifacts,
  FleetCluster,
  HelmRelease,
  Kustomization,
  Observation,
  Profile,
  Registration,
  Snapshot,
} from '#libs/core';
import { evaluate } from '#libs/engine';
import { AlertCoverage, discoverControllers } from '#libs/flux';
import { ClusterClient, auditorClusterRole, caSpkiSha256, collectSnapshot, parseKubeconfig } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import type { Manifest } from './admin-client.js';
import type { LabCluster } from './cluster.js';
import { createServiceAccount, requestToken } from './identities.js';

const CONTROLS = ['FLUX-RA-01', 'FLUX-RA-02', 'FLUX-RA-03', 'FLUX-RA-04', 'FLUX-RA-05'];
const REMOTE_APPLY = catalog.filter(({ id }) => CONTROLS.includes(id));
const PROFILE: Profile = { id: 'test@1', ruleSetVersion: 'test', controls: CONTROLS };

/** A cluster as the registry knows it: dedicated to the tenant of its name, and applied to from the hub. */
export function registered(spoke: LabCluster): FleetCluster {
  const key = caSpkiSha256(spoke.caPem);
  return {
    name: spoke.name,
    role: 'tenant',
    tenancy: 'dedicated',
    delivery: 'remoteApply',
    server: spoke.server,
    ...(key !== undefined && { caSpkiSha256: key }),
    uid: spoke.uid,
    tenants: [spoke.name],
  };
}

/** A kubeconfig of an account that may read what these controls read, the Secrets that Flux objects name among it. */
export async function remoteApplyAuditor(hub: LabCluster): Promise<string> {
  const account = { namespace: 'plimsoll', name: 'auditor' };
  const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
  await createServiceAccount(hub.admin, { ...account, rules: [...auditorClusterRole(REMOTE_APPLY).rules, secrets] });
  return hub.kubeconfig({ token: await requestToken(hub.admin, account.namespace, account.name) });
}

/** What the remote-apply controls say about a hub at one moment. */
export class RemoteApplyAudit {
  private readonly observations: readonly (readonly [string, Observation])[];

  private constructor(private readonly snapshot: Snapshot) {
    this.observations = evaluate(catalog, PROFILE, snapshot).results.flatMap(({ controlId, observations }) =>
      observations.map((observation) => [controlId, observation] as const),
    );
  }

  /** Reads the hub as `kubeconfig` may, and judges it beside the clusters of the registry. */
  static async of(
    kubeconfig: string,
    registration: Registration,
    fleet: readonly FleetCluster[],
  ): Promise<RemoteApplyAudit> {
    const client = await ClusterClient.open(parseKubeconfig(kubeconfig), {
      egress: new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] }),
      userAgent: 'plimsoll/test',
      budget: { qps: 1000, burst: 1000 },
    });
    try {
      const snapshot = await collectSnapshot(client, {
        name: registration.name,
        registration,
        sightings: { firstSeen: {} },
        needs: [...new Set(REMOTE_APPLY.flatMap(({ requires, optional }) => [...requires, ...optional]))],
        planReviews: planAccessReviews,
        fleet: async () => fleet,
      });
      return new RemoteApplyAudit(snapshot);
    } finally {
      await client.close();
    }
  }

  /** `outcome REASON` of each observation about the object, sorted: of `FLUX-RA-03` for `RA-03`. */
  verdicts(control: string, { kind, metadata: { namespace = '', name } }: Manifest): readonly string[] {
    return this.observations
      .filter(
        ([id, { subject }]) =>
          id === `FLUX-${control}` &&
          subject.kind === kind &&
          (subject.namespace ?? '') === namespace &&
          subject.name === name,
      )
      .map(([, { outcome, reason }]) => `${outcome} ${reason}`)
      .toSorted();
  }

  /**
   * Whether people hear of it by Alerts when the object fails in this way: `covered`, `partial` (for some messages),
   * `unknown` or `uncovered`. With `alert`, by that one alone.
   */
  heardBy(object: Manifest, mode: string, alert?: Manifest): string {
    const { artifacts } = this.snapshot;
    const alerts = this.value('alerts').filter(({ metadata }) => alert === undefined || isNamed(metadata, alert));
    const coverage = new AlertCoverage(
      { ...artifacts, alerts, providers: this.value('providers') },
      discoverControllers({ deployments: this.value('deployments'), pods: this.value('pods') }),
      Date.parse(this.snapshot.collectedAt),
    );
    const objects: readonly (Kustomization | HelmRelease)[] = [
      ...this.value('kustomizations'),
      ...this.value('helmReleases'),
    ];
    const stored = objects.find(({ kind, metadata }) => kind === object.kind && isNamed(metadata, object));
    const found = stored && coverage.of(stored, []).find((each) => each.mode.mode === mode);
    if (!found) throw new Error(`${object.kind} ${object.metadata.name} cannot fail as ${mode}.`);
    return found.alert.state;
  }

  private value<N extends keyof Artifacts>(name: N): Artifacts[N] {
    const artifact = this.snapshot.artifacts[name];
    if (artifact.state !== 'collected') throw new Error(`${name}: ${artifact.message}`);
    return artifact.value;
  }
}

function isNamed({ namespace, name }: { namespace?: string; name: string }, { metadata }: Manifest): boolean {
  return namespace === metadata.namespace && name === metadata.name;
}
