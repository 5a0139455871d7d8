import type { AccessRule } from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import { Fields } from '../projection/fields.js';
import type { ClusterClient } from './cluster-client.js';

/** Who the credential is, as the API server sees it. */
export interface ClusterUser {
  readonly name: string;
  readonly groups: readonly string[];
}

/**
 * Whether the credential has a permission, by SelfSubjectAccessReview. Undefined where the API server does not say
 * (an admission webhook may refuse the question): that is not "no".
 */
export async function mayI(client: ClusterClient, rule: AccessRule): Promise<boolean | undefined> {
  const { verb, group, resource, namespace, name } = rule;
  const resourceAttributes = {
    verb,
    group,
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
  try {
    const { body } = await client.review('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    });
    return Fields.of(body).child('status')?.flag('allowed');
  } catch (error) {
    if (error instanceof ClusterError && UNANSWERED.has(error.code)) return undefined;
    throw error;
  }
}

/** The own identity by SelfSubjectReview (v1 since Kubernetes 1.28); undefined where the server does not know it. */
export async function whoAmI(client: ClusterClient): Promise<ClusterUser | undefined> {
  for (const version of ['v1', 'v1beta1']) {
    try {
      const { body } = await client.review(`/apis/authentication.k8s.io/${version}/selfsubjectreviews`, {
        apiVersion: `authentication.k8s.io/${version}`,
        kind: 'SelfSubjectReview',
      });
      const user = Fields.of(body).child('status')?.child('userInfo');
      const name = user?.text('username');
      if (name === undefined) return undefined;
      return { name: printable(name), groups: (user?.texts('groups') ?? []).slice(0, 100).map(printable) };
    } catch (error) {
      if (!(error instanceof ClusterError) || !UNANSWERED.has(error.code)) throw error;
      if (error.code !== 'notFound') return undefined;
    }
  }
  return undefined;
}

const UNANSWERED: ReadonlySet<string> = new Set(['notFound', 'rejected', 'forbidden', 'transient', 'malformed']);

function printable(text: string): string {
  return text.replace(/\p{C}/gu, '').slice(0, 253);
}
