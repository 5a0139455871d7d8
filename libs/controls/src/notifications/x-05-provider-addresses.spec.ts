import { describe, expect, it } from 'vitest';
import { provider as slack, secret } from '../../../../test/support/alerting-objects.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { providerAddresses as control } from './x-05-provider-addresses.js';

const judges = tableOf(control);
const PROVIDER = 'Provider/spoke-a/pager';
const provider = (spec: object) => slack({ secretRef: undefined, channel: undefined, ...spec });
const hmac = (address: string) => provider({ type: 'generic-hmac', address });

describe('addresses', () => {
  judges([
    ['no Provider', [], 'notApplicable NO_PROVIDER'],
    [
      'an address in a Secret',
      [slack(), secret()],
      'pass ADDRESS_SOUND',
      { verdicts: [`pass ADDRESS_SOUND ${PROVIDER}`] },
    ],
    ['http to the outside', [hmac('http://events.example.com')], 'fail PLAIN_HTTP', { severity: 'medium' }],
    [
      'http to a Service',
      [hmac('http://receiver.monitoring.svc')],
      'warn PLAIN_HTTP',
      { severity: 'low', message: /inside the cluster/ },
    ],
    [
      'http to a Service by its whole name',
      [hmac('http://receiver.monitoring.svc.cluster.local:8080')],
      'warn PLAIN_HTTP',
    ],
    ['http to a bare name', [hmac('http://receiver:8080')], 'warn PLAIN_HTTP'],
    ['http to loopback', [hmac('http://127.0.0.1:8080')], 'warn PLAIN_HTTP'],
    ['a name that only looks like a Service', [hmac('http://receiver.svcs.example.com')], 'fail PLAIN_HTTP'],
    ['a name that ends in a word like svc', [hmac('http://mysvc.example')], 'fail PLAIN_HTTP'],
    ['https', [hmac('https://events.example.com')], 'pass ADDRESS_SOUND'],
    [
      'http in the Secret wins over https in the object',
      [
        slack({ address: 'https://a.example' }),
        secret('pager', 'spoke-a', { address: { origin: 'http://b.example', hasPath: false } }),
      ],
      'fail PLAIN_HTTP',
      { message: /b\.example/ },
    ],
    [
      'https in the Secret wins over http in the object',
      [slack({ address: 'http://a.example' }), secret()],
      'pass ADDRESS_SOUND',
    ],
    ['no address', [provider({ type: 'telegram' })], 'pass ADDRESS_SOUND'],
    ['the Secret does not exist', [slack()], 'pass ADDRESS_SOUND'],
    [
      'generic to the outside',
      [provider({ type: 'generic', address: 'https://events.example.com' })],
      'warn GENERIC_WITHOUT_HMAC',
    ],
    [
      'generic to the outside over http',
      [provider({ type: 'generic', address: 'http://events.example.com' })],
      'fail PLAIN_HTTP',
      { verdicts: [`fail PLAIN_HTTP ${PROVIDER}`, `warn GENERIC_WITHOUT_HMAC ${PROVIDER}`] },
    ],
    [
      'generic inside the cluster',
      [provider({ type: 'generic', address: 'https://receiver.monitoring.svc' })],
      'pass ADDRESS_SOUND',
    ],
  ]);
});

describe('credentials in the object', () => {
  judges([
    [
      'the address of a webhook',
      [provider({ address: 'https://hooks.slack.example', addressHasPath: true })],
      'fail SECRET_IN_SPEC',
    ],
    ["Slack's own API", [provider({ address: 'https://slack.com', addressHasPath: true })], 'pass ADDRESS_SOUND'],
    [
      'a path that is no credential',
      [provider({ type: 'alertmanager', address: 'https://am.example', addressHasPath: true })],
      'pass ADDRESS_SOUND',
    ],
    [
      'a password',
      [provider({ type: 'alertmanager', address: 'https://am.example', addressHadUserInfo: true })],
      'fail SECRET_IN_SPEC',
      { message: /password/ },
    ],
  ]);
});

describe('proxies', () => {
  judges([
    [
      'the deprecated field',
      [hmac('https://a.example'), provider({ type: 'slack', proxy: 'https://proxy.example' })],
      'warn PROXY_DEPRECATED',
    ],
    ['over http', [provider({ proxy: 'http://proxy.example:3128' })], 'fail PROXY_PLAIN_HTTP'],
    [
      'over http inside the cluster',
      [provider({ proxy: 'http://proxy.infra.svc:3128' })],
      'warn PROXY_DEPRECATED',
      { verdicts: [`warn PROXY_DEPRECATED ${PROVIDER}`, `warn PROXY_PLAIN_HTTP ${PROVIDER}`] },
    ],
    ['in a Secret', [provider({ proxySecretRef: { name: 'proxy' } })], 'pass ADDRESS_SOUND'],
  ]);
});

describe('what could not be read', () => {
  const forbidden = { unavailableEntries: { secretFacts: { 'spoke-a/pager': 'forbidden' } } } as const;
  judges([
    ['the Secret', [slack(), secret()], 'notEvaluated RBAC_DENIED_READ', forbidden],
    [
      'the Secret, which may hold an https address',
      [slack({ address: 'http://a.example' }), secret()],
      'notEvaluated RBAC_DENIED_READ',
      forbidden,
    ],
    [
      'the Secret, while the object holds a credential',
      [slack({ address: 'https://a.example', addressHasPath: true }), secret()],
      'fail SECRET_IN_SPEC',
      forbidden,
    ],
    ['Providers', [], 'notEvaluated RBAC_DENIED_READ', { unavailable: { providers: 'forbidden' } }],
  ]);

  it('names the Secret', () => {
    expect(judge(control, [slack(), secret()], forbidden).missing).toEqual([
      { verb: 'get', group: '', resource: 'secrets', namespace: 'spoke-a', name: 'pager' },
    ]);
  });
});
