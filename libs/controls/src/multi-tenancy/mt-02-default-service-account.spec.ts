import { describe, expect, it } from 'vitest';
import { type ControlCase, itJudges, judge } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, SHARED, controller } from '../../../../test/support/flux-installation.js';
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
