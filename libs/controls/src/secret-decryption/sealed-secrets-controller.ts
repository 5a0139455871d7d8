import { type OperatorPod, type ProgramContainer, type Subject, derived } from '#libs/core';

/** One installation of https://github.com/bitnami-labs/sealed-secrets: the pods of one owner. */
export interface SealedSecretsController {
  readonly namespace: string;
  readonly owner: { readonly kind: string; readonly name: string };
  readonly pods: readonly [OperatorPod, ...OperatorPod[]];
}

/** A value among the arguments or in the environment of a program. `pointer` leads into the pod. */
export type ProgramSetting =
  | { readonly state: 'given'; readonly text: string; readonly pointer: string }
  | { readonly state: 'default' }
  | { readonly state: 'unknown'; readonly why: string };

const PROGRAM = /(?:^|[-_])sealed-secrets-controller$/;

export const sealedSecretsControllers = derived((pods: readonly OperatorPod[]): readonly SealedSecretsController[] => {
  const found = new Map<string, SealedSecretsController>();
  for (const pod of pods) {
    if (!PROGRAM.test(pod.program)) continue;
    const { namespace = '', name } = pod.metadata;
    const owner = pod.owner ?? { kind: 'Pod', name };
    const key = [namespace, owner.kind, owner.name].join('/');
    const known = found.get(key);
    found.set(key, { namespace, owner, pods: known ? [...known.pods, pod] : [pod] });
  }
  return [...found.keys()].toSorted().flatMap((key) => found.get(key) ?? []);
});

export function subjectOfController({ namespace, owner }: SealedSecretsController): Subject {
  return { apiVersion: owner.kind === 'Pod' ? 'v1' : 'apps/v1', ...owner, namespace };
}

export function titleOfController({ namespace, owner }: SealedSecretsController): string {
  return `The Sealed Secrets controller ${namespace}/${owner.name}`;
}

/** The namespaces whose SealedSecrets a controller unseals; `all` for every namespace. */
export function namespacesServed(controller: SealedSecretsController): 'all' | 'unknown' | ReadonlySet<string> {
  const [{ container }] = controller.pods;
  const all = programSetting(container, 'all-namespaces', 'switch');
  const more = programSetting(container, 'additional-namespaces');
  if (all.state === 'unknown' || more.state === 'unknown') return 'unknown';
  if (all.state === 'default' || !/^(?:0|f|false)$/i.test(all.text)) return 'all';
  const additional = more.state === 'given' ? more.text.split(',').map((name) => name.trim()) : [];
  return new Set([controller.namespace, ...additional.filter(Boolean)]);
}

const ENVIRONMENT = 'SEALED_SECRETS_';

/**
 * The value that the controller uses for a flag: the last argument wins (pflag), then the variable `SEALED_SECRETS_…` of
 * the same name, then the default. A switch does not take the argument after it.
 */
export function programSetting(
  container: ProgramContainer,
  flag: string,
  kind: 'text' | 'switch' = 'text',
): ProgramSetting {
  const words = [
    ...(container.command ?? []).slice(1).map((text, index) => ({ text, pointer: `/container/command/${index + 1}` })),
    ...(container.args ?? []).map((text, index) => ({ text, pointer: `/container/args/${index}` })),
  ];
  let found: ProgramSetting = { state: 'default' };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (!word || word.text === '--') break;
    const { text, pointer } = word;
    if (text === `--${flag}`) {
      const next = kind === 'switch' ? 'true' : words[index + 1]?.text;
      if (kind === 'text') index += 1;
      if (next !== undefined) found = given(next, pointer, container);
    } else if (text.startsWith(`--${flag}=`)) found = given(text.slice(flag.length + 3), pointer, container);
  }
  return found.state === 'default' ? fromEnvironment(container, flag) : found;
}

function given(text: string, pointer: string, { env = {} }: ProgramContainer): ProgramSetting {
  const [, name] = /\$\(([^)]+)\)/.exec(text) ?? [];
  if (name === undefined) return { state: 'given', text, pointer };
  const value = env[name];
  if (value === undefined || value === null)
    return { state: 'unknown', why: `it uses the variable ${name}, whose value was not read` };
  return { state: 'given', text: text.replace(`$(${name})`, () => value), pointer };
}

function fromEnvironment({ env = {} }: ProgramContainer, flag: string): ProgramSetting {
  const name = `${ENVIRONMENT}${flag.toUpperCase().replaceAll('-', '_')}`;
  const value = env[name];
  if (value === undefined || value === '') return { state: 'default' };
  if (value === null) return { state: 'unknown', why: `the variable ${name} comes from elsewhere` };
  return { state: 'given', text: value, pointer: `/container/env/${name}` };
}
