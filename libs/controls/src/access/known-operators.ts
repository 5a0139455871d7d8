import type { PodGroup } from '#libs/core';
import type { ClusterFacts } from '#libs/rbac';

interface KnownOperator {
  /** Name of the workload that runs it. */
  readonly workload: RegExp;
  readonly group: string;
  /** What it applies with its own rights, whoever wrote it. */
  readonly resources: readonly string[];
}

/** Operators that act with rights of their own on what an object says, by the names that their installers give them. */
const OPERATORS: readonly KnownOperator[] = [
  { workload: /^(?:.+-)?argocd-application-controller$/, group: 'argoproj.io', resources: ['applications'] },
  { workload: /^(?:.+-)?argocd-applicationset-controller$/, group: 'argoproj.io', resources: ['applicationsets'] },
  { workload: /^flux-operator$/, group: 'fluxcd.controlplane.io', resources: ['fluxinstances', 'resourcesets'] },
  { workload: /^crossplane$/, group: 'pkg.crossplane.io', resources: ['providers', 'configurations', 'functions'] },
  { workload: /^fleet-agent$/, group: 'fleet.cattle.io', resources: ['bundledeployments'] },
  { workload: /^helm-operator$/, group: 'helm.fluxcd.io', resources: ['helmreleases'] },
  { workload: /^root-reconciler(?:-.+)?$/, group: 'configsync.gke.io', resources: ['rootsyncs'] },
];

/** The known operators that run in a cluster, with the account that each acts as. */
export function operatorsIn(groups: readonly PodGroup[]): ClusterFacts['operators'] {
  return groups.flatMap(({ namespace, owner, serviceAccountName }) =>
    OPERATORS.filter(({ workload }) => workload.test(owner.name)).flatMap(({ group, resources }) =>
      resources.map((resource) => ({ group, resource, account: { namespace, name: serviceAccountName } })),
    ),
  );
}
