import { describe } from 'vitest';
import { itJudges } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import { kubeconfigFlagCases } from '../../../../test/support/kubeconfig-flag-cases.js';
import { kustomizeKubeconfigTls as control } from './kc-02-kubeconfig-tls.js';

describe('FLUX-KC-02', () => {
  itJudges(
    control,
    kubeconfigFlagCases({
      component: 'kustomize-controller',
      flag: 'insecure-kubeconfig-tls',
      unsafe: '0.22.3',
      digest: 'sha256:2b8bec54ffb6caf421bd2a6c005d27f567d5dd4db7feb55794fb51fcabd69b8f',
      severity: 'high',
    }),
  );

  itJudges(control, [
    {
      state: 'critical in production, and it tells of plain http',
      input: controller('kustomize-controller', ['--insecure-kubeconfig-tls']),
      options: { registration: { labels: { 'fleet.example/environment': 'Production' } } },
      outcome: 'fail',
      reason: 'FLAG_TRUE',
      severity: 'critical',
      message: /certificate-authority-data.*plain http/,
    },
    {
      state: 'high elsewhere',
      input: controller('kustomize-controller', ['--insecure-kubeconfig-tls']),
      options: { registration: { labels: { environment: 'staging', team: 'prod' } } },
      outcome: 'fail',
      reason: 'FLAG_TRUE',
      severity: 'high',
    },
  ]);
});
