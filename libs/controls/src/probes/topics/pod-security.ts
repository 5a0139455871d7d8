import type { Probe } from '#libs/core';
import { CONTROL_POD, PAUSE_IMAGE, podProbe, podVariants } from '../../node-isolation/trial-pods.js';
import type { ProbePlanner } from '../plan-probes.js';
import { tenantSide, whoMay } from '../tenant-side.js';

/** What FLUX-NODE-03 and FLUX-NODE-04 look at in the control pod, which is tried once for all. */
export const SHOWN_OF_PODS = ['/spec/runtimeClassName', '/spec/nodeSelector', '/spec/affinity', '/spec/tolerations'];

/** Whether admission refuses privileged pods of tenants, and lets harmless ones in (FLUX-NODE-02). */
export const podSecurityProbes: ProbePlanner = (artifacts) => {
  const side = tenantSide(artifacts);
  const { namespaces, runtimeClasses } = artifacts;
  if (!side || namespaces.state === 'unavailable') return [];
  const variants = podVariants(runtimeClasses.state === 'collected' ? runtimeClasses.value : []);
  const image = side.model.registration.activeVerification?.pauseImage ?? PAUSE_IMAGE;
  return namespaces.value.flatMap(({ metadata: { name: namespace } }): readonly Probe[] => {
    const tenant = side.model.tenantOf(namespace);
    const as = tenant && whoMay(tenant, { verb: 'create', resource: 'pods', namespace }, side);
    if (!as) return [];
    const place = { control: 'FLUX-NODE-02', namespace, as, image };
    return [
      podProbe(CONTROL_POD, { ...place, show: SHOWN_OF_PODS }),
      ...variants.map((variant) => podProbe(variant, place)),
    ];
  });
};
