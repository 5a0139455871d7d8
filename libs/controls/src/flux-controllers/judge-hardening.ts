import {
  type Container,
  type Evidence,
  type Fix,
  type Observation,
  type PodSpec,
  fail,
  notEvaluated,
  objectReference,
  pass,
  warn,
} from '#libs/core';
import { type ControllerInstance, type ControllerRun, describeInstall, excerpt } from '#libs/flux';
import { stringify } from 'yaml';
import { type Inspection, fixTarget } from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';

type Settings = Readonly<Record<string, unknown>>;

/** What a container may do that upstream's manifests take away. */
interface Deviation {
  /** Continues "the container …": `may run as root`. */
  readonly what: string;
  readonly evidence: Evidence;
}

const HARDENED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** Containers that a service mesh puts into pods. */
const MESH = /^(istio-(proxy|init|validation)|linkerd-(proxy|init|network-validator|debug)|kuma-(sidecar|init))$/;
const SECCOMP = new Set(['RuntimeDefault', 'Localhost']);

const asSettings = (value: unknown): Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Settings) : {};
const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

function specOf({ object }: ControllerRun): { readonly spec: PodSpec; readonly path: string } {
  return object.kind === 'Pod'
    ? { spec: object.spec, path: '/spec' }
    : { spec: object.spec.template.spec, path: '/spec/template/spec' };
}

/**
 * The settings of the Pod Security Standard "restricted" that a container lacks, and a root file system that can be
 * written. https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
function deviationsOf(run: ControllerRun, ownSeccomp: boolean): readonly Deviation[] {
  const { spec } = specOf(run);
  const own = asSettings(run.container.securityContext);
  const ofPod = asSettings(spec.securityContext);
  const capabilities = asSettings(own['capabilities']);
  const seccomp = asSettings(own['seccompProfile'])['type'] ?? asSettings(ofPod['seccompProfile'])['type'];
  const dropped = textsOf(capabilities['drop']).map((name) => name.toUpperCase());
  const added = textsOf(capabilities['add']).filter((name) => name.toUpperCase() !== 'NET_BIND_SERVICE');
  const user = own['runAsUser'] ?? ofPod['runAsUser'];
  const found: Deviation[] = [];
  const note = (what: string, expected: string) => found.push({ what, evidence: evidenceOf(run, own, expected) });
  if (own['privileged'] === true) note('is privileged', 'privileged absent');
  if ((own['runAsNonRoot'] ?? ofPod['runAsNonRoot']) !== true || user === 0) {
    note('may run as root', 'runAsNonRoot: true, and no runAsUser: 0');
  }
  if (own['allowPrivilegeEscalation'] !== false) note('may gain privileges', 'allowPrivilegeEscalation: false');
  if (!dropped.includes('ALL')) note('keeps capabilities', 'capabilities: { drop: [ALL] }');
  if (added.length > 0) note(`has the capabilities ${excerpt(added.join(', '), 80)}`, 'no capabilities added');
  if (own['readOnlyRootFilesystem'] !== true) note('can write to its image', 'readOnlyRootFilesystem: true');
  if (ownSeccomp && !(typeof seccomp === 'string' && SECCOMP.has(seccomp))) {
    note('may make every system call', 'seccompProfile: { type: RuntimeDefault }');
  }
  return found;
}

function evidenceOf(run: ControllerRun, own: Settings, expected: string): Evidence {
  const names = Object.keys(own);
  return {
    object: objectReference(run.object),
    pointer: `${run.pointer}/securityContext`,
    observed: names.length === 0 && !run.container.securityContext ? null : names,
    expected,
  };
}

/** Access to the node, whoever in the pod uses it. */
function hostAccess(run: ControllerRun): readonly Deviation[] {
  const { spec, path } = specOf(run);
  const object = objectReference(run.object);
  const found: Deviation[] = [];
  if (spec.hostNetwork === true) {
    const evidence = { object, pointer: `${path}/hostNetwork`, observed: true, expected: 'false or absent' };
    found.push({ what: 'is in the network of its node', evidence });
  }
  if (spec.hostPaths?.length) {
    const paths = spec.hostPaths.map((each) => excerpt(each, 80));
    const evidence = { object, pointer: `${path}/hostPaths`, observed: paths, expected: 'no volumes of the node' };
    found.push({ what: `has paths of its node (${paths.slice(0, 3).join(', ')})`, evidence });
  }
  return found;
}

/** Containers of the pod that are none of Flux. */
function strangers(
  run: ControllerRun,
  ours: ReadonlySet<string>,
): readonly { readonly container: Container; readonly mesh: boolean; readonly evidence: Evidence }[] {
  const { spec, path } = specOf(run);
  const listed = [
    ...spec.containers.map((container, index) => ({ container, pointer: `${path}/containers/${index}` })),
    ...(spec.initContainers ?? []).map((container, index) => ({
      container,
      pointer: `${path}/initContainers/${index}`,
    })),
  ];
  return listed.flatMap(({ container, pointer }) => {
    if (ours.has(container.name)) return [];
    const object = objectReference(run.object);
    const evidence = { object, pointer: `${pointer}/name`, observed: container.name, expected: 'no other container' };
    return [{ container, mesh: MESH.test(container.name), evidence }];
  });
}

/** What is the same for all controllers of a cluster. */
export interface HardeningFacts {
  readonly inspection: Inspection;
  /** OpenShift gives pods a seccomp profile and user ids of its own, by its SecurityContextConstraints. */
  readonly openShift: boolean;
}

/** What is to be said about how the pods of one controller are confined. */
export function judgeHardening(instance: ControllerInstance, facts: HardeningFacts): readonly Observation[] {
  const { inspection, openShift } = facts;
  const { component, namespace, owner } = instance;
  const subject = subjectOfInstance(instance);
  const title = `${component} ${namespace}/${owner.name}`;
  const live = instance.pods.filter(({ terminating }) => !terminating);
  const runs = live.length > 0 || !instance.template ? live : [instance.template];
  if (runs.length === 0) {
    const message = `${title} has no pod and no template, so how it is confined is not known. Look whether it still exists.`;
    return [notEvaluated(subject, 'undecidable', 'NO_POD', message)];
  }
  const found: Observation[] = [];
  const [weakest = []] = runs.map((run) => deviationsOf(run, !openShift)).toSorted((a, b) => b.length - a.length);
  const [first, ...others] = weakest;
  if (first) {
    const message =
      `The container ${instance.container} of ${title} ${weakest.map(({ what }) => what).join(', ')}. ` +
      `Flux's own manifests take that away, so that a flaw in what the controller processes stays inside of its container. ` +
      'Give it the securityContext of the manifests again.';
    found.push(
      fail(subject, 'NOT_HARDENED', message, {
        evidence: [first.evidence, ...others.map(({ evidence }) => evidence)],
        fixes: hardeningFixes(instance, inspection),
      }),
    );
  }
  const [host] = runs.map(hostAccess).toSorted((a, b) => b.length - a.length);
  const [firstHost, ...otherHosts] = host ?? [];
  if (firstHost) {
    const message =
      `The pod of ${title} ${[firstHost, ...otherHosts].map(({ what }) => what).join(' and ')}. ` +
      'Whoever gets into the controller is on the node then, and network policies do not hold for it. ' +
      'Remove that from its pod: no controller of Flux needs it.';
    const evidence = [firstHost.evidence, ...otherHosts.map((each) => each.evidence)] as const;
    found.push(fail(subject, 'HOST_ACCESS', message, { evidence }));
  }
  found.push(...judgeStrangers(instance, runs, facts));
  if (found.length > 0) return found;
  const message = `${title} runs as Flux's manifests confine it: not as root, without capabilities, and with a file system that it cannot write. There is nothing to do.`;
  return [pass(subject, 'HARDENED', message)];
}

function judgeStrangers(
  instance: ControllerInstance,
  runs: readonly ControllerRun[],
  { inspection }: HardeningFacts,
): readonly Observation[] {
  const { component, namespace, owner } = instance;
  // All controllers may be in one pod; each is judged by itself.
  const ours = new Set(
    inspection.instances
      .filter((each) => each.namespace === namespace && each.owner.name === owner.name)
      .map(({ container }) => container),
  );
  // The pod is named once, whatever the number of its controllers.
  if ([...ours].toSorted()[0] !== instance.container) return [];
  const [worst = []] = runs.map((run) => strangers(run, ours)).toSorted((a, b) => b.length - a.length);
  const [first, ...others] = worst;
  if (!first) return [];
  const names = worst.map(({ container }) => `${excerpt(container.name, 60)} (${excerpt(container.image, 120)})`);
  const evidence = [first.evidence, ...others.map((each) => each.evidence)] as const;
  const title = `The pod of ${component} ${namespace}/${owner.name}`;
  if (worst.every(({ mesh }) => mesh)) {
    const message =
      `${title} has containers of a service mesh: ${names.join(', ')}. They share the network of the controller. ` +
      'Keep the namespace of Flux out of the mesh, unless the mesh is meant to protect it.';
    return [warn(subjectOfInstance(instance, 'containers'), 'MESH_CONTAINER', message, { severity: 'low', evidence })];
  }
  const message =
    `${title} has containers that are none of Flux: ${names.join(', ')}. They share the network of the controller and may use its account, with all its rights. ` +
    'Remove them, or find out what adds them to the pod.';
  return [fail(subjectOfInstance(instance, 'containers'), 'EXTRA_CONTAINER', message, { evidence })];
}

function hardeningFixes(instance: ControllerInstance, inspection: Inspection): readonly Fix[] {
  if (instance.owner.kind !== 'Deployment') return [];
  const target = fixTarget(instance, inspection);
  const patch = stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: instance.owner.name },
    spec: { template: { spec: { containers: [{ name: instance.container, securityContext: HARDENED }] } } },
  });
  const title = `Confine the container again (installed by ${describeInstall(target.install)})`;
  const patches = [{ target: { kind: 'Deployment', name: instance.owner.name }, patch }];
  if (target.install.method === 'fluxOperator') {
    const content = stringify({
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: { name: target.install.instance?.name ?? 'flux', namespace: instance.namespace },
      spec: { kustomize: { patches } },
    });
    return [{ form: 'fluxOperatorPatch', title, content }];
  }
  return [{ form: 'kustomizePatch', title, content: stringify({ patches }) }];
}
