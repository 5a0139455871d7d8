import { describe, expect, it } from 'vitest';
import type { Component } from '#libs/flux';
import { clusterPolicy, kyvernoWebhook, nativePolicy } from '../../../../test/support/admission-policies.js';
import { type ControlCase, itJudges, judge, tableOf } from '../../../../test/support/expect-control.js';
import {
  type ControllerOptions,
  SHARED,
  controller,
  fluxObject,
  namespace,
} from '../../../../test/support/flux-installation.js';
import { tenantBoundaryCases } from '../../../../test/support/tenant-boundary-cases.js';
import { unrecognisedCases } from '../../../../test/support/unrecognised-cases.js';
import { crossNamespaceRefs as control } from './mt-01-cross-namespace-refs.js';

const ON = ['--no-cross-namespace-refs=true'];
const FIVE: readonly Component[] = [
  'kustomize-controller',
  'helm-controller',
  'notification-controller',
  'image-reflector-controller',
  'image-automation-controller',
];
const shared = { registration: SHARED };

/** All five with the flag, but for what is given. */
function installation(
  differences: Partial<Record<Component, readonly string[] | null>> = {},
  options?: ControllerOptions,
): object[] {
  return FIVE.flatMap((component) => {
    const args = differences[component] === undefined ? ON : differences[component];
    return args === null ? [] : controller(component, args, options);
  });
}

const subject = (component: string) => `Deployment/flux-system/${component} manager`;
const labelled = [
  namespace('flux-system'),
  namespace('a', { 'toolkit.fluxcd.io/tenant': 'team-a' }),
  namespace('b', { 'toolkit.fluxcd.io/tenant': 'team-b' }),
];

const CASES: readonly ControlCase[] = [
  {
    state: 'all five have it',
    input: installation(),
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
    verdicts: FIVE.toSorted().map((component) => `pass FLAG_SET ${subject(component)}`),
  },
  {
    state: 'not on a shard of kustomize-controller',
    input: [...installation(), ...controller('kustomize-controller', [], { name: 'kustomize-controller-shard1' })],
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
  },
  {
    state: 'not on notification-controller',
    input: installation({ 'notification-controller': [] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'high',
  },
  {
    state: 'image controllers are not installed',
    input: installation({ 'image-reflector-controller': null, 'image-automation-controller': null }),
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
  },
  {
    state: 'source-controller has it too, and does not start',
    input: [...installation(), ...controller('source-controller', ON, { state: 'crashLoop' })],
    options: shared,
    outcome: 'warn',
    reason: 'CONTROLLER_NOT_RUNNING',
    verdicts: [
      `warn CONTROLLER_NOT_RUNNING ${subject('source-controller')} no-cross-namespace-refs`,
      ...FIVE.toSorted().map((component) => `pass FLAG_SET ${subject(component)}`),
    ],
  },
  {
    state: 'a dedicated cluster with two tenants',
    input: installation({ 'kustomize-controller': [] }),
    options: { registration: { ...SHARED, tenancy: 'dedicated' } },
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
  },
  {
    state: 'not on source-watcher',
    input: [...installation(), ...controller('source-watcher', [])],
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'high',
  },
  {
    state: 'not on image-reflector-controller',
    input: installation({ 'image-reflector-controller': [] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'medium',
  },
  {
    state: 'the Azure extension, read from the arguments',
    input: controller('helm-controller', ON, { image: 'mcr.microsoft.com/oss/v2/fluxcd/helm-controller:v1.6.3' }),
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
    message: /installed by the Azure extension/,
  },
  {
    state: 'explicitly off',
    input: installation({ 'helm-controller': ['--no-cross-namespace-refs=false'] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_FALSE',
    severity: 'critical',
  },
  {
    state: 'a version before the flag',
    input: controller('helm-controller', ON, { image: 'ghcr.io/fluxcd/helm-controller:v0.15.0' }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_UNSUPPORTED_UPGRADE',
  },
  {
    state: "absent on a controller that watches its own namespace only, which is no tenant's",
    input: installation({ 'helm-controller': ['--watch-all-namespaces=false'] }),
    options: shared,
    outcome: 'warn',
    reason: 'NAMESPACE_SCOPED',
  },
  {
    state: 'absent on a controller that watches the namespace of a tenant only',
    input: controller('helm-controller', ['--watch-all-namespaces=false'], { namespace: 'team-a' }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
  },
  {
    state: 'no controller at all',
    input: [],
    options: shared,
    outcome: 'notApplicable',
    reason: 'NO_CONTROLLER',
  },
  {
    state: 'only source-controller',
    input: controller('source-controller', []),
    options: shared,
    outcome: 'notApplicable',
    reason: 'NO_CONTROLLER',
  },
];

const UNRECOGNISED: readonly ControlCase[] = [
  {
    state: 'helm-controller is set, kustomize-controller is not recognised',
    input: [
      ...controller('helm-controller', ON),
      fluxObject('Kustomization', 'a/b', {}, { status: { observedGeneration: 1 } }),
    ],
    options: shared,
    outcome: 'notEvaluated',
    reason: 'CONTROLLER_UNRECOGNISED',
    verdicts: [
      'notEvaluated CONTROLLER_UNRECOGNISED Cluster/cluster kustomize-controller',
      `pass FLAG_SET ${subject('helm-controller')}`,
    ],
  },
  {
    state: 'none is recognised, but the registry knows of one team only',
    input: [fluxObject('Kustomization', 'a/b', {}, { status: { observedGeneration: 1 } })],
    options: { registration: { role: 'management', tenancy: 'dedicated' } },
    outcome: 'notApplicable',
    reason: 'NO_TENANT_BOUNDARY',
  },
  ...unrecognisedCases('kustomize-controller'),
  ...unrecognisedCases('helm-controller'),
];

const ROLES: readonly ControlCase[] = [
  ...tenantBoundaryCases({ closed: installation(), open: installation({ 'kustomize-controller': [] }) }),
  {
    state: 'nothing stated, two tenants seen, all is set',
    input: [...installation(), ...labelled],
    outcome: 'warn',
    reason: 'TENANTS_INFERRED',
    message: /team-a, team-b/,
  },
  {
    state: 'nothing stated, two tenants seen, the flag is absent',
    input: [...installation({ 'helm-controller': [] }), ...labelled],
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
  },
  {
    state: 'a management cluster for tenants',
    input: installation({ 'helm-controller': [] }),
    options: { registration: { ...SHARED, role: 'management' } },
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
  },
];

describe('FLUX-MT-01 beside admission', () => {
  const own = (path: string) =>
    `!has(object.spec.${path}.namespace) || object.spec.${path}.namespace == object.metadata.namespace`;
  const kustomize = installation({ 'kustomize-controller': [] });
  const notification = installation({ 'notification-controller': [] });
  const all = (list: string) =>
    `object.spec.${list}.all(r, !has(r.namespace) || r.namespace == object.metadata.namespace)`;
  const denied = {
    deny: {
      conditions: [
        {
          key: '{{request.object.spec.sourceRef.namespace}}',
          operator: 'NotEquals',
          value: '{{request.object.metadata.namespace}}',
        },
      ],
    },
  };
  tableOf(control)([
    [
      'a policy refuses sources elsewhere',
      [...kustomize, ...nativePolicy(own('sourceRef'), ['kustomizations'])],
      'warn COMPENSATED',
      { ...shared, severity: 'medium' },
    ],
    [
      'Kyverno does',
      [...kustomize, kyvernoWebhook(), clusterPolicy(['Kustomization'], denied)],
      'warn COMPENSATED',
      shared,
    ],
    [
      'Kyverno reports them',
      [...kustomize, kyvernoWebhook(), clusterPolicy(['Kustomization'], denied, { action: 'Audit' })],
      'fail FLAG_ABSENT',
      shared,
    ],
    [
      'a policy refuses those of another kind',
      [...kustomize, ...nativePolicy(own('sourceRef'), ['imageupdateautomations'])],
      'fail FLAG_ABSENT',
      { ...shared, message: /(?!.*COMPENSATED)/ },
    ],
    [
      'events are kept apart, webhooks are not',
      [...notification, ...nativePolicy(all('eventSources'), ['alerts'])],
      'fail FLAG_ABSENT',
      { ...shared, severity: 'high' },
    ],
    [
      'events and webhooks are kept apart',
      [
        ...notification,
        ...nativePolicy(all('eventSources'), ['alerts']),
        ...nativePolicy(all('resources'), ['receivers'], { name: 'webhooks' }),
      ],
      'warn COMPENSATED',
      { ...shared, message: /Alerts that refer to another namespace and Receivers that refer/ },
    ],
  ]);

  it('is not surer than the tenants are known', () => {
    const result = judge(control, [...kustomize, ...labelled, ...nativePolicy(own('sourceRef'), ['kustomizations'])]);
    expect(result.observations.find(({ reason }) => reason === 'COMPENSATED')?.confidence).toBe('heuristic');
  });

  it('tells which events and images the flag will refuse', () => {
    const alert = {
      apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
      kind: 'Alert',
      metadata: { name: 'all', namespace: 'team-a' },
      spec: { eventSources: [{ kind: 'Kustomization', name: '*', namespace: 'team-b' }] },
    };
    expect(judge(control, [...kustomize, alert], shared).message).toContain(
      'It will refuse what these refer to in another namespace: Alert team-a/all.',
    );
  });
});

describe('FLUX-MT-01', () => {
  itJudges(control, [...CASES, ...UNRECOGNISED]);
  itJudges(control, ROLES);

  it('says which permission would tell the role', () => {
    const result = judge(control, installation(), { unavailable: { namespaces: 'forbidden' } });
    expect(result).toMatchObject({
      cause: 'forbidden',
      missing: [{ verb: 'list', group: '', resource: 'namespaces' }],
    });
  });

  it('is no surer than the tenants are known', () => {
    const confidence = (input: object[], options?: Parameters<typeof judge>[2]) =>
      judge(control, input, options).observations.find(({ outcome }) => outcome === 'fail')?.confidence;
    const input = installation({ 'helm-controller': [] });
    expect(confidence(input, shared)).toBe('proven');
    expect(confidence([...input, ...labelled])).toBe('heuristic');
  });

  it('tells what the flag will stop', () => {
    const sourceRef = { kind: 'HelmRepository', name: 'charts', namespace: 'flux-system' };
    const input = [
      ...installation({ 'helm-controller': [] }),
      fluxObject('HelmRelease', 'team-a/app', { chart: { spec: { sourceRef } } }),
      fluxObject('HelmRelease', 'team-a/other', {
        chartRef: { kind: 'OCIRepository', name: 'x', namespace: 'team-a' },
      }),
      fluxObject('Kustomization', 'team-b/app', { sourceRef: { ...sourceRef, kind: 'GitRepository' } }),
      fluxObject('Kustomization', 'team-b/own', { sourceRef: { kind: 'GitRepository', name: 'own' } }),
    ];
    expect(judge(control, input, shared).message).toContain(
      'It will stop what takes its source from another namespace: HelmRelease team-a/app, Kustomization team-b/app.',
    );
  });

  it.each([
    [
      'helmValues',
      { 'helm.sh/chart': 'flux2-2.18.3' },
      'multitenancy:\n  enabled: true\n  defaultServiceAccount: default\n',
    ],
    ['fluxOperatorPatch', { 'app.kubernetes.io/managed-by': 'flux-operator' }, 'multitenant: true'],
    ['kustomizePatch', {}, 'value: --no-cross-namespace-refs=true'],
  ])('offers %s', (form, labels, content) => {
    const [observation] = judge(control, controller('helm-controller', [], { labels }), shared).observations;
    expect(observation?.fixes).toHaveLength(1);
    expect(observation?.fixes?.[0]).toMatchObject({ form, content: expect.stringContaining(content) as unknown });
  });
});
