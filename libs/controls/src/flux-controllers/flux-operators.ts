import { type OperatorPod, type Pod, type Subject, derived } from '#libs/core';
import { type ProgramSetting, programSetting } from '../secret-decryption/sealed-secrets-controller.js';

/** One installation of the Flux Operator: the pods of one owner. https://fluxoperator.dev */
export interface FluxOperator {
  readonly namespace: string;
  readonly owner: { readonly kind: string; readonly name: string };
  readonly pods: readonly [OperatorPod, ...OperatorPod[]];
}

export const fluxOperators = derived((pods: readonly OperatorPod[]): readonly FluxOperator[] => {
  const found = new Map<string, FluxOperator>();
  for (const pod of pods) {
    if (pod.program !== 'flux-operator') continue;
    const { namespace = '', name } = pod.metadata;
    const owner = pod.owner ?? { kind: 'Pod', name };
    const key = [namespace, owner.kind, owner.name].join('/');
    const known = found.get(key);
    found.set(key, { namespace, owner, pods: known ? [...known.pods, pod] : [pod] });
  }
  return [...found.keys()].toSorted().flatMap((key) => found.get(key) ?? []);
});

export function subjectOfOperator({ namespace, owner }: FluxOperator, field?: string): Subject {
  const part = field === undefined ? {} : { field };
  return { apiVersion: owner.kind === 'Pod' ? 'v1' : 'apps/v1', ...owner, namespace, ...part };
}

export const titleOfOperator = ({ namespace, owner }: FluxOperator): string =>
  `The Flux Operator ${namespace}/${owner.name}`;

/** Flags that the operator takes from variables as well, which win. */
const VARIABLES = {
  'default-service-account': 'DEFAULT_SERVICE_ACCOUNT',
  'default-workload-identity-service-account': 'DEFAULT_WORKLOAD_IDENTITY_SERVICE_ACCOUNT',
} as const;
export type OperatorFlag = keyof typeof VARIABLES;

/** The value of a flag of the operator: of its variable, else the last argument, else the default, which is empty. */
export function operatorSetting({ container }: OperatorPod, flag: OperatorFlag): ProgramSetting {
  const { env = {}, hasEnvFrom, name, image, command, args } = container;
  const variable = VARIABLES[flag];
  const value = env[variable];
  if (value === null) return { state: 'unknown', why: `the variable ${variable} comes from elsewhere` };
  if (value !== undefined && value !== '')
    return { state: 'given', text: value, pointer: `/container/env/${variable}` };
  if (value === undefined && hasEnvFrom === true) {
    return {
      state: 'unknown',
      why: `the variable ${variable} may come from a ConfigMap or Secret as a whole (envFrom)`,
    };
  }
  const found = programSetting({ name, image, ...(command && { command }), ...(args && { args }) }, flag);
  return found.state === 'given' && found.text === '' ? { state: 'default' } : found;
}

const WEB_PORT = 9080;

/** The port of the web UI of a pod; undefined where it is switched off. */
export function webPortOf({ container: { name, image, args, command } }: OperatorPod): number | undefined {
  const setting = programSetting(
    { name, image, ...(command && { command }), ...(args && { args }) },
    'web-server-port',
  );
  if (setting.state !== 'given') return WEB_PORT;
  const port = Number(setting.text);
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

/** Whether the web UI has a configuration, which may demand that people sign in. */
export function webConfigOf({ container }: OperatorPod): 'yes' | 'no' | 'unknown' {
  const { args = [], command = [], env = {}, hasEnvFrom } = container;
  if ([...command, ...args].some((text) => text.startsWith('--web-config'))) return 'yes';
  const variable = env['WEB_CONFIG_SECRET_NAME'];
  if (variable === undefined) return hasEnvFrom === true ? 'unknown' : 'no';
  return variable === '' ? 'no' : 'yes';
}

/** The pod as far as Services look for it: its labels, and the port of the web UI by the name that the chart gives it. */
export function podOf({ metadata, container }: OperatorPod, port: number): Pod {
  const { name, image } = container;
  const ports = [{ name: 'http-web', containerPort: port }];
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name, image, ports }] } };
}
