import type { Artifacts, Collected, Evidence, ImageRepository, Severity, Source } from '#libs/core';
import { objectReference } from '#libs/core';
import { excerpt, isInCluster, parseImageReference } from '#libs/flux';
import { type NamedSecret, namedSecret, secretEvidence } from '../secret-decryption/named-secret.js';

/** One way in which what is fetched, or the credential for it, can be read or changed on the way. */
export interface TransportFault {
  readonly outcome: 'fail' | 'warn';
  readonly severity: Severity;
  readonly reason: string;
  /** Continues "GitRepository a/b ", without a full stop. */
  readonly what: string;
  /** Two sentences: why it matters and what to do. */
  readonly advice: string;
  readonly evidence: Evidence;
}

type Unread = Extract<NamedSecret, { state: 'unavailable' }>;

const ON_THE_WAY = 'Whoever is on the way can read the credential and replace what Flux applies.';

/** By where a plain connection leads: inside the cluster it is a warning. */
function plain(
  place: {
    readonly object: Source | ImageRepository;
    readonly pointer: string;
    readonly observed: Evidence['observed'];
  },
  host: string,
  fault: { readonly reason: string; readonly what: string; readonly advice: string; readonly expected: string },
): TransportFault {
  const inside = isInCluster(host);
  const { reason, what, advice, expected } = fault;
  return {
    outcome: inside ? 'warn' : 'fail',
    severity: inside ? 'low' : 'high',
    reason,
    what: inside ? `${what}, which is inside the cluster` : what,
    advice,
    evidence: { object: objectReference(place.object), pointer: place.pointer, observed: place.observed, expected },
  };
}

const HTTP = /^http:\/\//i;
const withScheme = (address: string): string =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;

/** `spec.insecure` lets a client speak HTTP, or take any certificate. */
function insecure(object: Source | ImageRepository, address: string): readonly TransportFault[] {
  if (object.spec.insecure !== true) return [];
  return [
    plain({ object, pointer: '/spec/insecure', observed: true }, withScheme(address), {
      reason: 'INSECURE',
      what: `is told to connect to ${excerpt(address, 120)} without TLS (spec.insecure)`,
      advice: `${ON_THE_WAY} Remove spec.insecure; for a certificate of your own, name its CA in certSecretRef.`,
      expected: 'false or absent',
    }),
  ];
}

function plainAddress(
  source: Source,
  field: 'url' | 'endpoint' | 'stsEndpoint',
  reason: string,
): readonly TransportFault[] {
  const address = source.spec[field];
  if (address === undefined || !HTTP.test(address)) return [];
  const observed = excerpt(address, 200);
  return [
    plain({ object: source, pointer: `/spec/${field}`, observed }, address, {
      reason,
      what: `connects to ${excerpt(address, 120)} over http`,
      advice: `${ON_THE_WAY} Use an https address.`,
      expected: 'an https address',
    }),
  ];
}

/** https://fluxcd.io/flux/components/source/helmrepositories/#pass-credentials */
function passedCredentials(source: Source): readonly TransportFault[] {
  if (source.spec.passCredentials !== true) return [];
  return [
    {
      outcome: 'fail',
      severity: 'medium',
      reason: 'PASS_CREDENTIALS',
      what: 'gives its credential to every host that its index names (spec.passCredentials)',
      advice:
        'Whoever writes the index decides which hosts get it. Remove spec.passCredentials, and serve charts from the host of the index.',
      evidence: {
        object: objectReference(source),
        pointer: '/spec/passCredentials',
        observed: true,
        expected: 'false or absent',
      },
    },
  ];
}

function isSsh(url: string): boolean {
  return /^ssh:\/\//i.test(url) || /^[\w.-]+@[^:/]+:/.test(url);
}

/** A host is only known by the keys in `known_hosts`. https://fluxcd.io/flux/components/source/gitrepositories/#ssh-authentication */
function knownHosts(source: Source, secret: NamedSecret): readonly TransportFault[] {
  if (secret.state === 'unavailable' || secret.value === null) return [];
  const { keys, lengths } = secret.value;
  if (keys.includes('known_hosts') && lengths['known_hosts'] !== 0) return [];
  const shown = keys.map((key) => excerpt(key, 60)).slice(0, 10);
  return [
    {
      outcome: 'fail',
      severity: 'high',
      reason: 'NO_KNOWN_HOSTS',
      what: `connects by SSH with the Secret ${excerpt(source.spec.secretRef?.name ?? '', 120)}, which has no known_hosts`,
      advice:
        'Without it nothing tells the Git host from somebody who answers in its place. Add the public keys of the host, as its operator publishes them, to the Secret.',
      evidence: secretEvidence(secret.value, '/keys', shown, 'the key known_hosts'),
    },
  ];
}

function plainProxy(source: Source, secret: NamedSecret): readonly TransportFault[] {
  const origin = secret.state === 'collected' ? secret.value?.address?.origin : undefined;
  if (secret.state === 'unavailable' || !secret.value || origin === undefined || !HTTP.test(origin)) return [];
  const inside = isInCluster(origin);
  return [
    {
      outcome: inside ? 'warn' : 'fail',
      severity: inside ? 'low' : 'medium',
      reason: 'PROXY_PLAIN_HTTP',
      what: `goes through the proxy ${excerpt(origin, 120)}, which is spoken to over http`,
      advice:
        'What it says to the proxy, the credential for it among that, can be read on the way. Use an https address in the Secret.',
      evidence: secretEvidence(secret.value, '/address/origin', excerpt(origin, 200), 'an https address'),
    },
  ];
}

export interface Faults {
  readonly faults: readonly TransportFault[];
  /** A Secret that the verdict rests on and that could not be read. */
  readonly unread: readonly Unread[];
}

export function sourceFaults(source: Source, secretFacts: Collected<Artifacts['secretFacts']>): Faults {
  const { url = '', endpoint, secretRef, proxySecretRef } = source.spec;
  const { namespace = '' } = source.metadata;
  const named = (reference: { readonly name: string } | undefined) =>
    reference && reference.name !== '' ? namedSecret(secretFacts, namespace, reference.name) : undefined;
  const identity = source.kind === 'GitRepository' && isSsh(url) ? named(secretRef) : undefined;
  const proxy = named(proxySecretRef);
  return {
    faults: [
      ...(source.kind === 'GitRepository' ? [] : insecure(source, endpoint ?? url)),
      ...plainAddress(source, 'url', 'PLAIN_HTTP'),
      ...plainAddress(source, 'endpoint', 'PLAIN_HTTP'),
      ...plainAddress(source, 'stsEndpoint', 'STS_PLAIN_HTTP'),
      ...passedCredentials(source),
      ...(identity ? knownHosts(source, identity) : []),
      ...(proxy ? plainProxy(source, proxy) : []),
    ],
    unread: [identity, proxy].filter((secret): secret is Unread => secret?.state === 'unavailable'),
  };
}

export function imageFaults(repository: ImageRepository): readonly TransportFault[] {
  return insecure(repository, parseImageReference(repository.spec.image ?? '').registry);
}
