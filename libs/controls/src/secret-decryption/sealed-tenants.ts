import {
  type Artifacts,
  type Collected,
  type Evidence,
  type Observation,
  type SealedSecret,
  CLUSTER_SUBJECT,
  fail,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
} from '#libs/core';
import { excerpt } from '#libs/flux';
import type { Tenant, TenantModel } from '../tenants/tenant-model.js';
import {
  type SealedSecretsController,
  namespacesServed,
  sealedSecretsControllers,
  subjectOfController,
  titleOfController,
} from './sealed-secrets-controller.js';

const SHOWN = 3;
const SEALED = { ...CLUSTER_SUBJECT, field: 'SealedSecrets' };

/** One key pair of a Sealed Secrets controller opens what all the tenants that it serves have sealed. */
export function judgeSealedTenants(
  model: TenantModel,
  sealedSecrets: Collected<Artifacts['sealedSecrets']>,
  operatorPods: Collected<Artifacts['operatorPods']>,
): readonly Observation[] {
  if (sealedSecrets.state === 'unavailable') return [notEvaluatedBecause(SEALED, sealedSecrets)];
  const uses = new Map<Tenant, SealedSecret[]>();
  for (const object of sealedSecrets.value) {
    const tenant = model.tenantOf(object.metadata.namespace);
    if (!tenant) continue;
    const own = uses.get(tenant);
    if (own) own.push(object);
    else uses.set(tenant, [object]);
  }
  if (uses.size < 2) return [];
  if (operatorPods.state === 'unavailable') return [notEvaluatedBecause(SEALED, operatorPods)];
  const controllers = sealedSecretsControllers(operatorPods.value);
  if (controllers.length === 0) {
    const names = [...uses.keys()].slice(0, SHOWN).map(({ name }) => excerpt(name));
    const message = `Several tenants use SealedSecrets (${names.join(', ')}), and no Sealed Secrets controller was recognised, so whether they share its key is not known. Let it run from an image that is called sealed-secrets-controller.`;
    return [notEvaluated(SEALED, 'undecidable', 'CONTROLLER_NOT_FOUND', message)];
  }
  return controllers.flatMap((controller) => judgeController(controller, uses, model));
}

function judgeController(
  controller: SealedSecretsController,
  uses: ReadonlyMap<Tenant, readonly SealedSecret[]>,
  model: TenantModel,
): readonly Observation[] {
  const served = namespacesServed(controller);
  const subject = subjectOfController(controller);
  const title = titleOfController(controller);
  if (served === 'unknown') {
    const message = `Which namespaces ${title.replace(/^The/, 'the')} serves is not known, for its arguments use variables that were not read. Write --all-namespaces and --additional-namespaces plainly.`;
    return [notEvaluated(subject, 'undecidable', 'UNRESOLVED_ENV', message)];
  }
  const sealed = [...uses].flatMap(([tenant, objects]) => {
    const own = served === 'all' ? objects : objects.filter(({ metadata }) => served.has(metadata.namespace ?? ''));
    const [example] = own;
    return example ? [{ tenant, example }] : [];
  });
  if (sealed.length < 2) return [];
  const names = sealed.slice(0, SHOWN).map(({ tenant }) => excerpt(tenant.name));
  const more = sealed.length > SHOWN ? ` and ${sealed.length - SHOWN} more` : '';
  const what = `${title} unseals for several tenants with one key pair: ${names.join(', ')}${more}.`;
  if (sealed.every(({ tenant }) => tenant.isolation === 'low')) {
    const message = `${what} The registry declares low isolation for all of them, so this is as it was chosen.`;
    return [pass(subject, 'CLUSTER_LEVEL_KEK', message, { severity: 'info', confidence: model.confidence })];
  }
  const [pod] = controller.pods;
  const evidence: readonly [Evidence, ...Evidence[]] = [
    {
      object: objectReference(pod),
      pointer: '/container/image',
      observed: pod.container.image,
      expected: 'a controller for one tenant: --all-namespaces=false',
    },
    ...sealed.slice(0, SHOWN).map(({ tenant, example }) => ({
      object: objectReference(example),
      pointer: '/metadata/namespace',
      observed: example.metadata.namespace ?? null,
      expected: 'SealedSecrets of one tenant for each controller',
      note: `Tenant ${excerpt(tenant.name)}.`,
    })),
  ];
  return [
    fail(
      subject,
      'CLUSTER_LEVEL_KEK',
      `${what} Whoever gets at its keys opens the secrets of all of them; there is no key for each tenant. ` +
        'Run a controller for each tenant in a namespace of its own, with --all-namespaces=false and --additional-namespaces, and seal again, or use SOPS with a key for each tenant.',
      {
        severity: 'high',
        confidence: model.confidence,
        evidence,
        fixes: sealed.slice(0, SHOWN).map(({ tenant }) => ({
          form: 'helmValues' as const,
          title: `Values of the chart sealed-secrets for tenant ${excerpt(tenant.name)}`,
          content: `fullnameOverride: sealed-secrets-${tenant.name}\nadditionalNamespaces:\n${tenant.namespaces.map((namespace) => `  - ${namespace}\n`).join('')}rbac:\n  clusterRole: false\n`,
        })),
      },
    ),
  ];
}
