import { describe } from 'vitest';
import { itJudges } from '../../../../test/support/expect-control.js';
import { kubeconfigFlagCases } from '../../../../test/support/kubeconfig-flag-cases.js';
import { kustomizeKubeconfigExec as control } from './kc-01-kubeconfig-exec.js';

describe('FLUX-KC-01', () => {
  itJudges(
    control,
    kubeconfigFlagCases({
      component: 'kustomize-controller',
      flag: 'insecure-kubeconfig-exec',
      unsafe: '0.22.3',
      digest: 'sha256:2b8bec54ffb6caf421bd2a6c005d27f567d5dd4db7feb55794fb51fcabd69b8f',
      severity: 'critical',
    }),
  );
});
