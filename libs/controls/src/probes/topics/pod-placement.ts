import type { Probe } from '#libs/core';
import { workloadsOf } from '../../node-isolation/judge-placement.js';
import { SHOWN_OF_PODS, nodesToTry, sandboxToTry, waysOnto } from '../../node-isolation/trial-places.js';
import { CONTROL_POD, PAUSE_IMAGE, podProbe } from '../../node-isolation/trial-pods.js';
import type { ProbePlanner } from '../plan-probes.js';
import { tenantSide, whoMay } from '../tenant-side.js';

/**
 * Whether pods of tenants can get onto the nodes of Flux (FLUX-NODE-04) and go without a sandbox (FLUX-NODE-03). The
 * control pod is that of FLUX-NODE-02, and is sent once.
 */
export const podPlacementProbes: ProbePlanner = (artifacts) => {
  const side = tenantSide(artifacts);
  const { namespaces, nodes, runtimeClasses } = artifacts;
  if (!side || namespaces.state === 'unavailable') return [];
  const { model } = side;
  const { activeVerification, sandboxHandlers = [] } = model.registration;
  const workloads =
    model.instances.state === 'collected' && nodes.state === 'collected'
      ? workloadsOf(model.instances.value, nodes.value)
      : [];
  const ways = nodesToTry(workloads.flatMap(({ on }) => on)).flatMap(waysOnto);
  const sandboxed =
    runtimeClasses.state === 'collected' ? sandboxToTry(runtimeClasses.value, sandboxHandlers) : undefined;
  const image = activeVerification?.pauseImage ?? PAUSE_IMAGE;
  return namespaces.value.flatMap(({ metadata: { name: namespace } }): readonly Probe[] => {
    const tenant = model.tenantOf(namespace);
    const as = tenant && whoMay(tenant, { verb: 'create', resource: 'pods', namespace }, side);
    if (!as) return [];
    const place = { namespace, as, image, show: SHOWN_OF_PODS };
    return [
      podProbe(CONTROL_POD, { ...place, control: 'FLUX-NODE-02' }),
      ...ways.map((way) => podProbe(way, { ...place, control: 'FLUX-NODE-04' })),
      ...(sandboxed && tenant.isolation === 'high' ? [podProbe(sandboxed, { ...place, control: 'FLUX-NODE-03' })] : []),
    ];
  });
};
