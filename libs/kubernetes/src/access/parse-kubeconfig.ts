import { checkParts, type AccessParts, type PartPointers } from './access-parts.js';
import type { ClusterAccess } from './cluster-access.js';
import {
  KubeconfigRejected,
  problem,
  type KubeconfigErrorCode,
  type KubeconfigProblem,
} from './kubeconfig-rejected.js';
import { parsePlainYaml, pointerToken, type PlainMap, type PlainValue } from './plain-yaml.js';

/** What each known field is: taken, ignored because it changes nothing, or refused with a code. */
type Rule = 'take' | 'ignore' | KubeconfigErrorCode;

/** Fields of client-go's `clientcmd/api/v1` types. Anything else is `unknownField`. */
const TOP: Readonly<Record<string, Rule>> = {
  apiVersion: 'take',
  kind: 'take',
  'current-context': 'take',
  contexts: 'take',
  clusters: 'take',
  users: 'take',
  preferences: 'ignore',
  extensions: 'extensions',
};
const CONTEXT: Readonly<Record<string, Rule>> = {
  cluster: 'take',
  user: 'take',
  namespace: 'ignore',
  extensions: 'extensions',
};
const CLUSTER: Readonly<Record<string, Rule>> = {
  server: 'take',
  'certificate-authority-data': 'take',
  'tls-server-name': 'take',
  'disable-compression': 'ignore',
  'certificate-authority': 'certificateAuthorityFile',
  'insecure-skip-tls-verify': 'insecureSkipTlsVerify',
  'proxy-url': 'proxyUrl',
  extensions: 'extensions',
};
const USER: Readonly<Record<string, Rule>> = {
  token: 'take',
  'client-certificate-data': 'take',
  'client-key-data': 'take',
  exec: 'exec',
  'auth-provider': 'authProvider',
  tokenFile: 'tokenFile',
  'client-certificate': 'clientCertificateFile',
  'client-key': 'clientKeyFile',
  username: 'usernamePassword',
  password: 'usernamePassword',
  as: 'impersonation',
  'as-uid': 'impersonation',
  'as-groups': 'impersonation',
  'as-user-extra': 'impersonation',
  extensions: 'extensions',
};

/**
 * Reads one context of a kubeconfig that somebody sent. The text is data: nothing in it is run, no file it names is read,
 * and only fields on the list above are looked at. Entries that the chosen context does not use are dropped unread.
 * Throws `KubeconfigRejected` with every problem found; never repeats a value.
 */
export function parseKubeconfig(text: string, options: { readonly context?: string } = {}): ClusterAccess {
  const parsed = parsePlainYaml(text);
  if ('problem' in parsed) throw new KubeconfigRejected([parsed.problem]);
  if (!isMap(parsed.value)) throw new KubeconfigRejected([problem('', 'notKubeconfig')]);
  const reader = new Reader();
  const access = reader.read(parsed.value, options.context);
  const [first, ...rest] = reader.problems;
  if (first) throw new KubeconfigRejected([first, ...rest]);
  if (!access) throw new KubeconfigRejected([problem('', 'notKubeconfig')]);
  return access;
}

class Reader {
  readonly problems: KubeconfigProblem[] = [];

  read(config: PlainMap, wanted: string | undefined): ClusterAccess | undefined {
    if ((config.kind ?? 'Config') !== 'Config' || (config.apiVersion ?? 'v1') !== 'v1') {
      return this.refuse('', 'notKubeconfig');
    }
    this.checkFields(config, '', TOP);
    const name = wanted ?? this.text(config, 'current-context', '');
    if (name === undefined || name === '') return this.refuse('/current-context', 'contextNotChosen');
    const context = this.named(config, 'contexts', 'context', name, 'contextMissing');
    if (!context) return undefined;
    this.checkFields(context.value, context.pointer, CONTEXT);
    const clusterName = this.text(context.value, 'cluster', context.pointer) ?? '';
    const userName = this.text(context.value, 'user', context.pointer) ?? '';
    const cluster = this.named(config, 'clusters', 'cluster', clusterName, 'clusterMissing');
    const user = this.named(config, 'users', 'user', userName, 'userMissing');
    if (!cluster || !user) return undefined;
    this.checkFields(cluster.value, cluster.pointer, CLUSTER);
    this.checkFields(user.value, user.pointer, USER);
    const refusedUser = this.problems.some(({ pointer }) => pointer.startsWith(`${user.pointer}/`));
    const { access, problems } = checkParts(this.parts(cluster, user), pointersOf(cluster.pointer, user.pointer));
    // A user whose only credential was refused above needs no second complaint about having none.
    this.problems.push(...problems.filter(({ code }) => !(code === 'noCredential' && refusedUser)));
    return access;
  }

  private parts(cluster: Entry, user: Entry): AccessParts {
    const read = (entry: Entry, key: string) => this.text(entry.value, key, entry.pointer);
    const parts: Record<keyof AccessParts, string | undefined> = {
      server: read(cluster, 'server'),
      certificateAuthorityData: read(cluster, 'certificate-authority-data'),
      tlsServerName: read(cluster, 'tls-server-name'),
      proxyUrl: undefined,
      token: read(user, 'token'),
      clientCertificateData: read(user, 'client-certificate-data'),
      clientKeyData: read(user, 'client-key-data'),
    };
    return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  }

  private checkFields(map: PlainMap, pointer: string, rules: Readonly<Record<string, Rule>>): void {
    for (const [key, value] of Object.entries(map)) {
      const rule = Object.hasOwn(rules, key) ? rules[key] : 'unknownField';
      if (rule === undefined || rule === 'take' || rule === 'ignore') continue;
      // The default spelled out is not a request to skip anything.
      if (rule === 'insecureSkipTlsVerify' && value === false) continue;
      this.refuse(`${pointer}/${pointerToken(key)}`, rule);
    }
  }

  /** The entry of a named list (`- name: x, <field>: {…}`) that the context means. */
  private named(
    config: PlainMap,
    list: string,
    field: string,
    name: string,
    missing: KubeconfigErrorCode,
  ): Entry | undefined {
    const entries = config[list];
    if (!Array.isArray(entries)) return this.refuse(`/${list}`, missing);
    const found = (entries as readonly PlainValue[]).flatMap((entry, index) =>
      isMap(entry) && entry.name === name ? [{ entry, index }] : [],
    );
    const [match, second] = found;
    if (!match) return this.refuse(`/${list}`, missing);
    if (second) return this.refuse(`/${list}/${second.index}/name`, 'duplicateName');
    const pointer = `/${list}/${match.index}`;
    this.checkFields(match.entry, pointer, { name: 'take', [field]: 'take' });
    const value = match.entry[field];
    return isMap(value) ? { pointer: `${pointer}/${field}`, value } : this.refuse(`${pointer}/${field}`, missing);
  }

  private text(map: PlainMap, key: string, pointer: string): string | undefined {
    const value = Object.hasOwn(map, key) ? map[key] : undefined;
    if (value === undefined || value === null || typeof value === 'string') return value ?? undefined;
    return this.refuse(`${pointer}/${key}`, 'wrongType');
  }

  private refuse(pointer: string, code: KubeconfigErrorCode): undefined {
    this.problems.push(problem(pointer, code));
    return undefined;
  }
}

interface Entry {
  readonly pointer: string;
  readonly value: PlainMap;
}

function pointersOf(cluster: string, user: string): PartPointers {
  return {
    server: `${cluster}/server`,
    certificateAuthorityData: `${cluster}/certificate-authority-data`,
    tlsServerName: `${cluster}/tls-server-name`,
    proxyUrl: `${cluster}/proxy-url`,
    token: `${user}/token`,
    clientCertificateData: `${user}/client-certificate-data`,
    clientKeyData: `${user}/client-key-data`,
    user,
  };
}

function isMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
