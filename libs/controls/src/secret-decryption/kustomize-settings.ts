import type { Collected, ServiceAccount } from '#libs/core';
import {
  type ControllerInstance,
  type ControllerRun,
  type FlagValue,
  readFlag,
  WORKLOAD_IDENTITY_GATE,
} from '#libs/flux';
import { cloudIdentityOf } from '../multi-tenancy/cloud-identity.js';

type Unavailable = Extract<Collected<unknown>, { state: 'unavailable' }>;

/** Whether kustomize-controller has something; `unknown` where that is not told, or its instances differ. */
export type Setting =
  | { readonly state: 'yes' | 'no' }
  | { readonly state: 'unknown'; readonly why: string; readonly unavailable?: Unavailable };

/** What decides how kustomize-controller decrypts where a Kustomization does not say. */
export interface KustomizeSettings {
  /** `--sops-age-secret` */
  readonly ageSecret: Setting;
  /** `--sops-vault-configmap` */
  readonly vaultConfigMap: Setting;
  /** `--default-decryption-service-account` */
  readonly defaultAccount: Setting;
  /** The feature gate ObjectLevelWorkloadIdentity. */
  readonly gate: Setting;
  /** The variable VAULT_TOKEN. */
  readonly vaultToken: Setting;
  /** An identity of a cloud. */
  readonly cloudIdentity: Setting;
}

/** The instances of kustomize-controller among those of all controllers. */
function kustomizeControllers(instances: readonly ControllerInstance[]): readonly ControllerInstance[] {
  return instances.filter(({ component }) => component === 'kustomize-controller');
}

/** What runs now, or, where nothing runs, what would. */
export function currentRuns({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  const live = pods.filter(({ terminating }) => !terminating);
  return live.length > 0 ? live : template ? [template] : [];
}

export function kustomizeSettings(
  instances: Collected<readonly ControllerInstance[]>,
  serviceAccounts: Collected<readonly ServiceAccount[]>,
): KustomizeSettings {
  if (instances.state === 'unavailable') return everything(unread(instances));
  const controllers = kustomizeControllers(instances.value);
  if (controllers.length === 0) return everything({ state: 'unknown', why: 'no kustomize-controller was found' });
  const flag = (name: string, isSet: (value: FlagValue) => boolean): Setting =>
    agreed(controllers.flatMap(currentRuns).map((run) => flagSetting(run, name, isSet)));
  return {
    ageSecret: flag('sops-age-secret', isText),
    vaultConfigMap: flag('sops-vault-configmap', isText),
    defaultAccount: flag('default-decryption-service-account', isText),
    gate: flag('feature-gates', isGateOn),
    vaultToken: agreed(controllers.flatMap(currentRuns).map(vaultTokenOf)),
    cloudIdentity: agreed(
      controllers.map((controller) => {
        const identity = cloudIdentityOf(controller, serviceAccounts);
        return typeof identity === 'string' ? { state: identity } : unread(identity);
      }),
    ),
  };
}

function everything(setting: Setting): KustomizeSettings {
  const [ageSecret, vaultConfigMap, defaultAccount] = [setting, setting, setting];
  return { ageSecret, vaultConfigMap, defaultAccount, gate: setting, vaultToken: setting, cloudIdentity: setting };
}

const isText = (value: FlagValue): boolean => typeof value === 'string' && value !== '';

function isGateOn(value: FlagValue): boolean {
  return typeof value === 'object' && WORKLOAD_IDENTITY_GATE in value && value[WORKLOAD_IDENTITY_GATE];
}

function unread(unavailable: Unavailable): Setting {
  return { state: 'unknown', why: unavailable.message.replace(/\.$/, ''), unavailable };
}

function flagSetting(run: ControllerRun, name: string, isSet: (value: FlagValue) => boolean): Setting {
  const reading = readFlag(run.arguments, name, run.env);
  if (reading.state === 'value') return { state: isSet(reading.value) ? 'yes' : 'no' };
  return { state: 'unknown', why: `the arguments of kustomize-controller do not tell --${name}` };
}

/** A token from a Secret counts: that it is there is what matters. */
export function vaultTokenOf({ container, env }: ControllerRun): Setting {
  if (
    container.env?.some(({ name, value, valueFrom }) => name === 'VAULT_TOKEN' && (valueFrom ?? value ?? '') !== '')
  ) {
    return { state: 'yes' };
  }
  const value = env('VAULT_TOKEN');
  if (value === undefined || (value.state === 'known' && value.value === '')) return { state: 'no' };
  if (value.state === 'known') return { state: 'yes' };
  return { state: 'unknown', why: `VAULT_TOKEN of kustomize-controller is not known: ${value.why}` };
}

function agreed(settings: readonly Setting[]): Setting {
  const unknown = settings.find(({ state }) => state === 'unknown');
  if (unknown) return unknown;
  const [first, ...others] = settings;
  if (!first) return { state: 'unknown', why: 'no kustomize-controller runs' };
  if (others.every(({ state }) => state === first.state)) return first;
  return {
    state: 'unknown',
    why: 'the instances of kustomize-controller differ, and which one serves it is not known',
  };
}
