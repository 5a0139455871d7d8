import { describe, expect, it } from 'vitest';
import { COMPONENTS, type Component, workloadIdentityFlags } from '#libs/flux';
import { type ControlCase, itJudges, judge } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, SHARED, controller } from '../../../../test/support/flux-installation.js';
import { tenantBoundaryCases } from '../../../../test/support/tenant-boundary-cases.js';
import { unrecognisedCases } from '../../../../test/support/unrecognised-cases.js';
import { workloadIdentityDefaults as control } from './mt-06-workload-identity-defaults.js';

const GATE = '--feature-gates=ObjectLevelWorkloadIdentity=true';
const shared = { registration: SHARED };

const flags = (component: Component): string[] => workloadIdentityFlags(component).map((flag) => `--${flag}=default`);
const identityControllers = COMPONENTS.filter((component) => component !== 'source-watcher');

/** All controllers with all flags and the gate, but for what is given. */
function installation(
  differences: Partial<Record<Component, readonly string[]>> = {},
  options: Partial<Record<Component, ControllerOptions>> = {},
): object[] {
  return identityControllers.flatMap((component) =>
    controller(component, differences[component] ?? [...flags(component), GATE], options[component]),
  );
}

function old(options?: ControllerOptions): object[] {
  return identityControllers.flatMap((component) => controller(component, [], { flux: '2.6.4', ...options }));
}

function account(namespace: string, name: string, annotations: Record<string, string> = {}): object {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, annotations } };
}

const role = (arn: string) => ({ 'eks.amazonaws.com/role-arn': arn });

const CASES: readonly ControlCase[] = [
  {
    state: 'all flags and the gate everywhere',
    input: installation(),
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
  },
  {
    state: 'kustomize-controller has the flag for decryption only',
    input: installation({ 'kustomize-controller': ['--default-decryption-service-account=default', GATE] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
    message: /--default-kubeconfig-service-account/,
  },
  {
    state: 'kustomize-controller has the flag for kubeconfigs only',
    input: installation({ 'kustomize-controller': ['--default-kubeconfig-service-account=default', GATE] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'high',
  },
  {
    state: 'Flux 2.6, accounts with a role in the cloud',
    input: [...old(), ...identityControllers.map((name) => account('flux-system', name, role('arn:1')))],
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_UNSUPPORTED_UPGRADE',
    severity: 'critical',
    message: /Upgrade to Flux 2\.7/,
  },
  {
    state: 'Flux 2.6, a credential in the environment',
    input: old({
      env: [{ name: 'AWS_CONTAINER_CREDENTIALS_FULL_URI', value: 'http://169.254.170.23/v1/credentials' }],
    }),
    options: { ...shared, unavailable: { serviceAccounts: 'forbidden' } },
    outcome: 'fail',
    reason: 'FLAG_UNSUPPORTED_UPGRADE',
  },
  {
    state: 'Flux 2.6, no identity of a cloud',
    input: [...old({ env: [{ name: 'AWS_REGION', value: 'eu-west-1' }] }), account('flux-system', 'helm-controller')],
    options: shared,
    outcome: 'warn',
    reason: 'FLAG_UNSUPPORTED_UPGRADE',
  },
  {
    state: 'Flux 2.6, and service accounts may not be listed',
    input: old(),
    options: { ...shared, unavailable: { serviceAccounts: 'forbidden' } },
    outcome: 'notEvaluated',
    reason: 'RBAC_DENIED_READ',
  },
  {
    state: 'a flag without the gate, so that the controller does not start',
    input: installation(
      { 'helm-controller': ['--default-kubeconfig-service-account=default'] },
      { 'helm-controller': { state: 'crashLoop' } },
    ),
    options: shared,
    outcome: 'fail',
    reason: 'ARGUMENT_CRASH',
    message: /needs --feature-gates=ObjectLevelWorkloadIdentity=true/,
  },
  {
    state: 'a flag without the gate, and yet it is ready',
    input: installation({ 'helm-controller': ['--default-kubeconfig-service-account=default'] }),
    options: shared,
    outcome: 'notEvaluated',
    reason: 'PARSE_MISMATCH',
  },
  {
    state: 'gates in two arguments',
    input: installation({
      'helm-controller': ['--default-kubeconfig-service-account=x', '--feature-gates=ExternalArtifact=true', GATE],
    }),
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
  },
  {
    state: 'the gate without its dashes',
    input: installation({ 'helm-controller': ['feature-gates=ObjectLevelWorkloadIdentity=true'] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
    message: /helm-controller/,
  },
  {
    state: 'a gate that does not exist, so that the controller does not start',
    input: installation(
      { 'helm-controller': [...flags('helm-controller'), '--feature-gates=ObjectLevelWorkloadIdentities=true'] },
      { 'helm-controller': { state: 'crashLoop' } },
    ),
    options: shared,
    outcome: 'fail',
    reason: 'ARGUMENT_CRASH',
    message: /feature gate that this controller does not have/,
  },
  {
    state: 'nothing at all on kustomize-controller',
    input: installation({ 'kustomize-controller': [] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
  },
  {
    state: 'the gate alone',
    input: installation({ 'source-controller': [GATE] }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'high',
  },
  {
    state: 'two tenants whose default accounts stand for one role',
    input: [
      ...installation(),
      account('team-a', 'default', role('arn:shared')),
      account('team-b', 'default', role('arn:shared')),
    ],
    options: shared,
    outcome: 'warn',
    reason: 'SHARED_CLOUD_ROLE',
    message: /team-a, team-b/,
  },
  {
    state: 'two tenants with a role each, and another account with the same role',
    input: [
      ...installation(),
      account('team-a', 'default', role('arn:a')),
      account('team-b', 'default', role('arn:b')),
      account('team-b', 'backup', role('arn:a')),
    ],
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
  },
  ...tenantBoundaryCases({ closed: installation(), open: installation({ 'helm-controller': [] }) }),
  { state: 'no controller', input: [], options: shared, outcome: 'notApplicable', reason: 'NO_CONTROLLER' },
  ...unrecognisedCases('kustomize-controller', 'source-watcher'),
];

describe('FLUX-MT-06', () => {
  itJudges(control, CASES);

  it('names each missing flag, and the gate', () => {
    const { observations } = judge(control, installation({ 'kustomize-controller': [] }), shared);
    const failed = observations.filter(({ outcome }) => outcome === 'fail');
    expect(failed.map(({ reason, subject }) => `${reason} ${subject.field}`)).toEqual([
      'FLAG_ABSENT default-kubeconfig-service-account',
      'FLAG_ABSENT default-decryption-service-account',
      'GATE_OFF feature-gates',
    ]);
  });

  it('tells a command line that stops the controller once', () => {
    const { observations } = judge(
      control,
      controller('kustomize-controller', ['--nope'], { state: 'crashLoop' }),
      shared,
    );
    expect(observations.map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual(['fail ARGUMENT_CRASH']);
  });

  it('warns of a gate without its dashes', () => {
    const { observations } = judge(
      control,
      installation({ 'kustomize-controller': ['feature-gates=ObjectLevelWorkloadIdentity=true'] }),
      shared,
    );
    const ignored = observations.find(({ reason }) => reason === 'IGNORED_ARGUMENT');
    expect(ignored).toMatchObject({
      outcome: 'warn',
      subject: { name: 'kustomize-controller', field: 'feature-gates' },
    });
    expect(observations.some(({ reason }) => reason === 'GATE_OFF')).toBe(true);
  });

  it('says which permission would tell the identity of old controllers', () => {
    const result = judge(control, old(), { ...shared, unavailable: { serviceAccounts: 'forbidden' } });
    expect(result).toMatchObject({
      cause: 'forbidden',
      missing: [{ verb: 'list', group: '', resource: 'serviceaccounts' }],
    });
  });

  it('judges an all-in-one pod container by container', () => {
    const containers = (['kustomize-controller', 'helm-controller', 'source-controller'] as const).map((name) => ({
      name,
      image: `ghcr.io/fluxcd/${name}:${name === 'helm-controller' ? 'v1.6.3' : 'v1.9.4'}`,
      args: name === 'source-controller' ? [] : [...flags(name), GATE],
    }));
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'flux', namespace: 'flux' }, spec: { containers } };
    const { observations } = judge(control, [pod], shared);
    expect(observations.filter(({ outcome }) => outcome === 'fail').map(({ subject }) => subject.container)).toEqual([
      'source-controller',
      'source-controller',
    ]);
    expect(observations.filter(({ outcome }) => outcome === 'pass')).toHaveLength(5);
  });
});
