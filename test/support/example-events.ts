import type { EventType, FleetEvent } from '#libs/core';

const AT = { since: '2026-11-24T02:00:06Z', createdAt: '2026-11-24T02:00:07Z' } as const;
const OPEN = { ...AT, state: 'open', closedAt: null, ending: null } as const;

type EventNamed<T extends EventType> = Extract<FleetEvent, { type: T }>;

/** One event of each type, as a payments tenant of three clusters might see it. */
export const EXAMPLE_EVENTS: { readonly [T in EventType]: EventNamed<T> } = {
  'tenant.canRevoke': {
    ...OPEN,
    id: 'evt_01JD9Z0K3E',
    type: 'tenant.canRevoke',
    clusterId: 'cls_01JD9PAY3',
    clusterName: 'pay-eu-3',
    severity: 'critical',
    facts: {
      tenant: 'payments',
      owner: 'Payments platform',
      ways: [
        {
          findingId: 'fnd_01JD9Z0K3E',
          controlId: 'FLUX-DED-01',
          message:
            'Tenant payments may delete, patch ClusterRoleBinding platform-admin-flux (group payments-admins). Take the right away from the tenant.',
          evidence: [
            'ClusterRoleBinding payments-admins /roleRef: ClusterRole tenant-admin',
            'ClusterRole tenant-admin /rules/0: delete, patch clusterrolebindings',
          ],
        },
        {
          findingId: 'fnd_01JD9Z0K9Q',
          controlId: 'FLUX-DED-02',
          message: 'No admission policy refused the deletion of ClusterRoleBinding platform-admin-flux by payments.',
          evidence: [],
        },
      ],
      wayCount: 2,
      newCount: 1,
    },
  },
  'remoteApply.silent': {
    ...OPEN,
    id: 'evt_01JD9ZK',
    type: 'remoteApply.silent',
    clusterId: 'cls_01JD9MGMT1',
    clusterName: 'mgmt-eu-1',
    severity: 'high',
    since: '2026-11-23T23:00:06Z',
    facts: {
      target: 'pay-eu-3',
      registered: true,
      objectCount: 2,
      objects: [
        {
          kind: 'Kustomization',
          namespace: 'payments',
          name: 'infra',
          failingSince: '2026-11-23T23:00:06Z',
          cause: { code: 'ACCESS_DENIED', message: 'the target cluster denies what it applies' },
          why: [
            'Alert flux-system/on-call has no entry for Kustomization of the namespace payments in spec.eventSources',
          ],
          alerts: [
            {
              namespace: 'flux-system',
              name: 'on-call',
              provider: { namespace: 'flux-system', name: 'slack-oncall', type: 'slack' },
              health: 'delivers',
            },
          ],
          fields: [
            {
              object: 'Alert flux-system/on-call',
              pointer: '/spec/eventSources/0/namespace',
              observed: 'flux-system',
              expected: 'payments',
            },
          ],
          failureFindingId: 'fnd_01JD9ZF1',
          alertFindingId: 'fnd_01JD9ZA1',
        },
        {
          kind: 'HelmRelease',
          namespace: 'payments',
          name: 'ingress',
          cause: { code: 'INSTALL_FAILED', message: 'the release could not be installed' },
          why: ['Alert flux-system/on-call has no entry for HelmRelease in spec.eventSources'],
          alerts: [],
          fields: [],
          failureFindingId: 'fnd_01JD9ZF2',
          alertFindingId: 'fnd_01JD9ZA2',
        },
      ],
    },
  },
  'credential.expiring': {
    ...OPEN,
    id: 'evt_01JD9ZC',
    type: 'credential.expiring',
    clusterId: 'cls_01JD9MGMT1',
    clusterName: 'mgmt-eu-1',
    severity: 'high',
    facts: {
      use: 'remoteApply',
      name: 'Secret payments/pay-eu-3-kubeconfig',
      expiresAt: '2026-11-30T12:00:00Z',
      threshold: 7,
      finding: { id: 'fnd_01JD9ZCR', controlId: 'FLUX-RA-02' },
    },
  },
  'drill.failed': {
    ...OPEN,
    id: 'evt_01JD9ZZ',
    type: 'drill.failed',
    clusterId: 'cls_01JD9EDGE14',
    clusterName: 'edge-014',
    severity: 'critical',
    facts: {
      drillId: 'drl_01JD9ZZ',
      entry: 'edge',
      mode: 'dryRun',
      steps: [
        { name: 'reach', state: 'passed', message: 'The API server answered in 212 ms.' },
        { name: 'identity', state: 'passed', message: 'The credential is that of breakglass:edge.' },
        { name: 'rights', state: 'failed', message: 'It may not create ClusterRoleBindings.' },
        { name: 'restoreCreate', state: 'skipped', message: 'An earlier step failed.' },
        { name: 'restoreDelete', state: 'unknown', message: 'The answer was cut off.' },
      ],
      writes: 0,
      lastPassedAt: '2026-11-14T00:00:06Z',
      runbook: 'https://runbooks.example.com/breakglass/edge',
    },
  },
};

/** The same event when it is over, five hours and twelve minutes later. */
export function over<T extends EventType>(type: T, ending: NonNullable<FleetEvent['ending']>): EventNamed<T> {
  return { ...EXAMPLE_EVENTS[type], state: 'closed', closedAt: '2026-11-24T07:12:06Z', ending };
}
