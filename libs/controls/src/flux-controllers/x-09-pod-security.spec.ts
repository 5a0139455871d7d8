import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { controller, namespace } from '../../../../test/support/flux-installation.js';
import { podSecurity as control } from './x-09-pod-security.js';

const judges = tableOf(control);
const HARDENED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  seccompProfile: { type: 'RuntimeDefault' },
};
const NAMESPACE = namespace('flux-system', { 'pod-security.kubernetes.io/enforce': 'restricted' });

/** helm-controller with this securityContext, and more in the spec of its pods. */
function helm(securityContext: object | null, more: object = {}, extra: readonly object[] = []): object[] {
  const edit = (key: string, value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if ('containers' in value) return { ...value, ...more };
    if (key === 'containers') {
      const [first] = value as object[];
      return [{ ...first, ...(securityContext && { securityContext }) }, ...extra];
    }
    return value;
  };
  const objects = controller('helm-controller', []);
  return [NAMESPACE, ...objects.map((object) => JSON.parse(JSON.stringify(object), edit) as object)];
}
const H = 'Deployment/flux-system/helm-controller manager';
const without = (name: keyof typeof HARDENED) => ({ ...HARDENED, [name]: undefined });

describe('containers', () => {
  judges([
    ['no Flux', [], 'notApplicable NO_CONTROLLER'],
    [
      'as upstream ships it',
      helm(HARDENED),
      'pass RESTRICTED',
      {
        verdicts: ['pass RESTRICTED Namespace/flux-system', `pass HARDENED ${H}`],
      },
    ],
    [
      'nothing set',
      helm(null),
      'fail NOT_HARDENED',
      {
        severity: 'medium',
        message:
          /may run as root, may gain privileges, keeps capabilities, can write to its image, may make every system call/,
      },
    ],
    [
      'root',
      helm(without('runAsNonRoot')),
      'fail NOT_HARDENED',
      { message: /manager of helm-controller flux-system\/helm-controller may run as root\./ },
    ],
    [
      'not root, by the pod',
      helm(without('runAsNonRoot'), { securityContext: { runAsNonRoot: true } }),
      'pass RESTRICTED',
    ],
    [
      'root, though the pod says not',
      helm({ ...HARDENED, runAsNonRoot: false }, { securityContext: { runAsNonRoot: true } }),
      'fail NOT_HARDENED',
    ],
    ['the user root', helm({ ...HARDENED, runAsUser: 0 }), 'fail NOT_HARDENED'],
    ['privileges', helm(without('allowPrivilegeEscalation')), 'fail NOT_HARDENED', { message: /may gain privileges/ }],
    [
      'capabilities kept',
      helm({ ...HARDENED, capabilities: { drop: ['NET_RAW'] } }),
      'fail NOT_HARDENED',
      { message: /keeps capabilities/ },
    ],
    [
      'capabilities dropped in small letters',
      helm({ ...HARDENED, capabilities: { drop: ['all'] } }),
      'pass RESTRICTED',
    ],
    [
      'capabilities added',
      helm({ ...HARDENED, capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }),
      'fail NOT_HARDENED',
      { message: /SYS_ADMIN/ },
    ],
    [
      'the one capability that is harmless',
      helm({ ...HARDENED, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }),
      'pass RESTRICTED',
    ],
    [
      'a file system that can be written',
      helm(without('readOnlyRootFilesystem')),
      'fail NOT_HARDENED',
      { message: /can write/ },
    ],
    ['no seccomp profile', helm(without('seccompProfile')), 'fail NOT_HARDENED', { message: /system call/ }],
    [
      'a seccomp profile of the pod',
      helm(without('seccompProfile'), { securityContext: { seccompProfile: { type: 'Localhost' } } }),
      'pass RESTRICTED',
    ],
    ['an unconfined profile', helm({ ...HARDENED, seccompProfile: { type: 'Unconfined' } }), 'fail NOT_HARDENED'],
    ['privileged', helm({ ...HARDENED, privileged: true }), 'fail NOT_HARDENED', { message: /is privileged/ }],
    [
      'settings that are no settings',
      helm({ capabilities: 'ALL', seccompProfile: [], runAsNonRoot: 'true' }),
      'fail NOT_HARDENED',
    ],
  ]);
});

describe('pods', () => {
  judges([
    [
      'on the network of the node',
      helm(HARDENED, { hostNetwork: true }),
      'fail HOST_ACCESS',
      { verdicts: [`fail HOST_ACCESS ${H}`, 'pass RESTRICTED Namespace/flux-system'] },
    ],
    [
      'with a path of the node',
      helm(HARDENED, { hostPaths: ['/var/run'] }),
      'fail HOST_ACCESS',
      { message: /\/var\/run/ },
    ],
    [
      'with another container',
      helm(HARDENED, {}, [{ name: 'debug', image: 'busybox' }]),
      'fail EXTRA_CONTAINER',
      { message: /debug \(busybox\)/ },
    ],
    [
      'with another init container',
      helm(HARDENED, { initContainers: [{ name: 'init', image: 'busybox' }] }),
      'fail EXTRA_CONTAINER',
    ],
    [
      'in a mesh',
      helm(HARDENED, { initContainers: [{ name: 'istio-init', image: 'istio' }] }, [
        { name: 'istio-proxy', image: 'istio' },
      ]),
      'warn MESH_CONTAINER',
      { severity: 'low' },
    ],
    [
      'in a mesh, with another container',
      helm(HARDENED, {}, [
        { name: 'istio-proxy', image: 'istio' },
        { name: 'x', image: 'x' },
      ]),
      'fail EXTRA_CONTAINER',
    ],
    [
      'with two controllers',
      helm(HARDENED, {}, [
        { name: 'source', image: 'ghcr.io/fluxcd/source-controller:v1.9.4', securityContext: HARDENED },
      ]),
      'pass RESTRICTED',
    ],
  ]);
});

describe('namespaces', () => {
  const labelled = (labels: Record<string, string>) => [namespace('flux-system', labels), ...helm(HARDENED).slice(1)];
  judges([
    [
      'warns only, as upstream labels it',
      labelled({ 'pod-security.kubernetes.io/warn': 'restricted' }),
      'warn NOT_ENFORCED',
      { severity: 'low' },
    ],
    [
      'baseline',
      labelled({ 'pod-security.kubernetes.io/enforce': 'baseline' }),
      'warn NOT_ENFORCED',
      { message: /"baseline"/ },
    ],
    ['not in the list', helm(HARDENED).slice(1), 'notEvaluated NAMESPACE_MISSING'],
    ['unreadable', helm(HARDENED), 'notEvaluated RBAC_DENIED_READ', { unavailable: { namespaces: 'forbidden' } }],
    ['pods unreadable', helm(HARDENED), 'notEvaluated RBAC_DENIED_READ', { unavailable: { pods: 'forbidden' } }],
  ]);
});

it('asks for no seccomp profile on OpenShift, which gives one', () => {
  const [, deployment, pod] = helm(without('seccompProfile'));
  const evaluate = (resources: readonly string[]) =>
    control.evaluate(
      {
        registration: { name: 'x' },
        deployments: [deployment],
        pods: [pod],
        namespaces: [NAMESPACE],
        discovery: { serverVersion: 'v1.36.3', resources, stale: [] },
        ...Object.fromEntries(control.optional.map((name) => [name, { state: 'collected', value: [] }])),
        configMaps: { state: 'collected', value: {} },
      },
      { now: 0 },
    )[0];
  expect(evaluate(['security.openshift.io/v1/securitycontextconstraints'])).toMatchObject({ outcome: 'pass' });
  expect(evaluate([])).toMatchObject({ outcome: 'fail' });
});

it('gives a patch with the name of the Deployment', () => {
  const [found] = judge(control, helm(null)).observations;
  expect(found?.evidence).toHaveLength(5);
  expect(found?.evidence[0]).toMatchObject({ pointer: '/spec/containers/0/securityContext', observed: null });
  expect(found?.fixes?.[0]?.content).toMatch(/name: helm-controller[^]*readOnlyRootFilesystem: true/);
});
