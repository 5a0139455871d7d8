import { describe } from 'vitest';
import { alert as someAlert, provider as someProvider, secret } from '../../../../test/support/alerting-objects.js';
import { tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import { notificationLeaks as control } from './x-19-notification-leaks.js';

const judges = tableOf(control);
const shared = { registration: SHARED } as const;
const ALERT = 'Alert/team-a/chat';
const alert = (spec: object = {}, namespace = 'team-a') => someAlert(spec, { name: 'chat', namespace });
const of = (namespace: string | undefined, ...more: readonly string[]) =>
  alert({
    eventSources: [namespace, ...more].map((each) => ({
      kind: 'HelmRelease',
      name: '*',
      ...(each !== undefined && { namespace: each }),
    })),
  });
const open = controller('notification-controller', []);
const locked = controller('notification-controller', ['--no-cross-namespace-refs=true']);

describe('whose events', () => {
  judges([
    ['no Alert', [], 'notApplicable NO_ALERT', shared],
    ['the own namespace', [of(undefined), ...open], 'pass NO_LEAK', { ...shared, verdicts: [`pass NO_LEAK ${ALERT}`] }],
    ['the own namespace by name', [of('team-a'), ...open], 'pass NO_LEAK', shared],
    [
      'another tenant',
      [of('team-b'), ...open],
      'fail FOREIGN_EVENTS',
      { ...shared, message: /tenant team-a receives events of the tenant team-b/ },
    ],
    ['the platform', [of('flux-system'), ...open], 'fail FOREIGN_EVENTS', { ...shared, message: /the platform/ }],
    [
      'both',
      [of('flux-system', 'team-b'), ...open],
      'fail FOREIGN_EVENTS',
      { ...shared, message: /the platform and the tenant team-b/, verdicts: [`fail FOREIGN_EVENTS ${ALERT}`] },
    ],
    ['another tenant, blocked', [of('team-b'), ...locked], 'pass NO_LEAK', shared],
    [
      'an Alert of the platform for a tenant',
      [
        someAlert(
          { eventSources: [{ kind: 'HelmRelease', name: '*', namespace: 'team-b' }] },
          { namespace: 'flux-system' },
        ),
        ...open,
      ],
      'pass NO_LEAK',
      shared,
    ],
    ['a namespace of nobody', [of('elsewhere'), ...open], 'pass NO_LEAK', shared],
    [
      'suspended',
      [alert({ suspend: true, eventSources: [{ kind: 'HelmRelease', name: '*', namespace: 'team-b' }] }), ...open],
      'pass NO_LEAK',
      shared,
    ],
    [
      'the flag cannot be read',
      [of('team-b'), ...locked],
      'notEvaluated TIMEOUT',
      { ...shared, unavailable: { pods: 'timeout' } },
    ],
    [
      'the flag comes from a variable that cannot be read',
      [
        of('team-b'),
        ...controller('notification-controller', ['--no-cross-namespace-refs=$(LOCK)'], {
          env: [{ name: 'LOCK', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
        }),
      ],
      'notEvaluated UNRESOLVED_ENV',
      shared,
    ],
    ['no tenants', [of('team-b'), ...open], 'pass NO_LEAK', { registration: { role: 'standalone' } }],
  ]);
});

describe('what is added', () => {
  judges([
    ['a cluster name', [alert({ eventMetadataKeys: ['cluster'] }), ...open], 'pass NO_LEAK', shared],
    [
      'what looks like a credential',
      [alert({ eventMetadataKeys: ['cluster', 'token'], suspectMetadataKeys: ['token'] }), ...open],
      'fail SECRET_IN_METADATA',
      { ...shared, message: /under token/ },
    ],
    [
      'the same without tenants',
      [alert({ suspectMetadataKeys: ['token'] })],
      'fail SECRET_IN_METADATA',
      { registration: { role: 'standalone' } },
    ],
  ]);
});

describe('details to the outside', () => {
  const to = (address: string, severity: string | undefined, spec: object = {}) => [
    alert({
      eventSeverity: severity,
      eventSources: [{ kind: 'HelmRelease', name: '*' }],
      providerRef: { name: 'pager' },
    }),
    someProvider({ type: 'generic', address, secretRef: undefined, ...spec }, { namespace: 'team-a' }),
    ...open,
  ];
  judges([
    [
      'everything to a webhook outside',
      to('https://hooks.example.com', 'info'),
      'warn DETAIL_TO_OUTSIDE',
      { ...shared, severity: 'low' },
    ],
    ['the severity is left out', to('https://hooks.example.com', undefined), 'warn DETAIL_TO_OUTSIDE', shared],
    [
      'signed, and outside all the same',
      to('https://hooks.example.com', 'info', { type: 'generic-hmac' }),
      'warn DETAIL_TO_OUTSIDE',
      shared,
    ],
    ['errors only', to('https://hooks.example.com', 'error'), 'pass NO_LEAK', shared],
    ['inside the cluster', to('http://hooks.tools.svc', 'info'), 'pass NO_LEAK', shared],
    ['a chat', to('https://hooks.example.com', 'info', { type: 'slack' }), 'pass NO_LEAK', shared],
    ['the Provider is suspended', to('https://hooks.example.com', 'info', { suspend: true }), 'pass NO_LEAK', shared],
    [
      'the address is in a Secret that may not be read',
      [...to('https://hooks.example.com', 'info', { secretRef: { name: 'pager' } }), secret('pager', 'team-a')],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailableEntries: { secretFacts: { 'team-a/pager': 'forbidden' } } },
    ],
    ['the Provider does not exist', [alert({ eventSeverity: 'info' }), ...open], 'pass NO_LEAK', shared],
  ]);
});

describe('tenants that are not known', () => {
  judges([
    [
      'namespaces of a tenant by label cannot be read',
      [of('team-b'), ...open],
      'notEvaluated RBAC_DENIED_READ',
      {
        registration: {
          ...SHARED,
          tenants: [{ name: 'a', namespaces: { matchLabels: { team: 'a' } } }, SHARED.tenants[1]],
        },
        unavailable: { namespaces: 'forbidden' },
      },
    ],
  ]);
});
