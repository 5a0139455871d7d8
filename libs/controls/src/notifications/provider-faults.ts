import type { Collected, Evidence, Provider, SecretFacts, Severity } from '#libs/core';
import { objectReference } from '#libs/core';
import { addressOf, excerpt, isInCluster } from '#libs/flux';

/** One thing about where and how a Provider sends. */
export interface ProviderFault {
  readonly outcome: 'fail' | 'warn';
  readonly severity: Severity;
  readonly reason: string;
  /** Continues "Provider a/b ", without a full stop. */
  readonly what: string;
  /** Two sentences: why it matters, and what to do. */
  readonly advice: string;
  readonly evidence: Evidence;
}

/** Types whose address authenticates the sender by its path, which is meant to be in a Secret. */
const WEBHOOK_TYPES: ReadonlySet<string> = new Set([
  'discord',
  'googlechat',
  'lark',
  'msteams',
  'rocket',
  'slack',
  'zulip',
]);
/** Slack's own API takes a token; its path is the same for everybody. */
const SLACK_API = 'https://slack.com';

const IN_SECRET =
  'Put the address into the key address of the Secret that spec.secretRef names, and renew the webhook.';

export function providerFaults(
  provider: Provider,
  secret: Collected<SecretFacts | null> | undefined,
): readonly ProviderFault[] {
  return [...specFaults(provider), ...(secret?.state === 'unavailable' ? [] : addressFaults(provider, secret?.value))];
}

/** What stands in the object itself, whatever its Secret holds. */
function specFaults(provider: Provider): readonly ProviderFault[] {
  const { spec } = provider;
  const type = spec.type ?? '';
  const object = objectReference(provider);
  const faults: ProviderFault[] = [];
  const origin = spec.address ?? '';
  const isWebhook =
    spec.addressHasPath === true && WEBHOOK_TYPES.has(type) && !(type === 'slack' && origin === SLACK_API);
  if (spec.addressHadUserInfo === true || isWebhook) {
    faults.push({
      outcome: 'fail',
      severity: 'medium',
      reason: 'SECRET_IN_SPEC',
      what:
        spec.addressHadUserInfo === true
          ? 'has a user name or password in spec.address'
          : `has the whole address of its webhook in spec.address, which is all that a sender of type ${type} needs`,
      advice: `Objects are read by more people than Secrets, and they are kept in Git. ${IN_SECRET}`,
      evidence: {
        object,
        pointer: spec.addressHadUserInfo === true ? '/spec/addressHadUserInfo' : '/spec/addressHasPath',
        observed: true,
        expected: 'an address without a credential, or the address in a Secret',
      },
    });
  }
  if (spec.proxy === undefined || spec.proxy === '') return faults;
  const evidence: Evidence = {
    object,
    pointer: '/spec/proxy',
    observed: excerpt(spec.proxy, 200),
    expected: 'absent; spec.proxySecretRef instead',
  };
  faults.push({
    outcome: 'warn',
    severity: 'low',
    reason: 'PROXY_DEPRECATED',
    what: 'has the deprecated field spec.proxy',
    advice:
      'It goes away with the next version of the API. Put the address of the proxy into a Secret, and name it in spec.proxySecretRef.',
    evidence,
  });
  if (/^http:/i.test(spec.proxy)) {
    const inside = isInCluster(spec.proxy);
    faults.push({
      outcome: inside ? 'warn' : 'fail',
      severity: inside ? 'low' : 'medium',
      reason: 'PROXY_PLAIN_HTTP',
      what: 'goes through a proxy that is spoken to over http',
      advice: 'What it says to the proxy can be read on the way. Use an https address.',
      evidence,
    });
  }
  return faults;
}

function addressFaults(provider: Provider, secret: SecretFacts | null | undefined): readonly ProviderFault[] {
  const address = addressOf(provider, secret);
  if (!address) return [];
  const { origin, from } = address;
  const inside = isInCluster(origin);
  const evidence = (expected: string): Evidence =>
    from === 'spec' || !secret
      ? { object: objectReference(provider), pointer: '/spec/address', observed: excerpt(origin, 200), expected }
      : {
          object: objectReference({ apiVersion: 'v1', kind: 'Secret', metadata: secret.metadata }),
          pointer: '/address/origin',
          observed: excerpt(origin, 200),
          expected,
        };
  const faults: ProviderFault[] = [];
  if (/^http:/i.test(origin)) {
    faults.push({
      outcome: inside ? 'warn' : 'fail',
      severity: inside ? 'low' : 'medium',
      reason: 'PLAIN_HTTP',
      what: `sends over http to ${excerpt(origin, 120)}${inside ? ', which is inside the cluster' : ''}`,
      advice:
        'Messages hold names, revisions and errors of what is deployed, and they can be read and dropped on the way. Use an https address.',
      evidence: evidence('an https address'),
    });
  }
  if (provider.spec.type === 'generic' && !inside) {
    faults.push({
      outcome: 'warn',
      severity: 'low',
      reason: 'GENERIC_WITHOUT_HMAC',
      what: `of type generic sends to ${excerpt(origin, 120)} without a signature`,
      advice:
        'The receiver cannot tell its messages from those of others. Use the type generic-hmac with a token in the Secret.',
      evidence: evidence('type generic-hmac, or an address inside the cluster'),
    });
  }
  return faults;
}
