import type { Container, EnvVar } from '#libs/core';

/**
 * Variables that stand in for flags of source-controller, name the namespace of a controller, or set defaults of the Flux
 * Operator. None holds a secret.
 */
const SETTINGS: ReadonlySet<string> = new Set([
  'RUNTIME_NAMESPACE',
  'EVENTS_ADDR',
  'METRICS_ADDR',
  'STORAGE_PATH',
  'STORAGE_ADDRESS',
  'STORAGE_ADV_ADDR',
  'DEFAULT_SERVICE_ACCOUNT',
  'DEFAULT_WORKLOAD_IDENTITY_SERVICE_ACCOUNT',
]);
/** Variables that give a container an identity in a cloud. That they are set is the fact; their values are not kept. */
const CLOUD_IDENTITY = /^(AWS_|AZURE_)|^GOOGLE_APPLICATION_CREDENTIALS$/;

/** What of a variable is kept: all of it, its name, or nothing. */
export type KeptPart = 'value' | 'name' | 'nothing';

/** Decides, for one container, what of a variable is kept. A value is kept only where the arguments need it. */
export function environmentFilter(container: Pick<Container, 'command' | 'args' | 'env'>): (name: string) => KeptPart {
  const referenced = referencedNames(container);
  return (name) => {
    if (referenced.has(name) || SETTINGS.has(name)) return 'value';
    return CLOUD_IDENTITY.test(name) ? 'name' : 'nothing';
  };
}

/** The variables of a container, reduced. Their order is kept, since later ones may refer to earlier ones. */
export function keptEnvironment(env: readonly EnvVar[], filter: (name: string) => KeptPart): readonly EnvVar[] {
  return env.flatMap((variable) => {
    const kept = filter(variable.name);
    if (kept === 'value') return [variable];
    if (kept === 'nothing') return [];
    return [variable.valueFrom ? { name: variable.name, valueFrom: variable.valueFrom } : { name: variable.name }];
  });
}

/** The names that `$(NAME)` in command and arguments leads to, through the values of other variables too. */
function referencedNames({ command, args, env }: Pick<Container, 'command' | 'args' | 'env'>): ReadonlySet<string> {
  const names = new Set([...(command ?? []), ...(args ?? [])].flatMap(namesIn));
  for (const name of names) {
    // Names found now are visited too: a Set iterates over what is added meanwhile.
    for (const variable of env ?? []) {
      if (variable.name === name && variable.value !== undefined)
        for (const inner of namesIn(variable.value)) names.add(inner);
    }
  }
  return names;
}

/** Every NAME that Kubernetes would look up: `$$` is an escaped `$`, and what is not closed is no reference. */
function namesIn(text: string): readonly string[] {
  const names: string[] = [];
  for (let at = text.indexOf('$'); at >= 0; at = text.indexOf('$', at)) {
    if (text[at + 1] !== '(') {
      at += 2;
      continue;
    }
    const close = text.indexOf(')', at + 2);
    if (close < 0) break;
    names.push(text.slice(at + 2, close));
    at = close + 1;
  }
  return names;
}
