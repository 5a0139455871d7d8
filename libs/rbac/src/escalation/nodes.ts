import type { Identity } from '../identity.js';
import type { AnyRole } from '#libs/core';

/** Where rights can lead. */
export type Reached =
  | { readonly kind: 'identity'; readonly identity: Identity }
  /** What a role grants, in one namespace or (null) everywhere, as gained by binding or changing it. */
  | { readonly kind: 'role'; readonly role: AnyRole; readonly namespace: string | null }
  /** Every right on everything, or `system:masters`. */
  | { readonly kind: 'admin' }
  /** The rights of nodes: the tokens of the pods that run on them. */
  | { readonly kind: 'node' }
  /** Root on a node. */
  | { readonly kind: 'host' }
  /** Sees, and may refuse, what others send to the API server. */
  | { readonly kind: 'interception' };

/** A group of nodes that several edges lead to, so that the graph stays small. Nobody "is" a hub; paths leave it out. */
export interface Hub {
  readonly kind: 'hub';
  readonly hub: HubName;
  readonly namespace: string | null;
}

export type HubName =
  | 'accounts'
  | 'missingAccounts'
  | 'strandedAccounts'
  | 'namedAccounts'
  | 'runningAccounts'
  | 'credentials'
  | 'users'
  | 'groups'
  | 'everyone'
  | 'clusterRoles'
  | 'roles';

export type Node = Reached | Hub;

/** Gives equal nodes the same number. */
export class NodeTable {
  private readonly numbers = new Map<string, number>();
  private readonly nodes: Node[] = [];

  numberOf(node: Node): number {
    const key = keyOf(node);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.numbers.set(key, this.nodes.length);
    return this.nodes.push(node) - 1;
  }

  find(node: Node): number | undefined {
    return this.numbers.get(keyOf(node));
  }

  node(number: number): Node {
    const node = this.nodes[number];
    if (node === undefined) throw new RangeError(`There is no node ${number}.`);
    return node;
  }

  get size(): number {
    return this.nodes.length;
  }
}

function keyOf(node: Node): string {
  switch (node.kind) {
    case 'identity':
      return keyOfIdentity(node.identity);
    case 'role':
      return `role ${node.namespace ?? ''} ${node.role.kind} ${node.role.metadata.namespace ?? ''} ${node.role.metadata.name}`;
    case 'hub':
      return `hub ${node.hub} ${node.namespace ?? ''}`;
    default:
      return node.kind;
  }
}

/** Identities are made once and met often. */
const identityKeys = new WeakMap<Identity, string>();

function keyOfIdentity(identity: Identity): string {
  const known = identityKeys.get(identity);
  if (known !== undefined) return known;
  const key = `identity ${identity.user} ${JSON.stringify([...new Set(identity.groups)].toSorted())}`;
  identityKeys.set(identity, key);
  return key;
}
