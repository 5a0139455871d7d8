import { describe, expect, it } from 'vitest';
import { itJudges, judge } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, SHARED, controller } from '../../../../test/support/flux-installation.js';
import { unrecognisedCases } from '../../../../test/support/unrecognised-cases.js';
import { kustomizeNoRemoteBases as control } from './kc-03-no-remote-bases.js';

const kustomize = (args: readonly string[], options?: ControllerOptions) =>
  controller('kustomize-controller', args, options);
const chart = { labels: { 'helm.sh/chart': 'flux2-2.18.3' } };
const shared = { registration: SHARED };
const absent = { outcome: 'fail', reason: 'FLAG_ABSENT', severity: 'high', options: shared } as const;

describe('FLUX-KC-03', () => {
  itJudges(control, [
    {
      state: 'set',
      input: kustomize(['--no-remote-bases=true']),
      options: shared,
      outcome: 'pass',
      reason: 'FLAG_SET',
    },
    {
      state: 'set bare',
      input: kustomize(['--no-remote-bases']),
      options: shared,
      outcome: 'pass',
      reason: 'FLAG_SET',
    },
    { state: 'absent', input: kustomize([]), ...absent },
    {
      state: 'multi-tenancy of the Helm chart, which leaves it out',
      input: kustomize(['--no-cross-namespace-refs=true', '--default-service-account=default'], chart),
      ...absent,
      message: /installed by the Helm chart/,
    },
    {
      state: 'taken by a selector as its value, so that the controller does not start',
      input: kustomize(['--watch-label-selector', '--no-remote-bases=true'], { state: 'crashLoop' }),
      options: shared,
      outcome: 'fail',
      reason: 'ARGUMENT_CRASH',
      severity: 'high',
      message: /label selector/,
    },
    {
      state: 'a version before the flag',
      input: kustomize(['--no-remote-bases=true'], { image: 'ghcr.io/fluxcd/kustomize-controller:v0.24.4' }),
      options: shared,
      outcome: 'fail',
      reason: 'FLAG_UNSUPPORTED_UPGRADE',
      severity: 'high',
    },
    {
      state: 'the first version with the flag',
      input: kustomize(['--no-remote-bases=true'], { image: 'ghcr.io/fluxcd/kustomize-controller:v0.25.0' }),
      options: shared,
      outcome: 'pass',
      reason: 'FLAG_SET',
    },
    {
      state: 'false',
      input: kustomize(['--no-remote-bases=true', '--no-remote-bases=false']),
      options: shared,
      outcome: 'fail',
      reason: 'FLAG_FALSE',
    },
    {
      state: 'not on a shard',
      input: [
        ...kustomize(['--no-remote-bases=true']),
        ...kustomize(['--watch-label-selector=shard=1'], { name: 'kustomize-controller-shard1' }),
      ],
      ...absent,
      verdicts: [
        'fail FLAG_ABSENT Deployment/flux-system/kustomize-controller-shard1 manager',
        'pass FLAG_SET Deployment/flux-system/kustomize-controller manager',
      ],
    },
    {
      state: 'the pod has it, the template does not',
      input: kustomize([], { podArgs: ['--no-remote-bases=true'] }),
      options: shared,
      outcome: 'fail',
      reason: 'PENDING_UNSAFE',
    },
    {
      state: 'in the source only as a word',
      input: kustomize(['no-remote-bases=true']),
      ...absent,
      verdicts: [
        'fail FLAG_ABSENT Deployment/flux-system/kustomize-controller manager',
        'warn IGNORED_ARGUMENT Deployment/flux-system/kustomize-controller manager no-remote-bases',
      ],
    },
    {
      state: 'of unknown version, absent',
      input: kustomize([], { image: 'ghcr.io/fluxcd/kustomize-controller:main' }),
      ...absent,
    },
    {
      state: 'dedicated: medium',
      input: kustomize([]),
      options: { registration: { role: 'tenant', tenancy: 'dedicated' } },
      outcome: 'fail',
      reason: 'FLAG_ABSENT',
      severity: 'medium',
    },
    {
      state: 'management without tenants: medium',
      input: kustomize([]),
      options: { registration: { role: 'management', tenancy: 'dedicated' } },
      outcome: 'fail',
      reason: 'FLAG_ABSENT',
      severity: 'medium',
    },
    {
      state: 'not installed',
      input: controller('helm-controller', []),
      outcome: 'notApplicable',
      reason: 'NO_CONTROLLER',
    },
    ...unrecognisedCases('kustomize-controller'),
  ]);

  it('sets it in the values of the chart, where its multi-tenancy does not', () => {
    const [observation] = judge(control, kustomize([], chart)).observations;
    expect(observation?.fixes).toEqual([
      {
        form: 'helmValues',
        title: 'Add --no-remote-bases=true in the values of the chart',
        content: 'kustomizeController:\n  container:\n    additionalArgs:\n      - --no-remote-bases=true\n',
      },
    ]);
  });
});
