import { describe, expect, it } from 'vitest';
import { PAGER, alert, emitters, infra, provider, secret } from '../../../../test/support/alerting-objects.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { ago, fleet } from '../../../../test/support/remote-apply-objects.js';
import { alertsAreDelivered as control } from './ra-05-alerts-are-delivered.js';

const judges = tableOf(control);
const ALERT = 'Alert/spoke-a/remote-apply';
const base = [infra(), fleet(), ...emitters()];
const event = (reason: string, message: string | undefined, name = 'remote-apply', more: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${name}.${reason}`, namespace: 'spoke-a' },
  involvedObject: { kind: 'Alert', namespace: 'spoke-a', name },
  reason,
  type: 'Warning',
  ...(message !== undefined && { message }),
  lastSeen: ago('10m'),
  ...more,
});
const DISPATCH = 'failed to dispatch notification for Kustomization/spoke-a/infra: failed to read provider';
const SEND = 'failed to send notification for Kustomization/spoke-a/infra: request failed with status code 500';

describe('applicability', () => {
  judges([
    ['an empty cluster', [], 'notApplicable NO_REMOTE_APPLY'],
    [
      'an Alert of a cluster without remote applies',
      [infra({ spec: { kubeConfig: undefined } }), alert()],
      'notApplicable NO_REMOTE_APPLY',
    ],
    ['no Alert', base, 'notApplicable NO_ALERT'],
    [
      'an Alert for something else',
      [
        ...base,
        alert({ eventSources: [{ kind: 'ImagePolicy', name: '*' }] }),
        event('NotificationDispatchFailed', DISPATCH),
      ],
      'notApplicable NO_ALERT',
    ],
    [
      'an Alert for the source alone',
      [...base, alert({ eventSources: [{ kind: 'GitRepository', name: 'fleet' }] }), ...PAGER],
      'pass NO_TRACE_OF_LOSS',
    ],
  ]);
});

describe('events', () => {
  const whole = [...base, alert(), ...PAGER];
  judges([
    ['none', whole, 'pass NO_TRACE_OF_LOSS', { verdicts: [`pass NO_TRACE_OF_LOSS ${ALERT}`] }],
    [
      'nothing was sent',
      [...whole, event('NotificationDispatchFailed', DISPATCH)],
      'fail DISPATCH_FAILED',
      { severity: 'medium' },
    ],
    ['the receiver failed', [...whole, event('NotificationDispatchFailed', SEND)], 'fail SEND_FAILED'],
    [
      'both',
      [...whole, event('NotificationDispatchFailed', SEND), event('NotificationDispatchFailed', DISPATCH)],
      'fail DISPATCH_FAILED',
      { verdicts: [`fail DISPATCH_FAILED ${ALERT}`, `fail SEND_FAILED ${ALERT}`] },
    ],
    [
      'the same twice',
      [...whole, event('NotificationDispatchFailed', SEND), event('NotificationDispatchFailed', SEND)],
      'fail SEND_FAILED',
      { verdicts: [`fail SEND_FAILED ${ALERT}`] },
    ],
    ['without a message', [...whole, event('NotificationDispatchFailed', undefined)], 'fail DISPATCH_FAILED'],
    [
      'labels could not be read',
      [...whole, event('SourceFetchFailed', 'error getting source object Kustomization/infra.spoke-a')],
      'fail SOURCE_FETCH_FAILED',
    ],
    [
      'an invalid configuration',
      [...whole, event('InvalidConfig', 'failed to compile exclusion regex: [')],
      'fail INVALID_CONFIG',
    ],
    ['one without harm', [...whole, event('MetadataAppendFailed', 'x')], 'pass NO_TRACE_OF_LOSS'],
    [
      'about another Alert',
      [...whole, event('NotificationDispatchFailed', DISPATCH, 'other')],
      'pass NO_TRACE_OF_LOSS',
    ],
    [
      'about an Alert of that name elsewhere',
      [
        ...whole,
        event('NotificationDispatchFailed', DISPATCH, 'remote-apply', {
          involvedObject: { kind: 'Alert', namespace: 'spoke-b', name: 'remote-apply' },
        }),
      ],
      'pass NO_TRACE_OF_LOSS',
    ],
  ]);

  it('shows the message without what looks like a credential', () => {
    const { observations } = judge(control, [
      ...whole,
      event('NotificationDispatchFailed', 'failed to send notification: token=abcdefgh12345678 refused'),
    ]);
    expect(JSON.stringify(observations)).not.toContain('abcdefgh12345678');
  });
});

describe('the Alert and its Provider', () => {
  judges([
    [
      'an exclusion that Go refuses',
      [...base, alert({ exclusionList: ['['] }), ...PAGER],
      'fail INVALID_PATTERN',
      { message: /exclusionList/ },
    ],
    ['look-around', [...base, alert({ inclusionList: ['a', '(?!b)'] }), ...PAGER], 'fail INVALID_PATTERN'],
    ['the Provider does not exist', [...base, alert()], 'fail PROVIDER_MISSING'],
    ['its Secret does not exist', [...base, alert(), provider()], 'fail PROVIDER_SECRET_MISSING'],
    [
      'its Secret has no address',
      [
        ...base,
        alert(),
        provider(),
        secret('pager', 'spoke-a', { keys: ['token'], lengths: { token: 20 }, address: undefined }),
      ],
      'fail PROVIDER_NO_ADDRESS',
    ],
    ['its Secret has no token', [...base, alert(), provider({ type: 'opsgenie' }), secret()], 'fail PROVIDER_NO_TOKEN'],
    [
      "Slack's own API without a token",
      [...base, alert(), provider({ address: 'https://slack.com', addressHasPath: true, secretRef: undefined })],
      'fail PROVIDER_NO_TOKEN',
    ],
    [
      'a type that needs no address',
      [...base, alert(), provider({ type: 'googlepubsub', secretRef: undefined })],
      'pass NO_TRACE_OF_LOSS',
    ],
    [
      'a suspended Alert leaves no trace',
      [...base, alert({ suspend: true }), ...PAGER],
      'notApplicable ALERT_SUSPENDED',
    ],
    [
      'a suspended Provider leaves no trace',
      [...base, alert(), provider({ suspend: true }), secret()],
      'notApplicable PROVIDER_SUSPENDED',
    ],
    [
      'a Provider that marks commits',
      [...base, alert(), provider({ type: 'github' }), secret()],
      'notApplicable PROVIDER_NOT_PAGEABLE',
    ],
  ]);
});

it('gives up on more patterns than it can look at, and says so', () => {
  const patterns = Array.from({ length: 100 }, (_, index) => `${'a'.repeat(990)}${index}`);
  const many = Array.from({ length: 60 }, (_, index) => alert({ exclusionList: patterns }, { name: `alert-${index}` }));
  const { observations } = judge(control, [...base, ...many, ...PAGER]);
  expect(observations.map(({ reason }) => reason)).toContain('TOO_MANY_PATTERNS');
});

describe('the way out', () => {
  const policy = (egress: readonly object[]) => ({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'egress', namespace: 'flux-system' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress },
  });
  const to = (address: string) => [...base, alert(), provider({ type: 'generic', secretRef: undefined, address })];
  judges([
    [
      'closed to the address',
      [...to('https://192.0.2.7'), policy([])],
      'warn EGRESS_BLOCKED',
      { message: /flux-system\/egress/ },
    ],
    [
      'open to the address',
      [
        ...to('https://192.0.2.7:8443'),
        policy([{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 8443 }] }]),
      ],
      'pass NO_TRACE_OF_LOSS',
    ],
    [
      'open to the address on another port',
      [
        ...to('https://192.0.2.7:8443'),
        policy([{ to: [{ ipBlock: { cidr: '192.0.2.0/24' } }], ports: [{ port: 443 }] }]),
      ],
      'warn EGRESS_BLOCKED',
    ],
    ['a name cannot be judged', [...to('https://hooks.example.com'), policy([])], 'pass NO_TRACE_OF_LOSS'],
    ['no policy', to('https://192.0.2.7'), 'pass NO_TRACE_OF_LOSS'],
    [
      'policies cannot be read',
      to('https://192.0.2.7'),
      'notEvaluated TIMEOUT',
      { unavailable: { networkPolicies: 'timeout' } },
    ],
  ]);
});

describe('what could not be read', () => {
  judges([
    [
      'events',
      [...base, alert(), ...PAGER],
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { alertEvents: 'forbidden' } },
    ],
    [
      'the Secret',
      [...base, alert(), ...PAGER],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { secretFacts: { 'spoke-a/pager': 'forbidden' } } },
    ],
    [
      'the Secret, while an event tells of a loss',
      [...base, alert(), ...PAGER, event('NotificationDispatchFailed', SEND)],
      'fail SEND_FAILED',
      { unavailableEntries: { secretFacts: { 'spoke-a/pager': 'forbidden' } } },
    ],
  ]);
});
