import {
  type AccountName,
  accountIdentity,
  accountOf,
  AUTHENTICATED,
  type Identity,
  MASTERS,
  userIdentity,
} from '../identity.js';
import type { RbacIndex } from '../rbac-index.js';
import type { ClusterFacts } from './facts.js';
import type { HubName, Node } from './nodes.js';

/** What stands behind the hubs of one cluster: read from the facts and the index once. */
export class Hubs {
  private readonly accounts: ReadonlyMap<string, ReadonlyMap<string, Identity>>;
  private readonly missing: ReadonlyMap<string, ReadonlyMap<string, Identity>>;
  private readonly stranded: ReadonlyMap<string, ReadonlyMap<string, Identity>>;
  private readonly running: ReadonlyMap<string, ReadonlyMap<string, Identity>>;
  private readonly byPod: ReadonlyMap<string, Identity>;
  private readonly credentials: ReadonlyMap<string, ReadonlyMap<string, Identity>>;
  private readonly users: ReadonlyMap<string, Identity>;
  private readonly groups: ReadonlyMap<string, Identity>;

  constructor(
    private readonly index: RbacIndex,
    facts: ClusterFacts,
  ) {
    const { serviceAccounts, pods, credentials } = facts;
    const podAccounts = pods.map(({ namespace, serviceAccount }) => ({ namespace, name: serviceAccount }));
    // The controller-manager sees to it that every namespace has one.
    const defaults = facts.namespaces.map((namespace) => ({ namespace, name: 'default' }));
    this.accounts = byNamespace([...serviceAccounts, ...podAccounts, ...defaults]);
    this.running = byNamespace(podAccounts);
    this.byPod = new Map(
      pods.map(({ namespace, name, serviceAccount }) => [
        `${namespace}/${name}`,
        accountIdentity({ namespace, name: serviceAccount }),
      ]),
    );
    const secrets = new Map<string, Map<string, Identity>>();
    for (const { namespace, name, of } of credentials) place(secrets, namespace, name, of);
    this.credentials = secrets;

    const named: AccountName[] = [];
    const users = new Map<string, Identity>();
    const groups = new Map<string, Identity>();
    for (const key of index.bySubject.keys()) {
      const name = key.slice(key.indexOf(':') + 1);
      const account = key.startsWith('user:') ? accountOf(name) : undefined;
      if (account !== undefined) named.push(account);
      else if (key.startsWith('user:')) users.set(name, userIdentity(name));
      else if (name !== MASTERS) groups.set(name, groupIdentity(name));
    }
    this.users = users;
    this.groups = groups;
    const existing = new Set(facts.namespaces);
    const missing = named.filter(({ namespace, name }) => !this.accounts.get(namespace)?.has(name));
    this.missing = byNamespace(missing.filter(({ namespace }) => existing.has(namespace)));
    this.stranded = byNamespace(missing.filter(({ namespace }) => !existing.has(namespace)));
  }

  /** Where a hub leads: to the hubs of all namespaces, or to what is in one. */
  behind(hub: HubName, namespace: string | null): readonly Node[] {
    switch (hub) {
      case 'users':
        return identities(this.users);
      case 'groups':
        return identities(this.groups);
      case 'everyone':
        return [hubNode('users', null), hubNode('groups', null), hubNode('namedAccounts', null)];
      case 'namedAccounts':
        return (['accounts', 'missingAccounts', 'strandedAccounts'] as const).map((each) => hubNode(each, namespace));
      case 'clusterRoles':
        return [...this.index.clusterRoles.values()].map((role) => ({ kind: 'role', role, namespace }));
      default:
        return namespace === null
          ? this.namespaces(hub).map((each) => hubNode(hub, each))
          : this.inside(hub, namespace);
    }
  }

  private inside(hub: HubName, namespace: string): readonly Node[] {
    if (hub === 'roles')
      return [...this.index.roles.values()]
        .filter(({ metadata }) => metadata.namespace === namespace)
        .map((role) => ({ kind: 'role', role, namespace }));
    return identities(this.table(hub).get(namespace));
  }

  /** The one of a hub that has the name, in one namespace or in each. */
  named(hub: HubName, namespace: string | null, name: string): readonly Node[] {
    if (hub === 'users' && accountOf(name) === undefined) return [{ kind: 'identity', identity: userIdentity(name) }];
    if (hub === 'groups') return name === MASTERS ? [] : [{ kind: 'identity', identity: groupIdentity(name) }];
    if (hub === 'clusterRoles') {
      const role = this.index.clusterRoles.get(name);
      return role === undefined ? [] : [{ kind: 'role', role, namespace }];
    }
    const namespaces = namespace === null ? this.namespaces(hub) : [namespace];
    return namespaces.flatMap((each): Node[] => {
      if (hub === 'roles') {
        const role = this.index.roles.get(`${each}/${name}`);
        return role === undefined ? [] : [{ kind: 'role', role, namespace: each }];
      }
      // A name is enough to impersonate.
      if (hub === 'namedAccounts') return [{ kind: 'identity', identity: accountIdentity({ namespace: each, name }) }];
      const found =
        hub === 'runningAccounts' ? this.byPod.get(`${each}/${name}`) : this.table(hub).get(each)?.get(name);
      return found === undefined ? [] : [{ kind: 'identity', identity: found }];
    });
  }

  private namespaces(hub: HubName): readonly string[] {
    if (hub === 'roles')
      return [...new Set([...this.index.roles.values()].map(({ metadata }) => metadata.namespace ?? ''))];
    if (hub === 'namedAccounts')
      return [...new Set([...this.accounts.keys(), ...this.missing.keys(), ...this.stranded.keys()])];
    return [...this.table(hub).keys()];
  }

  private table(hub: HubName): ReadonlyMap<string, ReadonlyMap<string, Identity>> {
    if (hub === 'credentials') return this.credentials;
    if (hub === 'runningAccounts') return this.running;
    if (hub === 'strandedAccounts') return this.stranded;
    return hub === 'missingAccounts' ? this.missing : this.accounts;
  }
}

export function hubNode(hub: HubName, namespace: string | null): Node {
  return { kind: 'hub', hub, namespace };
}

/** Somebody of whom nothing is known but the group. */
function groupIdentity(name: string): Identity {
  return { user: '', groups: [...new Set([name, AUTHENTICATED])] };
}

function identities(table: ReadonlyMap<string, Identity> | undefined): readonly Node[] {
  return [...(table?.values() ?? [])].map((identity) => ({ kind: 'identity', identity }));
}

function byNamespace(accounts: readonly AccountName[]): Map<string, Map<string, Identity>> {
  const table = new Map<string, Map<string, Identity>>();
  for (const account of accounts) place(table, account.namespace, account.name, accountIdentity(account));
  return table;
}

function place<T>(table: Map<string, Map<string, T>>, namespace: string, name: string, value: T): void {
  const inner = table.get(namespace) ?? new Map<string, T>();
  table.set(namespace, inner);
  if (!inner.has(name)) inner.set(name, value);
}
