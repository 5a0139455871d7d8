/** Who asks: what authentication hands to the authorizers. Names are compared exactly, upper and lower case apart. */
export interface Identity {
  readonly user: string;
  /** All of them, the implicit ones included; the functions below add those. */
  readonly groups: readonly string[];
}

export interface AccountName {
  readonly namespace: string;
  readonly name: string;
}

export const AUTHENTICATED = 'system:authenticated';
export const UNAUTHENTICATED = 'system:unauthenticated';
/** Its members are allowed everything before RBAC is asked. */
export const MASTERS = 'system:masters';
const ACCOUNT_PREFIX = 'system:serviceaccount:';
const ALL_ACCOUNTS = 'system:serviceaccounts';

/** A request without credentials, where the API server lets these in. */
export const ANONYMOUS: Identity = { user: 'system:anonymous', groups: [UNAUTHENTICATED] };

/** A person or a machine with a certificate or an OIDC token; `system:authenticated` is added. */
export function userIdentity(user: string, groups: readonly string[] = []): Identity {
  return { user, groups: [...new Set([...groups, AUTHENTICATED])] };
}

/**
 * A service account. It need not exist: impersonation takes its name, and bindings to the name and its groups apply.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#service-account-tokens
 */
export function accountIdentity({ namespace, name }: AccountName): Identity {
  return { user: accountUser(namespace, name), groups: [ALL_ACCOUNTS, accountsGroup(namespace), AUTHENTICATED] };
}

export function accountUser(namespace: string, name: string): string {
  return `${ACCOUNT_PREFIX}${namespace}:${name}`;
}

/** The group of all service accounts of a namespace. */
export function accountsGroup(namespace: string): string {
  return `${ALL_ACCOUNTS}:${namespace}`;
}

/** The account that a user name stands for, or undefined where it is not one of a service account. */
export function accountOf(user: string): AccountName | undefined {
  if (!user.startsWith(ACCOUNT_PREFIX)) return undefined;
  const [namespace, name, ...more] = user.slice(ACCOUNT_PREFIX.length).split(':');
  return namespace && name && more.length === 0 ? { namespace, name } : undefined;
}
