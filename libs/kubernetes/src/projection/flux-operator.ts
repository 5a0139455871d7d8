import type { FluxInstance, ResourceSet } from '#libs/core';
import { defined, Fields, filled } from './fields.js';
import { commonStatus, named } from './flux-references.js';
import { namespacedMetadata } from './metadata.js';
import { plainUrl } from './urls.js';

/** How the Flux Operator installs Flux. Patches and pull secrets are not kept. https://fluxoperator.dev/docs/crd/fluxinstance/ */
export function projectFluxInstance(version: string): (item: unknown) => FluxInstance {
  return (item) => {
    const object = Fields.of(item);
    return defined({
      apiVersion: `fluxcd.controlplane.io/${version}`,
      kind: 'FluxInstance',
      metadata: namespacedMetadata(object),
      spec: fluxInstanceSpec(object.child('spec')),
    });
  };
}

function fluxInstanceSpec(spec: Fields | undefined): FluxInstance['spec'] {
  if (!spec) return undefined;
  const [distribution, cluster] = [spec.child('distribution'), spec.child('cluster')];
  const [sharding, sync] = [spec.child('sharding'), spec.child('sync')];
  const url = sync?.text('url');
  return filled({
    distribution: filled({
      version: distribution?.text('version'),
      registry: distribution?.text('registry'),
      artifact: distribution?.text('artifact'),
    }),
    components: spec.texts('components'),
    cluster: filled({
      type: cluster?.text('type'),
      multitenant: cluster?.flag('multitenant'),
      tenantDefaultServiceAccount: cluster?.text('tenantDefaultServiceAccount'),
      networkPolicy: cluster?.flag('networkPolicy'),
      objectLevelWorkloadIdentity: cluster?.flag('objectLevelWorkloadIdentity'),
      multitenantWorkloadIdentity: cluster?.flag('multitenantWorkloadIdentity'),
    }),
    sharding: filled({ key: sharding?.text('key'), shards: sharding?.texts('shards') }),
    sync: filled({
      kind: sync?.text('kind'),
      url: url === undefined ? undefined : plainUrl(url),
      ref: sync?.text('ref'),
      path: sync?.text('path'),
    }),
  });
}

/** Who a ResourceSet acts as, and where an input provider gets its inputs from. Templates and inputs are not kept. */
export function projectResourceSet(kind: ResourceSet['kind'], version: string): (item: unknown) => ResourceSet {
  return (item) => {
    const object = Fields.of(item);
    const spec = object.child('spec') ?? Fields.of({});
    const status = object.child('status');
    const url = spec.text('url');
    return defined({
      apiVersion: `fluxcd.controlplane.io/${version}`,
      kind,
      metadata: namespacedMetadata(object),
      spec: defined({
        serviceAccountName: spec.text('serviceAccountName'),
        type: spec.text('type'),
        url: url === undefined ? undefined : plainUrl(url),
        insecure: spec.flag('insecure'),
        secretRef: named(spec.child('secretRef')),
        certSecretRef: named(spec.child('certSecretRef')),
      }),
      status: status && defined(commonStatus(status)),
    });
  };
}
