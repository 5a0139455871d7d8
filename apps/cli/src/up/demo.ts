import { DemoFleet, type DemoCluster } from '#libs/simulator';
import type { FleetCluster, FleetTenant } from './fleet.js';

export interface Demo {
  readonly tenants: readonly FleetTenant[];
  readonly clusters: readonly FleetCluster[];
  stop(): Promise<void>;
}

function fleetCluster({ name, registration, kubeconfig }: DemoCluster): FleetCluster {
  const { name: _name, role, tenancy, delivery, labels, tenants, ...platform } = registration;
  return {
    name,
    kubeconfig,
    ...(role && { role }),
    ...(tenancy && { tenancy }),
    ...(delivery && { delivery }),
    labels: { ...labels, fleet: 'demo' },
    tenants: (tenants ?? []).map((tenant) => tenant.name),
    platform,
  };
}

/** Starts the simulated fleet in this process. Its clusters have the same identities at every start. */
export async function startDemo(): Promise<Demo> {
  const fleet = await DemoFleet.start();
  const tenants = new Map<string, FleetTenant>();
  for (const { registration } of fleet.clusters) {
    for (const { name, isolation, namespaces } of registration.tenants ?? []) {
      tenants.set(name, { name, ...(isolation && { isolation }), ...(namespaces && { namespaces }) });
    }
  }
  return { tenants: [...tenants.values()], clusters: fleet.clusters.map(fleetCluster), stop: () => fleet.stop() };
}
