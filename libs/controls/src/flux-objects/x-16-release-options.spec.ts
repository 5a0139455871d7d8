import { describe } from 'vitest';
import { tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, fluxObject, namespace } from '../../../../test/support/flux-installation.js';
import { releaseOptions as control } from './x-16-release-options.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const HELM = controller('helm-controller', []);
const release = (spec: object, home = 'team-a') => [
  ...HELM,
  fluxObject('HelmRelease', `${home}/app`, { chartRef: { kind: 'OCIRepository', name: 'app' }, ...spec }),
];
const gates = (value: string) => controller('helm-controller', [`--feature-gates=${value}`]);
const R = 'HelmRelease/team-a/app';
const G = 'Deployment/flux-system/helm-controller manager AllowDNSLookups';
const ENABLED = { driftDetection: { mode: 'enabled' } };

describe('where tenants are', () => {
  judges([
    [
      'standalone',
      release({ upgrade: { force: true } }),
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
    ['no tenant seen', HELM, 'notApplicable NO_TENANT_BOUNDARY'],
    [
      'tenants not known',
      HELM,
      'notEvaluated TENANTS_UNDEFINED',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
    [
      'tenants not known, and the gate is on',
      gates('AllowDNSLookups=true'),
      'fail DNS_LOOKUPS',
      { registration: { role: 'tenant', tenancy: 'shared' } },
    ],
    ['nothing of Helm', [], 'notApplicable NO_RELEASE', shared],
  ]);
});

describe('the gate', () => {
  judges([
    ['off by default', HELM, 'pass DNS_LOOKUPS_OFF', { ...shared, verdicts: [`pass DNS_LOOKUPS_OFF ${G}`] }],
    [
      'on',
      gates('AllowDNSLookups=true'),
      'fail DNS_LOOKUPS',
      { ...shared, severity: 'medium', verdicts: [`fail DNS_LOOKUPS ${G}`] },
    ],
    ['on among others', gates('ExternalArtifact=true,AllowDNSLookups=1'), 'fail DNS_LOOKUPS', shared],
    ['off', gates('AllowDNSLookups=false'), 'pass DNS_LOOKUPS_OFF', shared],
    [
      'on in a pod that the template has left behind',
      controller('helm-controller', [], { podArgs: ['--feature-gates=AllowDNSLookups=true'] }),
      'fail DNS_LOOKUPS',
      shared,
    ],
    [
      'from a Secret',
      controller('helm-controller', ['--feature-gates=$(GATES)'], {
        env: [{ name: 'GATES', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      }),
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    [
      'scaled to zero',
      controller('helm-controller', ['--feature-gates=AllowDNSLookups=true'], { state: 'scaledToZero' }),
      'fail DNS_LOOKUPS',
      shared,
    ],
  ]);
});

describe('releases of tenants', () => {
  judges([
    [
      'at home',
      release({ targetNamespace: 'team-a', storageNamespace: 'team-a' }),
      'pass DNS_LOOKUPS_OFF',
      { ...shared, verdicts: [`pass DNS_LOOKUPS_OFF ${G}`, `pass OPTIONS_SOUND ${R}`] },
    ],
    [
      'into the namespace of another',
      release({ targetNamespace: 'team-b' }),
      'fail TARGET_OUTSIDE_TENANT',
      { ...shared, verdicts: [`fail TARGET_OUTSIDE_TENANT ${R}`, `pass DNS_LOOKUPS_OFF ${G}`] },
    ],
    ['with its state elsewhere', release({ storageNamespace: 'kube-system' }), 'fail STORAGE_OUTSIDE_TENANT', shared],
    [
      'to another cluster',
      release({ targetNamespace: 'team-b', kubeConfig: { secretRef: { name: 'k' } } }),
      'pass DNS_LOOKUPS_OFF',
      shared,
    ],
    [
      'another namespace of the same tenant',
      release({ targetNamespace: 'team-a2' }),
      'pass DNS_LOOKUPS_OFF',
      {
        registration: {
          ...SHARED,
          tenants: [
            { name: 'team-a', namespaces: { names: ['team-a', 'team-a2'] } },
            { name: 'b', namespaces: { names: ['b'] } },
          ],
        },
      },
    ],
    [
      'replacing definitions',
      release({ upgrade: { crds: 'CreateReplace' } }),
      'warn CRDS_REPLACED',
      { ...shared, severity: 'medium' },
    ],
    ['creating definitions', release({ install: { crds: 'Create' } }), 'pass DNS_LOOKUPS_OFF', shared],
    [
      'without validation',
      release({ install: { disableOpenAPIValidation: true } }),
      'warn VALIDATION_OFF',
      { ...shared, severity: 'low' },
    ],
    ['by force', release({ upgrade: { force: true } }), 'warn FORCED_UPGRADE', shared],
    [
      'drift of a tenant is its own matter',
      release({ driftDetection: { mode: 'disabled' } }),
      'pass DNS_LOOKUPS_OFF',
      shared,
    ],
    [
      'namespaces by label, unreadable',
      release({ targetNamespace: 'team-b' }),
      'notEvaluated RBAC_DENIED_READ',
      {
        registration: {
          ...SHARED,
          tenants: [
            { name: 'a', namespaces: { matchLabels: { t: 'a' } } },
            { name: 'b', namespaces: { names: ['b'] } },
          ],
        },
        unavailable: { namespaces: 'forbidden' },
      },
    ],
    [
      'namespaces by label',
      [...release({ targetNamespace: 'x' }), namespace('team-a', { t: 'a' }), namespace('x', { t: 'a' })],
      'pass DNS_LOOKUPS_OFF',
      {
        registration: {
          ...SHARED,
          tenants: [
            { name: 'a', namespaces: { matchLabels: { t: 'a' } } },
            { name: 'b', namespaces: { names: ['b'] } },
          ],
        },
      },
    ],
  ]);
});

describe('releases of the platform', () => {
  judges([
    ['drift is corrected', release(ENABLED, 'monitoring'), 'pass DNS_LOOKUPS_OFF', shared],
    ['drift is not looked for', release({}, 'monitoring'), 'warn DRIFT_NOT_CORRECTED', { ...shared, severity: 'low' }],
    [
      'drift is reported',
      release({ driftDetection: { mode: 'warn' } }, 'monitoring'),
      'warn DRIFT_NOT_CORRECTED',
      { ...shared, message: /does not correct/ },
    ],
    [
      'definitions are its own',
      release({ ...ENABLED, upgrade: { crds: 'CreateReplace' } }, 'monitoring'),
      'pass DNS_LOOKUPS_OFF',
      shared,
    ],
    ['any namespace', release({ ...ENABLED, targetNamespace: 'team-b' }, 'monitoring'), 'pass DNS_LOOKUPS_OFF', shared],
  ]);
});

describe('what could not be read', () => {
  judges([
    ['HelmReleases', HELM, 'notEvaluated RBAC_DENIED_READ', { ...shared, unavailable: { helmReleases: 'forbidden' } }],
    [
      'pods',
      release({ targetNamespace: 'team-b' }),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { pods: 'forbidden' } },
    ],
  ]);
});
