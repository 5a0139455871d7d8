import type { Container, EnvFromSource, EnvVar, PodSpec } from '#libs/core';
import { environmentFilter, keptEnvironment } from './environment.js';
import { defined, filled, type Fields } from './fields.js';
import type { Program } from './flux-containers.js';
import { withoutUserInfo } from './urls.js';

/** Chooses the containers of a pod that run Flux; undefined drops the pod. */
export type ContainerChoice = (programs: readonly Program[]) => ReadonlySet<Program> | undefined;

/** A pod's or template's spec: containers of Flux with arguments and the environment these need, others without. */
export function podSpec(spec: Fields, choose: ContainerChoice): PodSpec | undefined {
  const parts = (spec.children('containers') ?? []).map((fields) => ({ fields, program: programOf(fields) }));
  const flux = choose(parts.map(({ program }) => program));
  if (!flux) return undefined;
  return defined({
    containers: parts.map(({ fields, program }) => container(fields, program, flux.has(program))),
    initContainers: spec.children('initContainers')?.map((init) => container(init, programOf(init), false)),
    securityContext: spec.json('securityContext'),
    hostPaths: hostPathsOf(spec),
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

/** An API server shows them among the volumes, a recorded snapshot as a list of their own. */
function hostPathsOf(spec: Fields): readonly string[] | undefined {
  const paths = (spec.children('volumes') ?? []).flatMap((volume) => {
    const host = volume.child('hostPath');
    return host ? [host.text('path') ?? ''] : [];
  });
  const all = [...paths, ...(spec.texts('hostPaths') ?? [])];
  return all.length > 0 ? all : undefined;
}

/** Annotations that the environment of some container is taken from (`metadata.annotations['key']`). */
export function referencedAnnotations(spec: PodSpec): ReadonlySet<string> {
  const paths = spec.containers.flatMap(({ env }) =>
    (env ?? []).map(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath),
  );
  return new Set(paths.flatMap((path) => /^metadata\.annotations\['(.+)'\]$/.exec(path ?? '')?.[1] ?? []));
}

function programOf(fields: Fields): Program {
  return { image: fields.text('image') ?? '', command: fields.texts('command'), args: fields.texts('args') };
}

function container(fields: Fields, { image, command, args }: Program, runsFlux: boolean): Container {
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
    resources: resourcesOf(fields.child('resources')),
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

function resourcesOf(fields: Fields | undefined): Container['resources'] {
  return fields && filled({ requests: fields.textMap('requests'), limits: fields.textMap('limits') });
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
