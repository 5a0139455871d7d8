import {
  CLUSTER_SUBJECT,
  type HelmRelease,
  type Kustomization,
  type Observation,
  notEvaluated,
  unavailable,
} from '#libs/core';
import {
  type Component,
  type ControllerInstance,
  effectiveIdentities,
  lanesOf,
  readFlag,
  type TargetFacts,
} from '#libs/flux';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';
import type { TenantModel } from '../tenants/tenant-model.js';

/** The account of a namespace that stands for whoever names none. */
export interface DefaultAccount {
  readonly namespace: string;
  readonly name: string;
  /** The Kustomizations and HelmReleases that act as it. */
  readonly acting: readonly string[];
}

export interface DefaultAccounts {
  readonly accounts: readonly DefaultAccount[];
  /** Controllers of which the name could not be told. */
  readonly unknown: readonly Observation[];
}

const FLAG = 'default-service-account';
const COMPONENTS: Readonly<Record<string, Component>> = {
  Kustomization: 'kustomize-controller',
  HelmRelease: 'helm-controller',
};

/**
 * The default accounts of all namespaces that hold Flux objects or are a tenant's: by every name that some kustomize- or
 * helm-controller uses, and `default`, which pods use.
 */
export function defaultAccounts(
  objects: readonly (Kustomization | HelmRelease)[],
  model: TenantModel,
  now: number,
): DefaultAccounts {
  const all = model.instances.state === 'collected' ? model.instances.value : [];
  const instances = all.filter(({ component }) => Object.values(COMPONENTS).includes(component));
  const names = new Set(['default']);
  const unknown: Observation[] = [];
  for (const instance of instances) {
    const read = namesOf(instance);
    for (const name of read.names) names.add(name);
    if (read.problem) unknown.push(read.problem);
  }
  const missing = Object.entries(COMPONENTS).filter(
    ([kind, component]) =>
      objects.some((object) => object.kind === kind) && !instances.some((instance) => instance.component === component),
  );
  const acting = actingAccounts(objects, instances, now);
  const namespaces = new Set([
    ...objects.map(({ metadata }) => metadata.namespace ?? 'default'),
    ...model.tenants.flatMap((tenant) => tenant.namespaces),
  ]);
  return {
    accounts: [...namespaces]
      .toSorted()
      .flatMap((namespace) =>
        [...names].map((name) => ({ namespace, name, acting: acting.get(`${namespace}/${name}`) ?? [] })),
      ),
    unknown: [...unknown, ...missing.map(([, component]) => unrecognised(component))],
  };
}

function namesOf(instance: ControllerInstance): { readonly names: readonly string[]; readonly problem?: Observation } {
  const live = instance.pods.filter(({ terminating }) => !terminating);
  const names: string[] = [];
  for (const run of [...live, ...(instance.template ? [instance.template] : [])]) {
    const reading = readFlag(run.arguments, FLAG, run.env);
    if (reading.state === 'value') {
      if (typeof reading.value === 'string' && reading.value !== '') names.push(reading.value);
      continue;
    }
    const { component, namespace, owner } = instance;
    const [cause, code, missing] =
      reading.state === 'undecidable'
        ? [
            reading.missing.length > 0 ? ('forbidden' as const) : ('undecidable' as const),
            reading.code,
            reading.missing,
          ]
        : (['undecidable', 'ARGUMENT_CRASH', []] as const);
    const message = `Which default account ${component} ${namespace}/${owner.name} uses cannot be told, so its rights are not known: ${reading.message}`;
    return { names, problem: notEvaluated(subjectOfInstance(instance), cause, code, message, { missing }) };
  }
  return { names };
}

function unrecognised(component: Component): Observation {
  const message =
    `There are objects for ${component}, and no ${component} was recognised in this cluster, so its default account is not known. ` +
    `Give its Deployment the labels app.kubernetes.io/part-of=flux and app.kubernetes.io/component=${component}, or use the upstream image name.`;
  return notEvaluated({ ...CLUSTER_SUBJECT, field: component }, 'undecidable', 'CONTROLLER_UNRECOGNISED', message);
}

const NO_TARGETS: TargetFacts = {
  secretFacts: unavailable('notCollected', 'not needed'),
  kubeConfigMaps: unavailable('notCollected', 'not needed'),
  fleet: unavailable('notCollected', 'not needed'),
};

function actingAccounts(
  objects: readonly (Kustomization | HelmRelease)[],
  instances: readonly ControllerInstance[],
  now: number,
): ReadonlyMap<string, readonly string[]> {
  const lanes = lanesOf(instances, now);
  const acting = new Map<string, string[]>();
  for (const object of objects) {
    if (object.spec.kubeConfig) continue;
    for (const identity of effectiveIdentities(object, lanes, NO_TARGETS)) {
      if (identity.kind !== 'account') continue;
      const key = `${identity.account.namespace}/${identity.account.name}`;
      const names = acting.get(key) ?? [];
      acting.set(key, names);
      names.push(`${object.kind} ${object.metadata.namespace ?? ''}/${object.metadata.name}`);
    }
  }
  return acting;
}
