import { describe, expect, it } from 'vitest';
import {
  DEMANDS_ACCOUNT,
  clusterPolicy,
  kyvernoWebhook,
  nativePolicy,
} from '../../../../test/support/admission-policies.js';
import { type ControlCase, itJudges, judge, tableOf } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, SHARED, controller } from '../../../../test/support/flux-installation.js';
import { account, bindEverywhere, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { tenantBoundaryCases } from '../../../../test/support/tenant-boundary-cases.js';
import { unrecognisedCases } from '../../../../test/support/unrecognised-cases.js';
import { defaultServiceAccount as control } from './mt-02-default-service-account.js';

const DEFAULT = ['--default-service-account=default'];
const shared = { registration: SHARED };

/** kustomize-controller has its default; helm-controller as given. */
function installation(args: readonly string[], options?: ControllerOptions): object[] {
  return [...controller('kustomize-controller', DEFAULT), ...controller('helm-controller', args, options)];
}
const helm = 'Deployment/flux-system/helm-controller manager';

const CASES: readonly ControlCase[] = [
  { state: 'both have it', input: installation(DEFAULT), options: shared, outcome: 'pass', reason: 'FLAG_SET' },
  {
    state: 'empty',
    input: installation(['--default-service-account=']),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_EMPTY',
    severity: 'critical',
  },
  {
    state: 'in two arguments',
    input: installation(['--default-service-account', 'default']),
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
  },
  {
    state: 'on source-controller, where it means something else, and not on kustomize-controller',
    input: [
      ...controller('source-controller', [...DEFAULT, '--feature-gates=ObjectLevelWorkloadIdentity=true']),
      ...controller('kustomize-controller', []),
    ],
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
    verdicts: ['fail FLAG_ABSENT Deployment/flux-system/kustomize-controller manager'],
  },
  {
    state: "called like a controller's own account",
    input: [
      ...controller('kustomize-controller', ['--default-service-account=kustomize-controller']),
      ...controller('helm-controller', DEFAULT),
    ],
    options: shared,
    outcome: 'warn',
    reason: 'RISKY_NAME',
    verdicts: ['warn RISKY_NAME Deployment/flux-system/kustomize-controller manager', `pass FLAG_SET ${helm}`],
  },
  {
    state: "called like the platform's account",
    input: installation(['--default-service-account=flux']),
    options: shared,
    outcome: 'warn',
    reason: 'RISKY_NAME',
  },
  {
    state: 'twice, the second one empty',
    input: installation([...DEFAULT, '--default-service-account=']),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_EMPTY',
  },
  {
    state: 'flag and value in one argument',
    input: installation(['--default-service-account default'], { state: 'crashLoop' }),
    options: shared,
    outcome: 'fail',
    reason: 'ARGUMENT_CRASH',
  },
  {
    state: 'quotes in the value',
    input: installation(['--default-service-account="default"']),
    options: shared,
    outcome: 'warn',
    reason: 'INVALID_NAME',
    message: /quotes inside an argument/,
  },
  {
    state: 'absent',
    input: installation([]),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_ABSENT',
    severity: 'critical',
  },
  {
    state: 'different between lanes',
    input: [
      ...installation(DEFAULT),
      ...controller('helm-controller', ['--default-service-account=tenant'], { name: 'helm-controller-shard1' }),
    ],
    options: shared,
    outcome: 'warn',
    reason: 'DIFFERENT_VALUES',
    message: /helm-controller.*: default, tenant/,
  },
  {
    state: 'different between controllers',
    input: installation(['--default-service-account=tenant']),
    options: shared,
    outcome: 'pass',
    reason: 'FLAG_SET',
  },
  {
    state: 'a version before the flag',
    input: installation(DEFAULT, { image: 'ghcr.io/fluxcd/helm-controller:v0.15.0' }),
    options: shared,
    outcome: 'fail',
    reason: 'FLAG_UNSUPPORTED_UPGRADE',
  },
  {
    state: 'the template lost it, the pods still have it',
    input: installation([], { podArgs: DEFAULT }),
    options: shared,
    outcome: 'fail',
    reason: 'PENDING_UNSAFE',
  },
  ...tenantBoundaryCases({ closed: installation(DEFAULT), open: installation([]) }),
  { state: 'no controller', input: [], options: shared, outcome: 'notApplicable', reason: 'NO_CONTROLLER' },
  ...unrecognisedCases('kustomize-controller'),
  ...unrecognisedCases('helm-controller'),
];

/** kustomize- and helm-controller without their default. */
const open = [...controller('kustomize-controller', []), ...controller('helm-controller', [])];
const KINDS = ['Kustomization', 'HelmRelease'];
const demanded = (options: Parameters<typeof clusterPolicy>[2] = {}) => clusterPolicy(KINDS, DEMANDS_ACCOUNT, options);

describe('FLUX-MT-02 beside admission', () => {
  tableOf(control)([
    [
      'Kyverno demands an account everywhere',
      [...open, kyvernoWebhook(), demanded()],
      'warn COMPENSATED',
      { ...shared, severity: 'medium', message: /ClusterPolicy tenants \(the-rule\) refuses .* It does not cover/ },
    ],
    [
      'Kyverno only audits it',
      [...open, kyvernoWebhook(), demanded({ action: 'Audit' })],
      'fail FLAG_ABSENT',
      { ...shared, message: /does not refuse this in team-a/ },
    ],
    [
      'Kyverno leaves one tenant out',
      [...open, kyvernoWebhook(), demanded({ excluded: ['flux-system', 'team-b'] })],
      'fail FLAG_ABSENT',
      { ...shared, severity: 'critical', message: /leaves this out in team-b/ },
    ],
    [
      'Kyverno fails open',
      [...open, kyvernoWebhook('Ignore'), demanded()],
      'fail FLAG_ABSENT',
      { ...shared, message: /failurePolicy Ignore/ },
    ],
    [
      'the webhook of Kyverno is gone',
      [...open, demanded()],
      'fail FLAG_ABSENT',
      { ...shared, message: /is not asked about this/ },
    ],
    [
      'Kyverno demands it of Kustomizations only',
      [...open, kyvernoWebhook(), clusterPolicy(['Kustomization'], DEMANDS_ACCOUNT)],
      'fail FLAG_ABSENT',
      {
        ...shared,
        verdicts: [`fail FLAG_ABSENT ${helm}`, 'warn COMPENSATED Deployment/flux-system/kustomize-controller manager'],
      },
    ],
    [
      'a ValidatingAdmissionPolicy demands it',
      [
        ...open,
        ...nativePolicy("has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''", [
          'kustomizations',
          'helmreleases',
        ]),
      ],
      'warn COMPENSATED',
      shared,
    ],
    [
      'a ValidatingAdmissionPolicy takes an empty account for one',
      [...open, ...nativePolicy('has(object.spec.serviceAccountName)', ['kustomizations', 'helmreleases'])],
      'fail FLAG_ABSENT',
      { ...shared, message: /refuses only a part of this/ },
    ],
    [
      'a ValidatingAdmissionPolicy that nobody understands',
      [...open, ...nativePolicy('authorizer.serviceAccount("a", "b").check()', ['kustomizations', 'helmreleases'])],
      'fail FLAG_ABSENT',
      { ...shared, message: /may or may not refuse this/ },
    ],
    [
      'tenants whose namespaces are not known',
      [...open, kyvernoWebhook(), demanded()],
      'fail FLAG_ABSENT',
      { registration: { ...SHARED, tenants: [{ name: 'team-a' }, { name: 'team-b' }] } },
    ],
    [
      'policies that could not be read',
      [...open, kyvernoWebhook(), demanded()],
      'fail FLAG_ABSENT',
      { ...shared, unavailable: { enginePolicies: 'forbidden' }, message: /could not be read: policies of engines/ },
    ],
    [
      'a controller that does not start',
      [...installation(['--default-service-account default'], { state: 'crashLoop' }), kyvernoWebhook(), demanded()],
      'fail ARGUMENT_CRASH',
      shared,
    ],
  ]);

  it('points at the rule', () => {
    const [observation] = judge(control, [...open, kyvernoWebhook(), demanded()], shared).observations;
    expect(observation).toMatchObject({ confidence: 'derived' });
    expect(observation?.evidence.at(-1)).toMatchObject({
      object: { kind: 'ClusterPolicy', name: 'tenants' },
      pointer: '/spec/rules/0',
      observed: 'the-rule',
    });
  });
});

describe('FLUX-MT-02 by the rights of accounts', () => {
  const named = (name: string) => [
    ...controller('kustomize-controller', [`--default-service-account=${name}`]),
    ...controller('helm-controller', [`--default-service-account=${name}`]),
  ];
  const ADMIN = clusterRole('cluster-admin', [rule('*', '*', '*')]);
  const WRITER = clusterRole('writer', [rule('create patch', 'kustomizations', 'kustomize.toolkit.fluxcd.io')]);
  const principals = {
    registration: {
      ...SHARED,
      tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
    },
  };
  tableOf(control)([
    [
      'an account of Flux with all rights',
      [...named('flux'), ADMIN, bindEverywhere('cluster-admin', account('flux-system/flux'))],
      'warn RISKY_NAME',
      { ...shared, message: /flux-system\/flux may change things in the whole cluster/ },
    ],
    [
      'a tenant may create Kustomizations beside it',
      [
        ...named('flux'),
        ADMIN,
        bindEverywhere('cluster-admin', account('flux-system/flux')),
        WRITER,
        bindIn('flux-system', 'writer', group('team-a')),
      ],
      'fail RISKY_NAME',
      { ...principals, severity: 'critical', message: /group team-a of team-a may create Flux objects/ },
    ],
    [
      'an account of a tenant may',
      [
        ...named('flux'),
        ADMIN,
        bindEverywhere('cluster-admin', account('flux-system/flux')),
        WRITER,
        bindIn('flux-system', 'writer', account('team-b/deployer')),
      ],
      'fail RISKY_NAME',
      shared,
    ],
    [
      'a name that sounds harmless',
      [...named('default'), ADMIN, bindEverywhere('cluster-admin', account('kube-system/default'))],
      'warn RISKY_NAME',
      shared,
    ],
    [
      'the same in a namespace of the platform',
      [...named('runner'), ADMIN, bindEverywhere('cluster-admin', account('infra/runner'))],
      'warn RISKY_NAME',
      { registration: { ...SHARED, platformNamespaces: ['infra'] } },
    ],
    [
      'the same in a namespace of nobody',
      [...named('runner'), ADMIN, bindEverywhere('cluster-admin', account('other/runner'))],
      'pass FLAG_SET',
      shared,
    ],
    [
      'rights that end at its namespace',
      [...named('runner'), ADMIN, bindIn('flux-system', 'cluster-admin', account('flux-system/runner'))],
      'pass FLAG_SET',
      shared,
    ],
    [
      'rights to read everything',
      [
        ...named('runner'),
        clusterRole('reader', [rule('get list', 'configmaps')]),
        bindEverywhere('reader', account('flux-system/runner')),
      ],
      'pass FLAG_SET',
      shared,
    ],
    [
      'RBAC could not be read',
      named('default'),
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { rbac: 'forbidden' }, message: /by their names alone/ },
    ],
    [
      'RBAC could not be read, and the name is a known one',
      named('flux'),
      'warn RISKY_NAME',
      { ...shared, unavailable: { rbac: 'forbidden' }, message: /judged by the name alone/ },
    ],
    [
      'RBAC could not be read, and there is no boundary',
      named('default'),
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' }, unavailable: { rbac: 'forbidden' } },
    ],
  ]);
});

describe('FLUX-MT-02', () => {
  itJudges(control, CASES);

  it("keeps the platform's own account in the same change", () => {
    const [observation] = judge(control, installation([]), shared).observations;
    expect(observation?.fixes?.map(({ content }) => content)).toEqual([
      expect.stringContaining('value: --default-service-account=default'),
      expect.stringMatching(/kind: Kustomization\n {6}name: flux-system[\s\S]*value: kustomize-controller/),
    ]);
  });

  it('shows both arguments of a value', () => {
    const [observation] = judge(control, installation(['--default-service-account', 'flux']), shared).observations;
    expect(observation?.evidence[0]).toMatchObject({ observed: '--default-service-account flux' });
  });
});
