import type { Probe } from '#libs/core';
import { CONTROL_POD, PAUSE_IMAGE, podProbe, podVariants } from '../../node-isolation/trial-pods.js';
import { SHOWN_OF_PODS } from '../../node-isolation/trial-places.js';
import type { ProbePlanner } from '../plan-probes.js';
import { tenantSide, whoMay } from '../tenant-side.js';

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
