import type { Artifacts, Collected, Provider, SecretFacts } from '#libs/core';
import { excerpt } from '../excerpt.js';
import { type PathAnswer, covered, partial, uncovered, unread, worstAnswer } from './path-answer.js';

/** Types of Provider that put a mark on a commit or a comment on a change: they reach nobody who is not looking there. */
const COMMIT_STATUS: ReadonlySet<string> = new Set([
  'github',
  'gitlab',
  'gitea',
  'bitbucket',
  'bitbucketserver',
  'azuredevops',
]);
const CHANGE_COMMENT: ReadonlySet<string> = new Set([
  'githubpullrequestcomment',
  'gitlabmergerequestcomment',
  'giteapullrequestcomment',
]);
/** They record or trigger, but call nobody. */
const RECORDERS: ReadonlySet<string> = new Set(['grafana', 'otel', 'githubdispatch']);
const CALLERS: ReadonlySet<string> = new Set([
  'alertmanager',
  'azureeventhub',
  'datadog',
  'discord',
  'generic',
  'generic-hmac',
  'googlechat',
  'googlepubsub',
  'incidentio',
  'lark',
  'matrix',
  'mastodon',
  'msteams',
  'nats',
  'ntfy',
  'opsgenie',
  'pagerduty',
  'rocket',
  'sentry',
  'slack',
  'telegram',
  'webex',
  'zulip',
]);
/** They know where to send to. */
const WITHOUT_ADDRESS: ReadonlySet<string> = new Set(['googlepubsub', 'telegram']);
/** They send nothing without a `token` in their Secret. https://fluxcd.io/flux/components/notification/providers/ */
const WITH_TOKEN: ReadonlySet<string> = new Set(['datadog', 'generic-hmac', 'matrix', 'opsgenie', 'telegram', 'webex']);
/** Slack's own API takes a token, its incoming webhooks none. */
const SLACK_API = 'https://slack.com';

/** Whether a Provider of this type tells people about failures: `pager`, or how not. */
export function pagingOf(type: string): 'pager' | 'recorder' | 'commitStatus' | 'changeComment' | 'unknown' {
  if (CALLERS.has(type)) return 'pager';
  if (RECORDERS.has(type)) return 'recorder';
  if (COMMIT_STATUS.has(type)) return 'commitStatus';
  return CHANGE_COMMENT.has(type) ? 'changeComment' : 'unknown';
}

/** Where a Provider sends to: `spec.address`, or `address` in its Secret, which wins. Scheme and host only. */
export interface ProviderAddress {
  readonly origin: string;
  readonly from: 'spec' | 'secret';
  /** A path or query follows, as in a webhook that authenticates by its address. */
  readonly hasPath: boolean;
}

export function addressOf({ spec }: Provider, secret: SecretFacts | null | undefined): ProviderAddress | undefined {
  if (secret?.address) return { ...secret.address, from: 'secret' };
  // A key without a value overrides the field all the same.
  if (secret?.keys.includes('address') && secret.lengths['address'] === 0) return undefined;
  if (spec.address === undefined || spec.address === '') return undefined;
  return { origin: spec.address, from: 'spec', hasPath: spec.addressHasPath === true };
}

/** Names that the cluster resolves to itself: Services, bare names, loopback. */
export function isInCluster(origin: string): boolean {
  const host = /^[a-z][a-z0-9+.-]*:\/\/(\[[^\]]*\]|[^:/]*)/i.exec(origin)?.[1]?.toLowerCase().replace(/\.$/, '') ?? '';
  return (
    (host !== '' && !host.includes('.') && !host.startsWith('[')) ||
    /\.svc(\.|$)/.test(host) ||
    host.startsWith('127.') ||
    host === '[::1]'
  );
}

export type SecretFactsByName = Collected<Artifacts['secretFacts']>;

/** What is known of a Secret by name, with its own state. */
export function secretNamed(
  secrets: SecretFactsByName,
  namespace: string,
  name: string,
): Collected<SecretFacts | null> {
  if (secrets.state === 'unavailable') return secrets;
  const key = `${namespace}/${name}`;
  const entry = Object.hasOwn(secrets.value, key) ? secrets.value[key] : undefined;
  return (
    entry ?? {
      state: 'unavailable',
      reason: 'notCollected',
      message: `The Secret ${key} was not read.`,
      missing: [],
    }
  );
}

const NEAR = 7;

/** Whether what is handed to a Provider reaches somebody, as far as its objects tell. */
export function judgeProvider(provider: Provider, secrets: SecretFactsByName): PathAnswer {
  const { namespace = '', name } = provider.metadata;
  const label = `Provider ${namespace}/${name}`;
  const { spec } = provider;
  const type = spec.type ?? '';
  if (spec.suspend === true) {
    return uncovered('PROVIDER_SUSPENDED', `${label} is suspended`, NEAR, {
      object: provider,
      pointer: '/spec/suspend',
      observed: true,
      expected: 'false or absent',
    });
  }
  const paging = pagingOf(type);
  const place = {
    object: provider,
    pointer: '/spec/type',
    observed: excerpt(type),
    expected: 'a type that calls people',
  };
  if (paging === 'commitStatus' || paging === 'changeComment') {
    const what = paging === 'commitStatus' ? 'only marks commits' : 'only comments on changes';
    return uncovered('PROVIDER_NOT_PAGEABLE', `${label} of type ${type} ${what} and calls nobody`, NEAR, place);
  }
  const answers: [PathAnswer, ...PathAnswer[]] = [
    paging === 'pager'
      ? covered('ALERT', `${label} of type ${type}`)
      : partial(
          paging === 'recorder' ? 'PROVIDER_NO_PAGER' : 'PROVIDER_TYPE_UNKNOWN',
          paging === 'recorder'
            ? `${label} of type ${type} records failures and calls nobody`
            : `${label} has the type "${excerpt(type, 40)}", which is not known`,
          NEAR,
          place,
        ),
  ];
  for (const field of ['certSecretRef', 'proxySecretRef'] as const) {
    const reference = spec[field];
    if (!reference) continue;
    const state = secretNamed(secrets, namespace, reference.name);
    if (state.state === 'unavailable') answers.push(unread(state));
    else if (state.value === null) answers.push(missingSecret(provider, field, reference.name));
  }
  return worstAnswer([...answers, judgeCredential(provider, type, secrets)]);
}

function missingSecret(provider: Provider, field: string, name: string): PathAnswer {
  const { namespace = '' } = provider.metadata;
  const why = `Provider ${namespace}/${provider.metadata.name} names the Secret ${name}, which does not exist, so nothing is sent`;
  return uncovered('PROVIDER_SECRET_MISSING', why, NEAR, {
    object: provider,
    pointer: `/spec/${field}/name`,
    observed: name,
    expected: `a Secret of namespace ${namespace}`,
  });
}

function judgeCredential(provider: Provider, type: string, secrets: SecretFactsByName): PathAnswer {
  const { namespace = '', name } = provider.metadata;
  const { secretRef } = provider.spec;
  const label = `Provider ${namespace}/${name}`;
  const state = secretRef && secretNamed(secrets, namespace, secretRef.name);
  if (state?.state === 'unavailable') return unread(state);
  if (secretRef && state?.value === null) return missingSecret(provider, 'secretRef', secretRef.name);
  const secret = state?.value ?? undefined;
  const address = addressOf(provider, secret);
  const wanting = (key: string): PathAnswer => ({
    ...uncovered(
      `PROVIDER_NO_${key.toUpperCase()}`,
      `${label} of type ${type} has no ${key}, so nothing is sent`,
      NEAR,
      {
        object: provider,
        pointer: secretRef ? '/spec/secretRef' : '/spec',
        observed: secretRef ? { name: secretRef.name } : type,
        expected: key === 'address' ? 'spec.address, or the key address in its Secret' : `the key ${key} in its Secret`,
      },
    ),
  });
  if (!address && !WITHOUT_ADDRESS.has(type)) return wanting('address');
  const needsToken = WITH_TOKEN.has(type) || (type === 'slack' && address?.origin === SLACK_API);
  if (needsToken && !((secret?.lengths['token'] ?? 0) > 0)) return wanting('token');
  if (address && /^http:/i.test(address.origin) && !isInCluster(address.origin)) {
    return partial('PROVIDER_PLAIN_HTTP', `${label} sends over http, which anybody on the way can read or drop`, NEAR, {
      object: provider,
      pointer: address.from === 'spec' ? '/spec/address' : '/spec/secretRef',
      observed: address.origin,
      expected: 'an https address',
    });
  }
  return covered('ALERT', label);
}
