import type { Container, EnvFromSource, EnvVar, PodSpec } from '#libs/core';
import { environmentFilter, keptEnvironment } from './environment.js';
import { defined, type Fields } from './fields.js';
import { fluxContainers, isFluxCandidate } from './flux-containers.js';
import { withoutUserInfo } from './urls.js';

type Labels = Readonly<Record<string, string>> | undefined;

/**
 * A pod's or template's spec: containers that may run Flux with arguments and the environment these need, other
 * containers without either. Undefined where nothing of Flux may run in it and `wanted` does not ask for it all the same.
 */
export function podSpec(spec: Fields, labels: Labels, wanted: boolean): PodSpec | undefined {
  const parts = (spec.children('containers') ?? []).map((fields) => ({ fields, ...programOf(fields) }));
  if (!wanted && !isFluxCandidate(parts, labels)) return undefined;
  const running = fluxContainers(parts, labels);
  return defined({
    containers: parts.map((part) => container(part.fields, running.has(part))),
    serviceAccountName: spec.text('serviceAccountName'),
    nodeName: spec.text('nodeName'),
    nodeSelector: spec.textMap('nodeSelector'),
    affinity: spec.json('affinity'),
    tolerations: spec.jsonList('tolerations'),
    hostNetwork: spec.flag('hostNetwork'),
    runtimeClassName: spec.text('runtimeClassName'),
    priorityClassName: spec.text('priorityClassName'),
  });
}

/** Annotations that the environment of some container is taken from (`metadata.annotations['key']`). */
export function referencedAnnotations(spec: PodSpec): ReadonlySet<string> {
  const paths = spec.containers.flatMap(({ env }) =>
    (env ?? []).map(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath),
  );
  return new Set(paths.flatMap((path) => /^metadata\.annotations\['(.+)'\]$/.exec(path ?? '')?.[1] ?? []));
}

function programOf(fields: Fields): Pick<Container, 'image' | 'command' | 'args'> {
  return { image: fields.text('image') ?? '', command: fields.texts('command'), args: fields.texts('args') };
}

function container(fields: Fields, runsFlux: boolean): Container {
  const { image, command, args } = programOf(fields);
  const basics = { name: fields.needText('name'), image };
  const rest = {
    ports: fields.children('ports')?.map((port) =>
      defined({
        name: port.text('name'),
        containerPort: port.count('containerPort') ?? 0,
        protocol: port.text('protocol'),
      }),
    ),
    securityContext: fields.json('securityContext'),
  };
  if (!runsFlux) return defined({ ...basics, ...rest });
  const env = fields.children('env')?.map(envVar);
  const kept = env && keptEnvironment(env, environmentFilter({ command, args, env }));
  return defined({
    ...basics,
    command: command?.map(withoutUserInfo),
    args: args?.map(withoutUserInfo),
    env: kept?.length ? kept : undefined,
    envFrom: fields.children('envFrom')?.map(envFromSource),
    ...rest,
  });
}

function envVar(fields: Fields): EnvVar {
  const from = fields.child('valueFrom');
  const value = fields.text('value');
  return defined({
    name: fields.needText('name'),
    value: value === undefined ? undefined : withoutUserInfo(value),
    valueFrom: from && valueSource(from),
  });
}

function valueSource(from: Fields): NonNullable<EnvVar['valueFrom']> {
  const field = from.child('fieldRef');
  const resource = from.child('resourceFieldRef');
  const configMap = from.child('configMapKeyRef');
  const secret = from.child('secretKeyRef');
  return defined({
    fieldRef: field && { fieldPath: field.needText('fieldPath') },
    resourceFieldRef: resource && { resource: resource.needText('resource') },
    configMapKeyRef: configMap && keyReference(configMap),
    secretKeyRef: secret && keyReference(secret),
  });
}

function keyReference(fields: Fields): { name: string; key: string; optional?: boolean } {
  return defined({ name: fields.text('name') ?? '', key: fields.needText('key'), optional: fields.flag('optional') });
}

function envFromSource(fields: Fields): EnvFromSource {
  const reference = (from: Fields | undefined) =>
    from && defined({ name: from.text('name') ?? '', optional: from.flag('optional') });
  return defined({
    prefix: fields.text('prefix'),
    configMapRef: reference(fields.child('configMapRef')),
    secretRef: reference(fields.child('secretRef')),
  });
}
