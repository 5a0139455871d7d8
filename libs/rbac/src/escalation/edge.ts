import type { Need } from './need.js';

export type EdgeId = `E${number}`;

/** What an edge gives, in the namespace of the edge where it has one. */
export type Gives =
  | 'admin'
  | 'host'
  | 'node'
  | 'interception'
  | 'accounts'
  | 'missingAccounts'
  | 'strandedAccounts'
  | 'namedAccounts'
  | 'runningAccounts'
  | 'credentials'
  | 'users'
  | 'groups'
  | 'groupsButMasters'
  | 'everyone'
  | 'clusterRoles'
  | 'roles'
  | 'ownClusterRoles'
  | 'missingClusterRoles'
  | 'ownRoles'
  | 'missingRoles'
  | 'fluxControllers'
  | { readonly account: { readonly namespace: string; readonly name: string } };

/** One way from rights to more rights. */
export interface Edge {
  readonly id: EdgeId;
  /** What is done with the right, for people. */
  readonly title: string;
  /** All of them. */
  readonly needs: readonly Need[];
  /** The names that the first right is limited to choose among what is given. */
  readonly named?: true;
  readonly gives: readonly Gives[];
  /** The only namespaces in which the rights lead there, wherever among them; absent for every namespace. */
  readonly namespaces?: readonly string[];
}
