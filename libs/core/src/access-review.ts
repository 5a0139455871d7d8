/** A question to the API server about somebody's right, as SubjectAccessReview puts it. */
export interface AccessQuestion {
  readonly user: string;
  /** All groups; `system:authenticated` must be among them, the API server adds none. */
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent for cluster-scoped resources; the own name for a single Namespace. */
  readonly namespace?: string;
  readonly name?: string;
}

/** The API server's answer. `allowed: null`: it gave none, which is never "no". */
export interface AccessReview {
  readonly question: AccessQuestion;
  readonly allowed: boolean | null;
  /** `status.reason`, which names the binding where RBAC allowed it. */
  readonly reason?: string;
}

/** Equal for equal questions; the order of groups does not matter. */
export function accessQuestionKey(question: AccessQuestion): string {
  const { user, groups, verb, group, resource, subresource = '', namespace = '', name = '' } = question;
  return JSON.stringify([user, [...new Set(groups)].toSorted(), verb, group, resource, subresource, namespace, name]);
}
