import type { RunDigest } from '#libs/core';

/** A night on a fleet of 214 clusters: three new findings, two clusters out of reach, one that hides its nodes. */
export const EXAMPLE_DIGEST: RunDigest = {
  runId: 'run_01JD9YZ',
  profile: 'flux-security-best-practices@2026.11',
  trigger: 'schedule',
  finishedAt: '2026-11-24T02:00:06Z',
  baseline: false,
  clusters: { total: 214, evaluated: 212, notEvaluated: 2, lost: 2, regained: 0 },
  coverage: 0.986,
  compliant: { now: 187, before: 184 },
  open: { critical: 1, high: 14, medium: 30, low: 11, info: 0 },
  baselineFindings: 0,
  opened: [
    {
      findingId: 'fnd_01JD9Z0K3E',
      controlId: 'FLUX-DED-01',
      title: 'Tenants cannot revoke platform-admin access',
      severity: 'critical',
      clusters: ['pay-eu-3'],
      clusterCount: 1,
      tenant: 'payments',
      message: 'ClusterRole tenant-admin grants delete on clusterrolebindings.',
    },
    {
      findingId: 'fnd_01JD9Z0K9Q',
      controlId: 'FLUX-RA-01',
      title: 'A failing remote apply raises an alert',
      severity: 'medium',
      clusters: ['mgmt-us-1'],
      clusterCount: 1,
      message: 'No Alert selects Kustomization payments/infra.',
    },
    {
      findingId: 'fnd_01JD9Z0K5F',
      controlId: 'FLUX-KC-03',
      title: 'Remote bases are not allowed',
      severity: 'high',
      clusters: ['edge-011', 'edge-012', 'edge-013'],
      clusterCount: 4,
      message: 'kustomize-controller runs without --no-remote-bases.',
    },
  ],
  reopened: [],
  escalated: [],
  resolved: [],
  openedCount: 3,
  reopenedCount: 0,
  escalatedCount: 0,
  resolvedCount: 5,
  blindSpots: [
    {
      cause: 'timeout',
      clusters: ['edge-207', 'edge-208'],
      clusterCount: 2,
      controls: 0,
      message: 'the API server did not answer within 60 s',
    },
    {
      cause: 'forbidden',
      clusters: ['lab-3'],
      clusterCount: 1,
      controls: 6,
      message: 'the credential may not list nodes',
    },
  ],
};

/** The same fleet on its first night: nothing to compare with. */
export const BASELINE_DIGEST: RunDigest = {
  ...EXAMPLE_DIGEST,
  trigger: 'start',
  baseline: true,
  compliant: { now: 187, before: null },
  baselineFindings: 56,
  opened: [],
  openedCount: 0,
  resolvedCount: 0,
};
