import { describe } from 'vitest';
import { itJudges } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import { kubeconfigFlagCases } from '../../../../test/support/kubeconfig-flag-cases.js';
import { helmKubeconfigTls as control } from './hc-02-kubeconfig-tls.js';

describe('FLUX-HC-02', () => {
  itJudges(
    control,
    kubeconfigFlagCases({
      component: 'helm-controller',
      flag: 'insecure-kubeconfig-tls',
      unsafe: '0.18.2',
      digest: 'sha256:16ada99456385100698a5d7adf90aba8a2089d987ab541c9566b6d7b0e897038',
      severity: 'high',
    }),
  );

  itJudges(control, [
    {
      state: 'critical in production, and it tells of plain http',
      input: controller('helm-controller', ['--insecure-kubeconfig-tls']),
      options: { registration: { labels: { 'fleet.example/environment': 'Production' } } },
      outcome: 'fail',
      reason: 'FLAG_TRUE',
      severity: 'critical',
      message: /certificate-authority-data.*plain http/,
    },
    {
      state: 'high elsewhere',
      input: controller('helm-controller', ['--insecure-kubeconfig-tls']),
      options: { registration: { labels: { environment: 'staging', team: 'prod' } } },
      outcome: 'fail',
      reason: 'FLAG_TRUE',
      severity: 'high',
    },
  ]);
});
