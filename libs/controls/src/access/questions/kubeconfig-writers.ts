import type { ResourceRequest } from '#libs/rbac';
import { tenantModel } from '../../tenants/tenant-model.js';
import { questionOf } from '../access.js';
import type { QuestionPlanner } from '../plan-access-reviews.js';

/** A Secret or ConfigMap that holds a kubeconfig. */
export interface KubeConfigPlace {
  readonly kind: 'Secret' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
}

/** The requests by which a kubeconfig is changed. */
export function kubeConfigWrites({ kind, namespace, name }: KubeConfigPlace): readonly ResourceRequest[] {
  const resource = kind === 'Secret' ? 'secrets' : 'configmaps';
  return ['update', 'patch'].map((verb) => ({ verb, resource, namespace, name }));
}

/** More would use up the questions of one audit. */
const MAX_PLACES = 10;

/** May tenants change the kubeconfigs of remote applies? One verb of each is asked; RBAC answers for the others. */
export const kubeConfigWriterQuestions: QuestionPlanner = (artifacts) => {
  const { registration, kustomizations, helmReleases } = artifacts;
  if (registration.state === 'unavailable') return [];
  const objects = [
    ...(kustomizations.state === 'collected' ? kustomizations.value : []),
    ...(helmReleases.state === 'collected' ? helmReleases.value : []),
  ];
  const places = new Map<string, KubeConfigPlace>();
  for (const { metadata, spec } of objects) {
    const { secretRef, configMapRef } = spec.kubeConfig ?? {};
    const name = secretRef?.name ?? configMapRef?.name;
    if (name === undefined || metadata.namespace === undefined || places.size >= MAX_PLACES) continue;
    const place: KubeConfigPlace = { kind: secretRef ? 'Secret' : 'ConfigMap', namespace: metadata.namespace, name };
    places.set(JSON.stringify(place), place);
  }
  if (places.size === 0) return [];
  const { tenants } = tenantModel({ ...artifacts, registration: registration.value });
  return tenants.flatMap(({ principals }) =>
    principals.flatMap((identity) =>
      [...places.values()].flatMap((place) =>
        kubeConfigWrites(place)
          .slice(0, 1)
          .map((request) => questionOf(identity, request)),
      ),
    ),
  );
};
