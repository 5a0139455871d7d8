import type { AccessQuestion } from '#libs/core';
import { indexRbac } from '#libs/rbac';
import { sealedSecretsControllers } from '../../secret-decryption/sealed-secrets-controller.js';
import { tenantModel, unlessTenants } from '../../tenants/tenant-model.js';
import { questionOf } from '../access.js';
import type { QuestionPlanner } from '../plan-access-reviews.js';
import { tenantIdentities } from '../tenant-identities.js';

/** Leaves room for the other topics. */
const MAX_QUESTIONS = 40;

/**
 * Whether tenants may read Secrets where the keys of Sealed Secrets controllers are, and the decryption Secrets of the
 * platform and of other tenants: the declared principals first, then the default accounts of their namespaces.
 */
export const secretReaderQuestions: QuestionPlanner = (artifacts) => {
  const { registration, rbac, kustomizations, operatorPods } = artifacts;
  if (registration.state === 'unavailable' || rbac.state === 'unavailable') return [];
  const { namespaces, helmReleases, deployments, pods, configMaps } = artifacts;
  const context = { namespaces, kustomizations, helmReleases, deployments, pods, configMaps };
  const model = tenantModel({ registration: registration.value, ...context });
  if (unlessTenants(model)) return [];
  const sealing = operatorPods.state === 'collected' ? sealedSecretsControllers(operatorPods.value) : [];
  const decrypting = kustomizations.state === 'collected' ? kustomizations.value : [];
  const places = new Set([
    ...sealing.map(({ namespace }) => namespace),
    ...decrypting.flatMap(({ metadata, spec }) => (spec.decryption?.secretRef ? (metadata.namespace ?? []) : [])),
  ]);
  const index = indexRbac(rbac.value);
  const people = model.tenants
    .flatMap((tenant) => tenantIdentities(tenant, index).map((who) => ({ tenant, ...who })))
    .toSorted((a, b) => Number(b.declared) - Number(a.declared));
  const questions: AccessQuestion[] = [];
  for (const namespace of places) {
    for (const { tenant, identity } of people) {
      if (tenant.namespaces.includes(namespace)) continue;
      if (questions.length >= MAX_QUESTIONS) return questions;
      questions.push(questionOf(identity, { verb: 'get', resource: 'secrets', namespace }));
    }
  }
  return questions;
};
