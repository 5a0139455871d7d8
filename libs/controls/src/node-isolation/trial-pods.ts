import type { JsonObject, Probe, ProbeIdentity, RuntimeClass, Taint } from '#libs/core';

/** Runs nothing by itself; the platform can name the one that its image policies allow. */
export const PAUSE_IMAGE = 'registry.k8s.io/pause:3.10';

/** Each differs from the control in one thing. */
export interface PodVariant {
  /** Unique; a part of the key of its dry-run. */
  readonly id: string;
  /** For people, after "pods with". */
  readonly title: string;
  /** `grave`: no tenant may have it. `minor`: the standard baseline refuses it. `noted`: allowed by design in a user namespace. */
  readonly weight: 'grave' | 'minor' | 'noted';
  readonly pod: JsonObject;
  readonly container: JsonObject;
}

const context = (changes: JsonObject): JsonObject => ({ securityContext: { ...CONFINED, ...changes } });

/** What the level restricted of the Pod Security Standards asks for. */
const CONFINED: JsonObject = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 65_535,
  seccompProfile: { type: 'RuntimeDefault' },
};

const variant = (
  id: string,
  title: string,
  { pod = {}, container = {}, weight = 'grave' }: Partial<Omit<PodVariant, 'id' | 'title'>>,
): PodVariant => ({ id, title, weight, pod, container });

// The API server refuses a privileged container that may not escalate, before any policy sees it.
const PRIVILEGED = context({ privileged: true, allowPrivilegeEscalation: true });

const VARIANTS: readonly PodVariant[] = [
  variant('privileged', 'privileged containers', { container: PRIVILEGED }),
  variant('hostPID', 'the process ids of the node (hostPID)', { pod: { hostPID: true } }),
  variant('hostIPC', 'the IPC of the node (hostIPC)', { pod: { hostIPC: true } }),
  variant('hostNetwork', 'the network of the node (hostNetwork)', { pod: { hostNetwork: true } }),
  variant('hostPath', 'paths of the node (hostPath)', {
    pod: { volumes: [{ name: 'node', hostPath: { path: '/' } }] },
  }),
  variant('SYS_ADMIN', 'the capability SYS_ADMIN', {
    container: context({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }),
  }),
  variant('hostPort', 'ports of the node (hostPort)', {
    weight: 'minor',
    container: { ports: [{ containerPort: 8_080, hostPort: 8_080 }] },
  }),
  variant('seccomp', 'seccomp switched off', {
    weight: 'minor',
    container: context({ seccompProfile: { type: 'Unconfined' } }),
  }),
  // Without a user namespace the API server refuses it, before any policy sees it.
  variant('procMount', 'an unmasked /proc', {
    weight: 'noted',
    pod: { hostUsers: false },
    container: context({ procMount: 'Unmasked' }),
  }),
];

/** A cluster with more runtime classes than this is not tried with each. */
export const MAX_RUNTIME_CLASSES = 5;

/** Pods that a namespace of a tenant should not let in; also privileged ones with runtime classes, which can be exempt. */
export function podVariants(runtimeClasses: readonly RuntimeClass[]): readonly PodVariant[] {
  const exempt = runtimeClasses.slice(0, MAX_RUNTIME_CLASSES).map(({ metadata: { name } }) =>
    variant(`privileged with RuntimeClass ${name}`, `privileged containers of the runtime class ${name}`, {
      pod: { runtimeClassName: name },
      container: PRIVILEGED,
    }),
  );
  return [...VARIANTS, ...exempt];
}

/** The pod itself, which the level restricted lets in: a refusal of another one proves something only if this one is let in. */
export const CONTROL_POD = variant('control pod', 'nothing special', {});

/** The control with a runtime class. */
export function classedPod(runtimeClassName: string): PodVariant {
  return variant(`pod of RuntimeClass ${runtimeClassName}`, `the runtime class ${runtimeClassName}`, {
    pod: { runtimeClassName },
  });
}

/** The control, put on a node by name. */
export function boundPod(nodeName: string): PodVariant {
  return variant(`pod on node ${nodeName}`, `spec.nodeName ${nodeName}`, { pod: { nodeName } });
}

/** The control, with tolerations of these taints. */
export function toleratingPod(nodeName: string, taints: readonly Taint[]): PodVariant {
  const tolerations = taints.map(({ key, value, effect }) => ({
    key,
    effect,
    ...(value === undefined || value === '' ? { operator: 'Exists' } : { operator: 'Equal', value }),
  }));
  return variant(`pod tolerating node ${nodeName}`, `tolerations of the taints of ${nodeName}`, {
    pod: { tolerations },
  });
}

/** Under which key the answer is found. */
export function podProbeKey({ id }: PodVariant, namespace: string): string {
  return `${id} in ${namespace}`;
}

/** The creation of a pod, as a dry-run. Pods, for Pod Security Admission only warns about what makes pods. */
export function podProbe(
  tried: PodVariant,
  place: {
    readonly control: string;
    readonly namespace: string;
    readonly as: ProbeIdentity;
    readonly image: string;
    readonly show?: readonly string[];
  },
): Probe {
  const { control, namespace, as, image, show } = place;
  return {
    key: podProbeKey(tried, namespace),
    control,
    as,
    method: 'POST',
    target: { group: '', version: 'v1', resource: 'pods', namespace },
    body: {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'plimsoll-probe', namespace },
      spec: {
        automountServiceAccountToken: false,
        restartPolicy: 'Never',
        containers: [{ name: 'pause', image, resources: RESOURCES, ...context({}), ...tried.container }],
        ...tried.pod,
      },
    },
    what: `creates a pod with ${tried.title} in ${namespace}`,
    ...(show && { show }),
  };
}

/** Stated, for quotas ask for them; high enough for the lower limits of most namespaces. */
const AMOUNTS: JsonObject = { cpu: '100m', memory: '64Mi' };
const RESOURCES: JsonObject = { requests: AMOUNTS, limits: AMOUNTS };
