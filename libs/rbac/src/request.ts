/** A request for a resource, by the words of a SubjectAccessReview. Absent text is the empty text. */
export interface ResourceRequest {
  readonly verb: string;
  /** API group; absent for the core group. */
  readonly group?: string;
  /** Plural, without the subresource. */
  readonly resource: string;
  readonly subresource?: string;
  /** Absent for requests that carry none: POST create, list, watch, deletecollection. */
  readonly name?: string;
  /** Absent for cluster-scoped resources, and for all namespaces at once. */
  readonly namespace?: string;
}

/** A request for a path that is not a resource, such as `/metrics`. */
export interface PathRequest {
  readonly verb: string;
  readonly path: string;
}

export type AccessRequest = ResourceRequest | PathRequest;

export function isPathRequest(request: AccessRequest): request is PathRequest {
  return 'path' in request;
}

/**
 * The request as the API server hands it to its authorizers. One for a single Namespace carries that namespace, so that
 * a RoleBinding in it applies; lists and watches carry none, not even with a field selector for one name.
 * Source: `RequestInfoFactory.NewRequestInfo` in k8s.io/apiserver.
 */
export function asAuthorized(request: AccessRequest): AccessRequest {
  if (isPathRequest(request) || request.resource !== 'namespaces' || (request.group ?? '') !== '') return request;
  if (!request.name || request.namespace || request.verb === 'list' || request.verb === 'watch') return request;
  return { ...request, namespace: request.name };
}
