import type { Benchmark } from '#libs/core';
import type { ControlId } from '../catalog.generated.js';
import { requirement } from './requirement.js';

const judged = (id: string, title: string, ...controls: readonly ControlId[]) =>
  requirement(id, title, [{ title: 'Judged by the controls', controls }]);

/** What goes beyond the page of Flux: practices of its other documents and of Kubernetes that a fleet rests on. */
const REQUIREMENTS = [
  judged(
    'controllers',
    'Flux itself is current, hardened, keeps running, and has no more rights than it needs',
    'FLUX-X-08',
    'FLUX-X-09',
    'FLUX-X-10',
    'FLUX-X-11',
    'FLUX-X-20',
    'FLUX-X-23',
    'FLUX-X-24',
  ),
  judged(
    'sources',
    'Sources are verified, pinned and fetched over safe transports',
    'FLUX-X-01',
    'FLUX-X-02',
    'FLUX-X-03',
    'FLUX-X-04',
    'FLUX-X-22',
  ),
  judged(
    'notifications',
    'Notifications go where they should, and receivers know who calls',
    'FLUX-X-05',
    'FLUX-X-06',
    'FLUX-X-07',
    'FLUX-X-19',
  ),
  judged(
    'objects',
    'Flux objects are reconciled as they are written, and change nothing by themselves',
    'FLUX-X-12',
    'FLUX-X-15',
    'FLUX-X-16',
    'FLUX-X-17',
    'FLUX-X-18',
  ),
  judged(
    'tenant-access',
    'Tenants have no way into the namespace of Flux, nor sources of their own choice',
    'FLUX-X-13',
    'FLUX-X-14',
    'FLUX-X-21',
  ),
];

/** Our own list. The profile `everything@2026.11` holds it and the page. */
export const fluxFleetHygiene: Benchmark = {
  id: 'flux-fleet-hygiene@2026.11',
  title: 'Flux fleet hygiene',
  source: 'https://fluxcd.io/flux/security/',
  requirements: REQUIREMENTS,
};
