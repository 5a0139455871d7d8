import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { suspendedObjects as control } from './x-12-suspended-objects.js';

const judges = tableOf(control);
const GROUPS: Readonly<Record<string, string>> = {
  Kustomization: 'kustomize.toolkit.fluxcd.io/v1',
  HelmRelease: 'helm.toolkit.fluxcd.io/v2',
  GitRepository: 'source.toolkit.fluxcd.io/v1',
  Bucket: 'source.toolkit.fluxcd.io/v1',
  Alert: 'notification.toolkit.fluxcd.io/v1beta3',
  Provider: 'notification.toolkit.fluxcd.io/v1beta3',
  Receiver: 'notification.toolkit.fluxcd.io/v1',
  ImageRepository: 'image.toolkit.fluxcd.io/v1',
  ImagePolicy: 'image.toolkit.fluxcd.io/v1',
  ImageUpdateAutomation: 'image.toolkit.fluxcd.io/v1',
  ArtifactGenerator: 'source.extensions.fluxcd.io/v1beta1',
  FluxInstance: 'fluxcd.controlplane.io/v1',
  ResourceSet: 'fluxcd.controlplane.io/v1',
};
const flux = (kind: string, spec: object = { suspend: true }, metadata: object = {}) => ({
  apiVersion: GROUPS[kind],
  kind,
  metadata: { name: 'app', namespace: 'apps', ...metadata },
  spec,
});
const K = 'Kustomization/apps/app';
const seen = (hours: number, kind = 'Kustomization', how = 'suspended') => ({
  sightings: {
    [`FLUX-X-12/suspended/${kind}/apps/app/${how}`]: new Date(
      Date.parse('2026-11-01T12:00:00Z') - hours * 3_600_000,
    ).toISOString(),
  },
});
const annotated = (annotations: Record<string, string>, spec: object = {}) =>
  flux('Kustomization', spec, { annotations });
const REASON = { 'plimsoll/suspend-reason': 'moving the database' };

describe('suspended objects', () => {
  judges([
    ['no objects', [], 'notApplicable NO_FLUX_OBJECTS'],
    [
      'none',
      [flux('Kustomization', {}), flux('HelmRelease', { suspend: false })],
      'pass NOTHING_SUSPENDED',
      { message: /2 objects/ },
    ],
    [
      'seen for the first time',
      [flux('Kustomization')],
      'warn SUSPENDED',
      { severity: 'low', verdicts: [`warn SUSPENDED ${K}`] },
    ],
    ['for a while', [flux('Kustomization')], 'warn SUSPENDED', seen(23)],
    [
      'for longer than a day',
      [flux('Kustomization')],
      'fail SUSPENDED',
      { ...seen(25), severity: 'medium', verdicts: [`fail SUSPENDED ${K}`], message: /at least 25 h/ },
    ],
    [
      'for longer than the cluster tolerates',
      [flux('Kustomization')],
      'fail SUSPENDED',
      { ...seen(3), registration: { suspendGraceHours: 2 } },
    ],
    [
      'for less than the cluster tolerates',
      [flux('Kustomization')],
      'warn SUSPENDED',
      { ...seen(25), registration: { suspendGraceHours: 72 } },
    ],
    [
      'with a reason',
      [flux('Kustomization', { suspend: true }, { annotations: REASON })],
      'pass SUSPENDED_WITH_REASON',
      { ...seen(900), message: /"moving the database"/ },
    ],
    [
      'with an empty reason',
      [flux('Kustomization', { suspend: true }, { annotations: { 'plimsoll/suspend-reason': ' ' } })],
      'fail SUSPENDED',
      seen(25),
    ],
    [
      'since it was made',
      [flux('Kustomization', { suspend: true }, { generation: 1, creationTimestamp: '2026-10-01T00:00:00Z' })],
      'fail SUSPENDED',
    ],
    [
      'made long ago, and changed',
      [flux('Kustomization', { suspend: true }, { generation: 2, creationTimestamp: '2026-10-01T00:00:00Z' })],
      'warn SUSPENDED',
    ],
    [
      'not changed for days',
      [
        flux(
          'Kustomization',
          { suspend: true },
          {
            managedFields: [
              { manager: 'flux', time: '2026-10-28T00:00:00Z' },
              { manager: 'kustomize-controller', subresource: 'status', time: '2026-11-01T11:00:00Z' },
            ],
          },
        ),
      ],
      'fail SUSPENDED',
    ],
    [
      'changed lately',
      [
        flux(
          'Kustomization',
          { suspend: true },
          {
            managedFields: [
              { manager: 'flux', time: '2026-10-28T00:00:00Z' },
              { manager: 'kubectl', time: '2026-11-01T11:00:00Z' },
            ],
          },
        ),
      ],
      'warn SUSPENDED',
    ],
    [
      'changed at a time that is not known',
      [
        flux(
          'Kustomization',
          { suspend: true },
          { managedFields: [{ manager: 'flux', time: '2026-10-28T00:00:00Z' }, { manager: 'kubectl' }] },
        ),
      ],
      'warn SUSPENDED',
    ],
    [
      'sighted under another name',
      [flux('Kustomization')],
      'warn SUSPENDED',
      { sightings: { 'FLUX-X-12/suspended/Kustomization/apps/other/suspended': '2026-01-01T00:00:00Z' } },
    ],
  ]);

  it.each(Object.keys(GROUPS).filter((kind) => kind !== 'FluxInstance' && kind !== 'ResourceSet'))(
    'sees a suspended %s',
    (kind) => {
      const result = judge(control, [flux(kind)], seen(25, kind));
      expect(result.observations).toMatchObject([{ outcome: 'fail', reason: 'SUSPENDED', subject: { kind } }]);
    },
  );
});

describe('annotations', () => {
  judges([
    [
      'on a Kustomization',
      [annotated({ 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' })],
      'fail SUSPENDED',
      { ...seen(25, 'Kustomization', 'disabled'), message: /changes of it in Git are not applied/ },
    ],
    ['in another case', [annotated({ 'kustomize.toolkit.fluxcd.io/Reconcile': 'Disabled' })], 'warn SUSPENDED'],
    ['another value', [annotated({ 'kustomize.toolkit.fluxcd.io/reconcile': 'enabled' })], 'pass NOTHING_SUSPENDED'],
    [
      'with a reason',
      [annotated({ 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled', ...REASON })],
      'pass SUSPENDED_WITH_REASON',
    ],
    [
      'of the Flux Operator',
      [flux('FluxInstance', {}, { annotations: { 'fluxcd.controlplane.io/reconcile': 'disabled' } })],
      'fail SUSPENDED',
      { ...seen(25, 'FluxInstance', 'disabled'), message: /Flux Operator leaves it alone/ },
    ],
    [
      'the age of a suspension is not that of an annotation',
      [annotated({ 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' })],
      'warn SUSPENDED',
      seen(25),
    ],
  ]);
});

describe('what could not be read', () => {
  const forbidden = { unavailable: { alerts: 'forbidden' } } as const;
  judges([
    ['Kustomizations', [], 'notEvaluated RBAC_DENIED_READ', { unavailable: { kustomizations: 'forbidden' } }],
    ['Alerts', [flux('Kustomization', {})], 'notEvaluated RBAC_DENIED_READ', forbidden],
    ['Alerts, and something is suspended', [flux('Kustomization')], 'fail SUSPENDED', { ...forbidden, ...seen(25) }],
    [
      'Buckets',
      [flux('Kustomization', {})],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { Bucket: 'forbidden' } },
    ],
  ]);

  it('remembers what it cannot look at now', () => {
    const { sightings } = seen(25, 'Alert');
    expect(judge(control, [], { ...forbidden, sightings }).sightings).toEqual(Object.keys(sightings));
    expect(judge(control, [flux('Alert', {})], { sightings }).sightings).toEqual([]);
  });
});

it('reports what it sees, and how to resume it', () => {
  const result = judge(control, [flux('Kustomization')]);
  expect(result.sightings).toEqual(['FLUX-X-12/suspended/Kustomization/apps/app/suspended']);
  expect(result.observations[0]?.fixes?.[0]?.content).toContain(
    `kubectl patch kustomization.kustomize.toolkit.fluxcd.io app --namespace apps --type=merge -p '{"spec":{"suspend":false}}'`,
  );
});
