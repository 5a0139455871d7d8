import type { HelmRelease, KubernetesObject, Kustomization } from '#libs/core';
import { type FlagReading, readFlag } from '../arguments/read-flag.js';
import type { ControllerRun } from '../inventory/controller-run.js';
import type { ControllerInstance } from '../inventory/discover-controllers.js';
import { type LaneReading, componentOfKind, describeLane, servedBy } from '../lanes/lanes.js';
import { type TargetFacts, applyTargetOf } from './apply-target.js';
import { type AccountReference, type EffectiveIdentity, type IdentitySource, unknownIdentity } from './identity.js';

const DEFAULT_FLAG = 'default-service-account';
const KUBE_CONFIG_FLAG = 'default-kubeconfig-service-account';

/**
 * Everybody that an object may act as: one for each instance that serves it, if these differ. A named account is taken
 * in the namespace of the object, whatever the instance; a missing one comes from the flag of the instance, or else is
 * the controller's own. https://fluxcd.io/flux/components/kustomize/kustomizations/#role-based-access-control
 */
export function effectiveIdentities(
  object: Kustomization | HelmRelease,
  lanes: LaneReading,
  facts: TargetFacts,
): readonly EffectiveIdentity[] {
  const target = applyTargetOf(object, facts);
  switch (target.kind) {
    case 'local':
      return accountsUsed(object, lanes, DEFAULT_FLAG, namedBy(object, '/spec/serviceAccountName'));
    case 'workloadIdentity':
      return accountsUsed(object, lanes, KUBE_CONFIG_FLAG, target.named);
    default:
      return [target];
  }
}

/** The account that an object names, if any, and where. */
export interface NamedAccount {
  readonly name: string | undefined;
  readonly source: IdentitySource;
}

function namedBy(object: Kustomization | HelmRelease, pointer: string): NamedAccount {
  const name = object.spec.serviceAccountName;
  return { name, source: { object, pointer, observed: name === undefined || name === '' ? null : name } };
}

/**
 * The accounts that an object of any kind of Flux may use for one purpose: the one that it names, else those that
 * `flag` of the instances that serve it says, else the controllers' own.
 */
export function accountsUsed(
  object: KubernetesObject,
  reading: LaneReading,
  flag: string,
  { name, source }: NamedAccount,
): readonly EffectiveIdentity[] {
  const { namespace = 'default' } = object.metadata;
  if (name !== undefined && name !== '') {
    return [{ kind: 'account', account: { namespace, name }, origin: 'named', sources: [source], pending: false }];
  }
  const lanes = servedBy(object, reading.lanes);
  const hidden = reading.problems
    .filter(({ instance, kind }) => instance.component === componentOfKind(object.kind) && kind !== 'stopped')
    .map(({ instance, code, why, missing }): EffectiveIdentity => {
      const message = `It cannot be told what ${describeLane({ component: instance.component, instance })} serves: ${why}.`;
      return unknownIdentity(code, message, missing);
    });
  const found = lanes.flatMap(({ instance }) =>
    runsOf(instance).map((run) => identityBy(run, instance, readFlag(run.arguments, flag, run.env))),
  );
  if (found.length === 0 && hidden.length === 0) {
    return [
      unknownIdentity(
        'NOT_SERVED',
        'No controller was found that serves it, so it is not known whose rights it would use.',
      ),
    ];
  }
  return distinct([...found, ...hidden]);

  function identityBy(run: ControllerRun, instance: ControllerInstance, value: FlagReading): EffectiveIdentity {
    if (value.state !== 'value') {
      const why = value.message.replace(/\.$/, '');
      const code = value.state === 'undecidable' ? value.code : 'ARGUMENT_CRASH';
      const missing = value.state === 'undecidable' ? value.missing : [];
      const place = describeLane({ component: instance.component, instance });
      return unknownIdentity(code, `It cannot be told which account ${place} uses by default: ${why}.`, missing);
    }
    const pending = run.source === 'template' && instance.pods.some(({ terminating }) => !terminating);
    const shared = { kind: 'account', instance, pending } as const;
    const { item, valueItem } = value;
    if (typeof value.value === 'string' && value.value !== '') {
      const text = valueItem === undefined ? (item?.text ?? null) : `${item?.text ?? ''} ${valueItem.text}`;
      const argument = { object: run.object, pointer: `${run.pointer}${item?.pointer ?? '/args'}`, observed: text };
      return { ...shared, account: { namespace, name: value.value }, origin: 'default', sources: [source, argument] };
    }
    return { ...shared, account: accountOfRun(run), origin: 'controller', sources: [source, podAccount(run)] };
  }
}

/** Running pods are the truth, the template is what they will become; pods on their way out do not count. */
function runsOf({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  const live = pods.filter(({ terminating }) => !terminating);
  return [...live, ...(template ? [template] : [])];
}

/** The service account that a controller runs as. */
export function accountOfRun({ object }: ControllerRun): AccountReference {
  const spec = object.kind === 'Pod' ? object.spec : object.spec.template.spec;
  // The admission plugin ServiceAccount fills in `default`.
  const name =
    spec.serviceAccountName === undefined || spec.serviceAccountName === '' ? 'default' : spec.serviceAccountName;
  return { namespace: object.metadata.namespace ?? 'default', name };
}

function podAccount({ object }: ControllerRun): IdentitySource {
  const [spec, pointer] =
    object.kind === 'Pod' ? [object.spec, '/spec'] : [object.spec.template.spec, '/spec/template/spec'];
  return { object, pointer: `${pointer}/serviceAccountName`, observed: spec.serviceAccountName ?? null };
}

/** Each identity once; what runs now before what is only pending. */
function distinct(identities: readonly EffectiveIdentity[]): readonly EffectiveIdentity[] {
  const keyOf = (each: EffectiveIdentity): string =>
    each.kind === 'account'
      ? JSON.stringify([each.account.namespace, each.account.name, each.origin])
      : JSON.stringify([each.kind, 'code' in each ? each.code : '']);
  const found = new Map<string, EffectiveIdentity>();
  for (const each of identities) if (!found.has(keyOf(each))) found.set(keyOf(each), each);
  return [...found.values()];
}
