import {
  type Collected,
  type FluxInstance,
  type Observation,
  type ResourceSet,
  fail,
  leastSure,
  notEvaluated,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import { excerpt, isInCluster } from '#libs/flux';
import type { Access } from '../access/access.js';
import { unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import { tenantOfSource, titleOf } from '../sources/source-verification.js';
import type { TenantModel } from '../tenants/tenant-model.js';
import { type FluxOperator, operatorSetting } from './flux-operators.js';

/** Who ResourceSets without an account act as: the operator, an account of their namespace, or nobody knows. */
export function defaultOf(operators: readonly FluxOperator[]): 'operator' | 'account' | 'unknown' {
  const states = operators.flatMap(({ pods }) =>
    pods.map((pod) => operatorSetting(pod, 'default-service-account').state),
  );
  if (states.length === 0 || states.includes('unknown')) return 'unknown';
  return states.includes('default') ? 'operator' : 'account';
}

export function judgeResourceSet(
  set: ResourceSet,
  acting: ReturnType<typeof defaultOf>,
  model: TenantModel,
): readonly Observation[] {
  const subject = subjectOf(set);
  const title = titleOf(set);
  const { serviceAccountName } = set.spec;
  if (set.kind === 'ResourceSetInputProvider') return judgeProvider(set);
  if (serviceAccountName !== undefined && serviceAccountName !== '') return [];
  if (acting === 'account') return [];
  if (acting === 'unknown') {
    const message = `${title} names no account, and whether the Flux Operator has a default is not known, so it is not known who it acts as. Set spec.serviceAccountName.`;
    return [notEvaluated(subject, 'undecidable', 'ACCOUNT_UNKNOWN', message)];
  }
  const tenant = tenantOfSource(set, model);
  if (!tenant) {
    const message = `${title} is of the platform and acts as the Flux Operator. There is nothing to do, unless others can write it.`;
    return [pass(subject, 'PLATFORM_RESOURCE_SET', message)];
  }
  const message =
    `${title} of ${excerpt(tenant.name, 80)} names no account and the Flux Operator has no default, so it acts as the operator. Its templates may make anything in the whole cluster. ` +
    'Set spec.serviceAccountName, and start the operator with --default-service-account.';
  const evidence = {
    object: objectReference(set),
    pointer: '/spec/serviceAccountName',
    observed: null,
    expected: `an account of ${excerpt(set.metadata.namespace ?? '', 80)}`,
  };
  return [fail(subject, 'RUNS_AS_OPERATOR', message, { confidence: model.confidence, evidence: [evidence] })];
}

/** Inputs decide what templates make; whoever can change them on the way decides too. */
function judgeProvider(provider: ResourceSet): readonly Observation[] {
  const { insecure, url = '' } = provider.spec;
  const title = titleOf(provider);
  const subject = subjectOf(provider);
  const advice =
    'Whoever is on the way can read the credential and change what is made of the inputs. Use https; for a certificate of your own, name its CA in spec.certSecretRef.';
  const plain = /^http:\/\//i.test(url);
  if (insecure !== true && !plain) return [];
  const inside = isInCluster(url);
  const [reason, what, pointer] = plain
    ? ['INPUT_PLAIN_HTTP', `takes its inputs from ${excerpt(url, 120)} over http`, '/spec/url']
    : [
        'INPUT_INSECURE',
        `takes its inputs from ${excerpt(url, 120)} without checking who answers (spec.insecure)`,
        '/spec/insecure',
      ];
  const evidence = {
    object: objectReference(provider),
    pointer,
    observed: plain ? excerpt(url, 200) : true,
    expected: 'https, to a host that proves who it is',
  };
  const message = `${title} ${what}${inside ? ', which is inside the cluster' : ''}. ${advice}`;
  if (inside) return [warn(subject, reason, message, { severity: 'low', evidence: [evidence] })];
  return [fail(subject, reason, message, { evidence: [evidence] })];
}

/** A FluxInstance says what Flux is, patches of its manifests included: it belongs to the platform alone. */
export function judgeInstances(
  instances: readonly FluxInstance[],
  model: TenantModel,
  access: Extract<Collected<Access>, { state: 'collected' }>['value'],
): readonly Observation[] {
  const namespaces = [...new Set(instances.map(({ metadata }) => metadata.namespace ?? ''))];
  const asks = namespaces.flatMap((namespace) =>
    ['create', 'update', 'patch'].map((verb) => ({
      verb,
      group: 'fluxcd.controlplane.io',
      resource: 'fluxinstances',
      namespace,
    })),
  );
  return model.tenants.flatMap((tenant) => {
    const rights = tenantRights(tenantIdentities(tenant, access.index), access, asks);
    if (rights.length === 0) return [];
    const name = excerpt(tenant.name, 80);
    const message =
      `${describeTenantRights(rights)}. A FluxInstance says which controllers run and with which arguments, so this is power over all that Flux applies. ` +
      `Take ${name} out of these bindings.`;
    return [
      fail({ kind: 'Tenant', name: tenant.name }, 'INSTANCE_EDITABLE', message, {
        confidence: leastSure(model.confidence, 'derived'),
        evidence: tenantRightEvidence(rights, tenant, model, `no right of ${name} to write FluxInstances`),
        fixes: unbindFix(rights.flatMap(({ right }) => (right ? [right] : []))),
      }),
    ];
  });
}
