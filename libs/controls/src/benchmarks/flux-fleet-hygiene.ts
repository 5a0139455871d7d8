import type { Benchmark } from '#libs/core';
import type { ControlId } from '../catalog.generated.js';
import { requirement } from './requirement.js';

const judged = (id: string, title: string, ...controls: readonly ControlId[]) =>
  requirement(id, title, [{ title: 'Judged by the controls', controls }]);

/** What goes beyond the page of Flux: practices of its other documents and of Kubernetes that a fleet rests on. */
const REQUIREMENTS = [
  judged('controllers', 'Flux itself is current, hardened, and has no more rights than it needs', 'FLUX-X-08'),
  judged('tenant-access', 'Tenants have no way into the namespace of Flux', 'FLUX-X-13', 'FLUX-X-14'),
];

/** Our own list. The profile `everything@2026.11` holds it and the page. */
export const fluxFleetHygiene: Benchmark = {
  id: 'flux-fleet-hygiene@2026.11',
  title: 'Flux fleet hygiene',
  source: 'https://fluxcd.io/flux/security/',
  requirements: REQUIREMENTS,
};
