import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED } from '../../../../test/support/flux-installation.js';
import { NOW } from '../../../../test/support/snapshot-of.js';
import { sealingKeys as control } from './ss-02-sealing-keys.js';

const judges = tableOf(control);
const shared = { registration: SHARED };
const LABEL = 'sealedsecrets.bitnami.com/sealed-secrets-key';
const daysAgo = (days: number) => new Date(Date.parse(NOW) - days * 86_400_000).toISOString();

const controller = (args: readonly string[] = [], namespace = 'kube-system', container: object = {}) => ({
  apiVersion: 'v1',
  kind: 'OperatorPod',
  metadata: { name: 'sealed-secrets-7d', namespace },
  program: 'sealed-secrets-controller',
  owner: { kind: 'Deployment', name: 'sealed-secrets' },
  container: { name: 'controller', image: 'bitnami/sealed-secrets-controller:0.36.6', args, ...container },
});
const key = (days: number, state = 'active', more: object = {}, namespace = 'kube-system') => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: `key-${days}-${state}`,
    namespace,
    creationTimestamp: daysAgo(days),
    labels: { [LABEL]: state },
    ...more,
  },
});
const reader = (rule: object, subject: object) => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'reader' },
    rules: [{ apiGroups: [''], resources: ['secrets'], ...rule }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'reader', namespace: 'kube-system' },
    subjects: [subject],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'reader' },
  },
];
const accounts = (namespace: string) => ({ kind: 'Group', name: `system:serviceaccounts:${namespace}` });
const C = 'Deployment/kube-system/sealed-secrets';
const GUARDED = `pass KEYS_GUARDED ${C} readers`;
const ON = `pass RENEWAL_ON ${C} key-renew-period`;

describe('FLUX-SS-02', () => {
  judges([
    [
      'a key of 12 days',
      [controller(), key(12), key(42)],
      'pass RENEWAL_ON',
      { ...shared, verdicts: [ON, `pass KEY_FRESH ${C} keys`, GUARDED] },
    ],
    [
      'a key of 45 days',
      [controller(), key(45)],
      'fail KEY_NOT_RENEWED',
      { ...shared, severity: 'medium', message: /45 days old/ },
    ],
    ['a key of 36 days: a week of grace', [controller(), key(36)], 'pass RENEWAL_ON', shared],
    ['a key of 38 days', [controller(), key(38)], 'fail KEY_NOT_RENEWED', shared],
    [
      'a key of 45 days, renewed every 60',
      [controller(['--key-renew-period=1440h']), key(45)],
      'pass RENEWAL_ON',
      shared,
    ],
    [
      'never renewed',
      [controller(['--key-renew-period=0']), key(400)],
      'fail RENEWAL_DISABLED',
      { ...shared, verdicts: [`fail RENEWAL_DISABLED ${C} key-renew-period`, GUARDED] },
    ],
    [
      'never renewed, by the next argument',
      [controller(['--key-renew-period', '0']), key(1)],
      'fail RENEWAL_DISABLED',
      shared,
    ],
    ['never renewed, written 0s', [controller(['--key-renew-period=0s']), key(1)], 'fail RENEWAL_DISABLED', shared],
    [
      'never renewed, by a variable',
      [controller([], 'kube-system', { env: { SEALED_SECRETS_KEY_RENEW_PERIOD: '0' } }), key(1)],
      'fail RENEWAL_DISABLED',
      shared,
    ],
    [
      'a variable from elsewhere',
      [controller([], 'kube-system', { env: { SEALED_SECRETS_KEY_RENEW_PERIOD: null } }), key(400)],
      'notEvaluated UNRESOLVED_ENV',
      { ...shared, verdicts: [`notEvaluated UNRESOLVED_ENV ${C} key-renew-period`, GUARDED] },
    ],
    ['no duration', [controller(['--key-renew-period=30d']), key(1)], 'notEvaluated INVALID_PERIOD', shared],
    ['no key', [controller()], 'fail NO_ACTIVE_KEY', shared],
    ['keys of another namespace', [controller(), key(1, 'active', {}, 'other')], 'fail NO_ACTIVE_KEY', shared],
    ['only an old one', [controller(), key(1, 'compromised')], 'fail NO_ACTIVE_KEY', shared],
    [
      'compromised, and no newer key',
      [controller(), key(12), key(5, 'compromised')],
      'fail COMPROMISED_KEY',
      { ...shared, severity: 'high' },
    ],
    ['compromised, and a newer key', [controller(), key(2), key(5, 'compromised')], 'pass RENEWAL_ON', shared],
    [
      'marked as compromised after the newest key was made',
      [controller(), key(2), key(5, 'compromised', { managedFields: [{ manager: 'kubectl', time: daysAgo(1) }] })],
      'fail COMPROMISED_KEY',
      shared,
    ],
    [
      'a tenant may list Secrets there',
      [controller(), key(1), ...reader({ verbs: ['list'] }, accounts('team-a'))],
      'fail TENANT_READS_KEYS',
      {
        ...shared,
        severity: 'high',
        message: /team-a \(service account team-a\/default may list secrets in kube-system\)/,
      },
    ],
    [
      'a tenant may get one key by name',
      [controller(), key(1), ...reader({ verbs: ['get'], resourceNames: ['key-1-active'] }, accounts('team-a'))],
      'fail TENANT_READS_KEYS',
      shared,
    ],
    [
      'a tenant may get another Secret by name',
      [controller(), key(1), ...reader({ verbs: ['get'], resourceNames: ['other'] }, accounts('team-a'))],
      'pass RENEWAL_ON',
      shared,
    ],
    [
      'the platform may read them',
      [controller(), key(1), ...reader({ verbs: ['*'] }, accounts('flux-system'))],
      'pass RENEWAL_ON',
      shared,
    ],
    [
      'the controller of a tenant, in its namespace',
      [controller(['--all-namespaces=false'], 'team-a'), key(1, 'active', {}, 'team-a')],
      'pass RENEWAL_ON',
      shared,
    ],
    [
      'the API server says yes where RBAC does not',
      [
        controller(),
        key(1),
        {
          kind: 'AccessReview',
          question: {
            user: 'system:serviceaccount:team-b:default',
            groups: ['system:serviceaccounts', 'system:serviceaccounts:team-b', 'system:authenticated'],
            verb: 'get',
            group: '',
            resource: 'secrets',
            namespace: 'kube-system',
          },
          allowed: true,
        },
      ],
      'fail TENANT_READS_KEYS',
      { ...shared, message: /team-b/ },
    ],
    [
      'keys may not be listed',
      [controller()],
      'notEvaluated NOT_COLLECTED',
      { ...shared, unavailable: { sealingKeys: 'notCollected' } },
    ],
    [
      'rights may not be listed',
      [controller(), key(1)],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { rbac: 'forbidden' } },
    ],
    ['no controller', [key(1)], 'notApplicable NO_CONTROLLER', shared],
    [
      'no tenants',
      [controller(['--key-renew-period=0'])],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
    [
      'a dedicated cluster',
      [controller(['--key-renew-period=0'])],
      'fail RENEWAL_DISABLED',
      { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [SHARED.tenants[0]] } },
    ],
  ]);

  it('judges several controllers apart', () => {
    const input = [
      controller(['--key-renew-period=0']),
      key(1),
      controller([], 'team-a'),
      key(1, 'active', {}, 'team-a'),
    ];
    const failing = judge(control, input, shared).observations.filter(({ outcome }) => outcome === 'fail');
    expect(failing.map(({ subject }) => subject.namespace)).toEqual(['kube-system']);
  });
});
