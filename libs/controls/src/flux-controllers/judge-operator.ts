import {
  type Artifacts,
  type Collected,
  type Evidence,
  type Observation,
  type OperatorPod,
  fail,
  leastSure,
  notEvaluated,
  notEvaluatedBecause,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { PLATFORM_ACCOUNTS, excerpt, withoutValue } from '#libs/flux';
import { accountIdentity, describeGrant } from '#libs/rbac';
import type { Access } from '../access/access.js';
import { canWrite, rightsHeldBy } from '../access/held-rights.js';
import { rightEvidence, unbindFix } from '../access/right-evidence.js';
import { tenantIdentities } from '../access/tenant-identities.js';
import { describeTenantRights, tenantRightEvidence, tenantRights } from '../access/tenant-rights.js';
import { exposuresOf, nameOfExposure } from '../network-isolation/service-exposure.js';
import type { TenantModel } from '../tenants/tenant-model.js';
import {
  type FluxOperator,
  type OperatorFlag,
  operatorSetting,
  podOf,
  subjectOfOperator,
  titleOfOperator,
  webConfigOf,
  webPortOf,
} from './flux-operators.js';

const GROUP = 'fluxcd.controlplane.io';
const ACCOUNT: OperatorFlag = 'default-service-account';
const IDENTITY: OperatorFlag = 'default-workload-identity-service-account';

/** What the verdict on an operator depends on. */
export interface OperatorFacts {
  readonly model: TenantModel;
  /** There are tenants, and it is known who. */
  readonly tenants: boolean;
  readonly access: Collected<Access>;
}

/** Where a setting stands; without one, the names of the arguments that are there. */
function settingEvidence(
  pod: OperatorPod,
  setting: { readonly pointer: string; readonly observed: string } | undefined,
  expected: string,
): Evidence {
  const object = objectReference(pod);
  const { args } = pod.container;
  if (setting) return { object, ...setting, expected };
  if (!args) return { object, pointer: '/container/args', observed: null, expected };
  return { object, pointer: '/container/args', observed: args.slice(0, 50).map(withoutValue), expected };
}

/** The account that ResourceSets without one act as, in their own namespace. */
export function judgeDefaultAccount(operator: FluxOperator, facts: OperatorFacts): Observation | undefined {
  const subject = subjectOfOperator(operator, ACCOUNT);
  const title = titleOfOperator(operator);
  const [pod] = operator.pods;
  const settings = operator.pods.map((each) => operatorSetting(each, ACCOUNT));
  const unknown = settings.find(({ state }) => state === 'unknown');
  if (unknown?.state === 'unknown') {
    const message = `Whether ${title} has --${ACCOUNT} cannot be told: ${unknown.why}. Write it into the arguments.`;
    return notEvaluated(subject, 'undecidable', 'UNRESOLVED_SETTING', message);
  }
  const [first] = settings;
  if (first?.state === 'given' && settings.every(({ state }) => state === 'given')) {
    return judgeName(operator, first, facts);
  }
  if (!facts.tenants) return undefined;
  if (facts.access.state === 'unavailable') return notEvaluatedBecause(subject, facts.access);
  const access = facts.access.value;
  const advice = `Start the operator with --${ACCOUNT}, and a name that has no rights but those that each namespace gives it (multitenancy.enabled in the values of its chart).`;
  const evidence = settingEvidence(pod, undefined, `--${ACCOUNT}`);
  for (const tenant of facts.model.tenants) {
    const asks = tenant.namespaces.flatMap((namespace) =>
      ['create', 'patch'].map((verb) => ({ verb, group: GROUP, resource: 'resourcesets', namespace })),
    );
    const rights = tenantRights(tenantIdentities(tenant, access.index), access, asks);
    if (rights.length === 0) continue;
    const message =
      `${title} runs without --${ACCOUNT}, and ${describeTenantRights(rights)}. A ResourceSet that names no account acts as the operator, which may change the whole cluster. ` +
      advice;
    return fail(subject, 'NO_DEFAULT_ACCOUNT', message, {
      confidence: leastSure(facts.model.confidence, 'derived'),
      evidence: [evidence, ...tenantRightEvidence(rights, tenant, facts.model, 'no right to write ResourceSets')],
    });
  }
  const message =
    `${title} runs without --${ACCOUNT}, so a ResourceSet that names no account acts as the operator. ` +
    `No tenant is known to be able to write ResourceSets in its namespaces; it stays a trap for whoever gets that right. ${advice}`;
  return warn(subject, 'NO_DEFAULT_ACCOUNT', message, { severity: 'low', evidence: [evidence] });
}

/** A name that stands for a powerful account where the platform is at home. */
function judgeName(
  operator: FluxOperator,
  setting: { readonly text: string; readonly pointer: string },
  { model, access }: OperatorFacts,
): Observation {
  const subject = subjectOfOperator(operator, ACCOUNT);
  const title = titleOfOperator(operator);
  const [pod] = operator.pods;
  const name = excerpt(setting.text, 80);
  const evidence = settingEvidence(
    pod,
    { pointer: setting.pointer, observed: name },
    'the name of an account without rights of its own',
  );
  const advice = 'Use a name that no account of the platform has, such as flux-tenant.';
  const meaning = `The name is taken in the namespace of each ResourceSet, so there it stands for that account.`;
  if (setting.text === pod.serviceAccountName) {
    const message = `${title} runs with --${ACCOUNT}=${name}, which is the name of its own account, in ${operator.namespace}. ${meaning} ${advice}`;
    return fail(subject, 'RISKY_NAME', message, { evidence: [evidence] });
  }
  if (access.state === 'unavailable') return notEvaluatedBecause(subject, access);
  const places = new Set([
    operator.namespace,
    ...model.fluxNamespaces,
    ...(model.registration.platformNamespaces ?? []),
    'kube-system',
  ]);
  for (const namespace of places) {
    const right = rightsHeldBy(access.value.index, accountIdentity({ namespace, name: setting.text })).find(
      (each) => each.grant.namespace === null && each.reach !== 'everyone' && canWrite(each),
    );
    if (!right) continue;
    const message = `${title} runs with --${ACCOUNT}=${name}, and the account ${excerpt(namespace, 80)}/${name} may change things in the whole cluster (${describeGrant(right.grant)}). ${meaning} ${advice}`;
    return fail(subject, 'RISKY_NAME', message, {
      confidence: 'derived',
      evidence: [evidence, ...rightEvidence(right, 'no rights beyond one namespace')],
      fixes: unbindFix([right]),
    });
  }
  if (PLATFORM_ACCOUNTS.has(setting.text)) {
    const message = `${title} runs with --${ACCOUNT}=${name}, the name of accounts of the platform, none of which has wide rights at present. ${meaning} ${advice}`;
    return warn(subject, 'RISKY_NAME', message, { severity: 'low', evidence: [evidence] });
  }
  const message = `${title} lets a ResourceSet that names no account act as ${name} of its own namespace. There is nothing to do.`;
  return pass(subject, 'DEFAULT_ACCOUNT_SET', message);
}

/** Access to clouds by objects that name no account of their own. */
export function judgeDefaultIdentity(operator: FluxOperator, { tenants }: OperatorFacts): Observation | undefined {
  const [pod] = operator.pods;
  const settings = operator.pods.map((each) => operatorSetting(each, IDENTITY));
  if (!tenants || settings.every(({ state }) => state === 'given')) return undefined;
  const subject = subjectOfOperator(operator, IDENTITY);
  const unknown = settings.find(({ state }) => state === 'unknown');
  if (unknown?.state === 'unknown') {
    const message = `Whether ${titleOfOperator(operator)} has --${IDENTITY} cannot be told: ${unknown.why}. Write it into the arguments.`;
    return notEvaluated(subject, 'undecidable', 'UNRESOLVED_SETTING', message);
  }
  const message =
    `${titleOfOperator(operator)} runs without --${IDENTITY}, so input providers that name no account use the identity of the operator in the cloud. ` +
    `Start it with that flag, and give each tenant an identity of its own.`;
  const evidence = settingEvidence(pod, undefined, `--${IDENTITY}`);
  return warn(subject, 'NO_DEFAULT_IDENTITY', message, { severity: 'low', evidence: [evidence] });
}

export type ExposingCollected = {
  readonly [N in 'services' | 'ingresses' | 'gatewayRoutes']: Collected<Artifacts[N]>;
};

/** A way from outside to the web UI, where nobody need sign in. */
export function judgeWebUi(operator: FluxOperator, artifacts: ExposingCollected): readonly Observation[] {
  const endpoints = operator.pods.flatMap((pod) => {
    const port = webPortOf(pod);
    return port === undefined || webConfigOf(pod) === 'yes' ? [] : [{ pod: podOf(pod, port), port, of: pod }];
  });
  if (endpoints.length === 0) return [];
  const subject = subjectOfOperator(operator, 'web-server-port');
  const { services, ingresses, gatewayRoutes } = artifacts;
  if (services.state === 'unavailable') return [notEvaluatedBecause(subject, services)];
  const unread = [ingresses, gatewayRoutes].filter((artifact) => artifact.state === 'unavailable');
  const [exposure] = exposuresOf(
    {
      services: services.value,
      ingresses: ingresses.state === 'collected' ? ingresses.value : [],
      gatewayRoutes: gatewayRoutes.state === 'collected' ? gatewayRoutes.value : [],
    },
    endpoints,
  );
  if (!exposure) return unread.slice(0, 1).map((artifact) => notEvaluatedBecause(subject, artifact));
  const title = titleOfOperator(operator);
  const unknown = webConfigOf(exposure.endpoint.of) === 'unknown';
  const message =
    `The web UI of ${title.replace(/^The/, 'the')} can be reached from outside by ${excerpt(nameOfExposure(exposure), 160)}, and ${unknown ? 'whether it has a configuration is not known' : 'it has no configuration, so nobody need sign in'}. It shows what is deployed, from where, and in which state. ` +
    'Configure authentication (--web-config), or take the way from outside away.';
  if (unknown) return [warn(subject, 'WEB_UI_EXPOSED', message, { severity: 'medium', evidence: [exposure.evidence] })];
  return [fail(subject, 'WEB_UI_EXPOSED', message, { evidence: [exposure.evidence] })];
}
