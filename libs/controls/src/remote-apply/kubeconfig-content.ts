import type { KubeConfigFacts } from '#libs/core';
import { excerpt, isInCluster } from '#libs/flux';
import type { KubeConfigFlaw } from './kubeconfig-flaw.js';
import type { FlagState } from './kubeconfig-flags.js';

/** The flags of the controllers that use a kubeconfig. */
export interface KubeConfigFlags {
  readonly exec: FlagState;
  readonly tls: FlagState;
}

/** Fields that Flux leaves out of a kubeconfig before it uses it. */
const DROPPED = ['certificate-authority', 'client-certificate', 'client-key', 'auth-provider'];
const IMPERSONATION = ['as', 'as-uid', 'as-groups', 'as-user-extra'];
const SELF_CONTAINED = 'Write a self-contained kubeconfig, with certificate-authority-data and a short-lived token.';

/** What the fields of a kubeconfig make of it: everything but the credential itself. `at` = where its facts stand. */
export function contentFlaws(config: KubeConfigFacts, at: string, flags: KubeConfigFlags): readonly KubeConfigFlaw[] {
  return [
    ...execFlaws(config, at, flags),
    ...tlsFlaws(config, at, flags),
    ...serverFlaws(config, at),
    ...fieldFlaws(config, at),
    ...proxyFlaws(config, at),
  ];
}

/** Evidence for a field that is there. */
function field({ fields }: KubeConfigFacts, at: string, names: readonly string[]) {
  const index = fields.findIndex((name) => names.includes(name));
  return { pointer: `${at}/fields/${index}`, observed: excerpt(fields[index] ?? '', 60) };
}

function execFlaws(config: KubeConfigFacts, at: string, { exec }: KubeConfigFlags): readonly KubeConfigFlaw[] {
  if (!config.fields.includes('exec')) return [];
  const place = { ...field(config, at, ['exec']), expected: 'no exec section' };
  if (exec === 'off') {
    return [
      {
        ...place,
        outcome: 'fail',
        severity: 'medium',
        reason: 'EXEC_DROPPED',
        what: 'has an exec section, which Flux leaves out',
        advice: `The target cluster then sees an anonymous caller, and nothing is applied. ${SELF_CONTAINED}`,
      },
    ];
  }
  const so =
    exec === 'on'
      ? 'which a controller that uses it runs at each reconcile, because --insecure-kubeconfig-exec is on'
      : 'and whether a controller that uses it runs with --insecure-kubeconfig-exec is not known';
  return [
    {
      ...place,
      outcome: 'fail',
      severity: 'high',
      reason: 'EXEC_ALLOWED',
      what: `has an exec section, ${so}`,
      advice: `Flux recommends to keep that flag off. ${SELF_CONTAINED}`,
    },
  ];
}

function tlsFlaws(config: KubeConfigFacts, at: string, { tls }: KubeConfigFlags): readonly KubeConfigFlaw[] {
  if (config.insecureSkipTlsVerify !== true) return [];
  const place = { pointer: `${at}/insecureSkipTlsVerify`, observed: true, expected: 'false or absent' };
  const remedy =
    'Remove insecure-skip-tls-verify, and put the CA of the target cluster into certificate-authority-data.';
  if (tls === 'off') {
    const then = config.hasCaData
      ? 'the connection is verified with its CA data all the same'
      : 'without CA data the certificate of the target cluster is not trusted, and nothing is applied';
    return [
      {
        ...place,
        outcome: 'fail',
        severity: 'medium',
        reason: 'SKIP_TLS_DROPPED',
        what: 'asks to skip the verification of TLS, which Flux leaves out',
        advice: `It works differently than it is written: ${then}. ${remedy}`,
      },
    ];
  }
  const so =
    tls === 'on'
      ? 'and a controller that uses it does so, because --insecure-kubeconfig-tls is on'
      : 'and whether a controller that uses it runs with --insecure-kubeconfig-tls is not known';
  const refused = config.hasCaData ? 'Beside CA data the whole kubeconfig is refused then. ' : '';
  return [
    {
      ...place,
      outcome: 'fail',
      severity: 'critical',
      reason: 'SKIP_TLS_ALLOWED',
      what: `asks to skip the verification of TLS, ${so}`,
      advice: `${refused}Flux recommends to keep that flag off, so that the certificates of target clusters are verified. ${remedy}`,
    },
  ];
}

function serverFlaws(config: KubeConfigFacts, at: string): readonly KubeConfigFlaw[] {
  const { server, hasCaData } = config;
  if (server !== undefined && !/^https:\/\//i.test(server)) {
    const how = /^http:\/\//i.test(server)
      ? 'leads to a plain http address'
      : 'leads to an address without a scheme, which means http';
    return [
      {
        outcome: 'fail',
        severity: 'critical',
        reason: 'PLAIN_HTTP',
        what: how,
        advice:
          'No start-up flag forbids it: manifests travel unprotected, and no credential is sent. Write https:// before the address, with the CA of the target cluster in certificate-authority-data.',
        pointer: `${at}/server`,
        observed: excerpt(server, 200),
        expected: 'an address that starts with https://',
      },
    ];
  }
  if (hasCaData === true || config.insecureSkipTlsVerify === true) return [];
  return [
    {
      outcome: 'warn',
      severity: 'low',
      reason: 'NO_CA_DATA',
      what: 'has no certificate-authority-data, so the certificates of the system decide whom it trusts',
      advice:
        'That is right for an address with a public certificate only. Put the CA of the target cluster into certificate-authority-data.',
      pointer: `${at}/hasCaData`,
      observed: hasCaData ?? null,
      expected: 'certificate-authority-data',
    },
  ];
}

function fieldFlaws(config: KubeConfigFacts, at: string): readonly KubeConfigFlaw[] {
  const { fields } = config;
  const hasToken = fields.includes('token') || config.token !== undefined;
  const flaws: KubeConfigFlaw[] = [];
  const dropped = hasToken ? [...DROPPED, 'tokenFile'] : DROPPED;
  const found = dropped.filter((name) => fields.includes(name));
  if (found.length > 0) {
    flaws.push({
      ...field(config, at, dropped),
      outcome: 'fail',
      severity: 'medium',
      reason: 'DROPPED_FIELD',
      what: `has ${found.join(', ')}, which Flux leaves out`,
      advice: `It works differently than it is written, or not at all. ${SELF_CONTAINED}`,
      expected: 'only fields that Flux uses: data in the file itself, token, tls-server-name and proxy-url',
    });
  }
  if (IMPERSONATION.some((name) => fields.includes(name))) {
    flaws.push({
      ...field(config, at, IMPERSONATION),
      outcome: 'fail',
      severity: 'high',
      reason: 'IMPERSONATION_DROPPED',
      what: 'asks to act as somebody else (as), which Flux leaves out',
      advice:
        'So everything is applied with the full rights of the credential. Name the account in spec.serviceAccountName of the objects instead.',
      expected: 'no as, as-groups, as-uid or as-user-extra',
    });
  }
  if (fields.includes('tokenFile') && !hasToken) {
    flaws.push({
      ...field(config, at, ['tokenFile']),
      outcome: 'fail',
      severity: 'critical',
      reason: 'NOT_SELF_CONTAINED',
      what: 'has tokenFile and no token',
      advice:
        'Flux documents that a kubeconfig must be self-contained, and no start-up flag enforces it for this field. Put the token itself into the file; in namespaces of tenants forbid the field, or spec.kubeConfig altogether, by an admission policy.',
      expected: 'a token in the file itself',
    });
  }
  if (fields.includes('username') || fields.includes('password')) {
    flaws.push({
      ...field(config, at, ['username', 'password']),
      outcome: 'fail',
      severity: 'high',
      reason: 'BASIC_AUTH',
      what: 'has a user name and password',
      advice: `Kubernetes has had no such sign-in since 1.19, and a password does not expire. ${SELF_CONTAINED}`,
      expected: 'no username and password',
    });
  }
  return flaws;
}

function proxyFlaws({ proxyUrl }: KubeConfigFacts, at: string): readonly KubeConfigFlaw[] {
  if (proxyUrl === undefined || proxyUrl === '') return [];
  const plain = /^http:/i.test(proxyUrl);
  if (!plain && isInCluster(proxyUrl)) return [];
  return [
    {
      outcome: 'warn',
      severity: 'medium',
      reason: 'PROXY',
      what: plain ? 'goes through a proxy that is spoken to over http' : 'goes through a proxy outside this cluster',
      advice:
        'Whoever runs the proxy decides whether the platform reaches the target cluster. Use one of the platform, over https, or none.',
      pointer: `${at}/proxyUrl`,
      observed: excerpt(proxyUrl, 200),
      expected: 'no proxy, or one of the platform over https',
    },
  ];
}
