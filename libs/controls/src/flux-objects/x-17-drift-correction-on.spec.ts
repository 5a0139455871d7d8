import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { driftCorrectionOn as control } from './x-17-drift-correction-on.js';

const judges = tableOf(control);
const PREFIX = 'kustomize.toolkit.fluxcd.io';
const APPLIED = { [`${PREFIX}/name`]: 'access', [`${PREFIX}/namespace`]: 'flux-system' };
const role = (annotations: object, labels: object = APPLIED) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name: 'platform', labels, annotations },
  rules: [],
});
const other = (apiVersion: string, kind: string, namespace: string | undefined, mark: object) => ({
  apiVersion,
  kind,
  metadata: { name: 'x', namespace, labels: APPLIED, annotations: mark },
  ...(kind.endsWith('Configuration') ? { webhooks: [] } : { spec: {} }),
});
const OFF = { [`${PREFIX}/reconcile`]: 'disabled' };
const TENANT = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'shared',
  tenants: [{ name: 'a', namespaces: { names: ['a'] } }],
};

describe('marks', () => {
  judges([
    ['none', [role({})], 'pass CORRECTION_ON'],
    ['reconcile: disabled', [role(OFF)], 'fail CORRECTION_OFF'],
    ['in another case', [role({ [`${PREFIX}/Reconcile`]: 'DISABLED' })], 'fail CORRECTION_OFF'],
    ['as a label', [role({}, { ...APPLIED, ...OFF })], 'fail CORRECTION_OFF'],
    ['ssa: Ignore', [role({ [`${PREFIX}/ssa`]: 'Ignore' })], 'fail CORRECTION_OFF'],
    ['ssa: Merge', [role({ [`${PREFIX}/ssa`]: 'Merge' })], 'warn CORRECTION_PARTIAL'],
    [
      'ssa: IfNotPresent has no effect on what is there',
      [role({ [`${PREFIX}/ssa`]: 'IfNotPresent' })],
      'pass CORRECTION_ON',
    ],
    ['ssa: Override is the default', [role({ [`${PREFIX}/ssa`]: 'Override' })], 'pass CORRECTION_ON'],
    ['prune: disabled', [role({ [`${PREFIX}/prune`]: 'Disabled' })], 'warn PRUNE_OFF'],
    [
      'the worst of several',
      [role({ [`${PREFIX}/prune`]: 'disabled', ...OFF })],
      'fail CORRECTION_OFF',
      { message: /reconcile: disabled,? ?so Flux/ },
    ],
    ['marks of others', [role({ 'helm.toolkit.fluxcd.io/reconcile': 'disabled' })], 'pass CORRECTION_ON'],
  ]);
});

describe('objects', () => {
  judges([
    ['not applied by Flux', [role(OFF, {})], 'notApplicable NOT_APPLIED_BY_FLUX'],
    [
      'a webhook configuration',
      [other('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', undefined, OFF)],
      'fail CORRECTION_OFF',
    ],
    [
      'a Kustomization of the platform',
      [other('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'flux-system', OFF)],
      'fail CORRECTION_OFF',
    ],
    ['a source', [other('source.toolkit.fluxcd.io/v1', 'GitRepository', 'flux-system', OFF)], 'fail CORRECTION_OFF'],
    [
      'a service account of a tenant',
      [TENANT, other('v1', 'ServiceAccount', 'a', OFF), role({})],
      'pass CORRECTION_ON',
    ],
    ['the namespace of a tenant', [TENANT, other('v1', 'Namespace', undefined, OFF)], 'fail CORRECTION_OFF'],
    ['on a standalone cluster too', [{ kind: 'Registration', role: 'standalone' }, role(OFF)], 'fail CORRECTION_OFF'],
  ]);
});

describe('what cannot be read', () => {
  judges([
    ['RBAC', [role({})], 'notEvaluated RBAC_DENIED_READ', { unavailable: { rbac: 'forbidden' } }],
    ['namespaces', [role({})], 'notEvaluated RBAC_DENIED_READ', { unavailable: { namespaces: 'forbidden' } }],
    [
      'one kind of sources',
      [role({})],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { Bucket: 'forbidden' } },
    ],
    [
      'namespaces, and a mark elsewhere',
      [role(OFF)],
      'fail CORRECTION_OFF',
      { unavailable: { namespaces: 'forbidden' } },
    ],
  ]);
});

it('says how to remove the mark', () => {
  const [found] = judge(control, [role({ [`${PREFIX}/ssa`]: 'Ignore' }, { ...APPLIED, ...OFF })]).observations;
  expect(found?.fixes?.[0]?.content).toBe(
    `kubectl annotate clusterrole platform ${PREFIX}/ssa-\nkubectl label clusterrole platform ${PREFIX}/reconcile-`,
  );
  expect(found?.evidence[0]?.pointer).toBe(`/metadata/annotations/${PREFIX}~1ssa`);
});
