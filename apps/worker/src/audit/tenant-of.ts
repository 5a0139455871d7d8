import { namespaceBelongsTo, type Finding, type Snapshot } from '#libs/core';

/** Names the tenant to which the namespace of a finding belongs, by name or by label. Undefined: not known. */
export function tenantsOf(snapshot: Snapshot): (finding: Finding) => string | undefined {
  const { registration, namespaces } = snapshot.artifacts;
  if (registration.state !== 'collected' || namespaces.state !== 'collected') return () => undefined;
  const tenants = registration.value.tenants ?? [];
  const byName = new Map(namespaces.value.map(({ metadata }) => [metadata.name, metadata]));
  return ({ subject }) => {
    const name = subject.kind === 'Namespace' ? subject.name : subject.namespace;
    const namespace = byName.get(name ?? '');
    return namespace && tenants.find((tenant) => namespaceBelongsTo(tenant, namespace))?.name;
  };
}
