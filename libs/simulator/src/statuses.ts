/** The bodies of `kind: Status` with which a real API server answers what it does not do. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: Readonly<Record<string, never>>;
  readonly status: 'Failure';
  readonly message: string;
  readonly reason: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly code: number;
}

function status(code: number, reason: string, message: string, details?: Readonly<Record<string, unknown>>): Status {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details && { details }),
    code,
  };
}

/** What a request asks for, where it asks for a resource. */
export interface ResourceRequest {
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

const qualified = (group: string, plural: string) => (group === '' ? plural : `${plural}.${group}`);

function detailsOf(request: ResourceRequest): Readonly<Record<string, unknown>> {
  return {
    ...(request.name !== undefined && { name: request.name }),
    ...(request.group !== '' && { group: request.group }),
    kind: request.plural,
  };
}

export const unauthorized = (): Status => status(401, 'Unauthorized', 'Unauthorized');

export function forbidden(request: ResourceRequest, user: string): Status {
  const what = qualified(request.group, request.plural);
  const named = request.name === undefined ? what : `${what} "${request.name}"`;
  const where = request.namespace === undefined ? 'at the cluster scope' : `in the namespace "${request.namespace}"`;
  return status(
    403,
    'Forbidden',
    `${named} is forbidden: User "${user}" cannot ${request.verb} resource "${request.plural}" in API group "${request.group}" ${where}`,
    detailsOf(request),
  );
}

export function forbiddenPath(verb: string, path: string, user: string): Status {
  return status(403, 'Forbidden', `forbidden: User "${user}" cannot ${verb} path "${path}"`, {});
}

export function notFound(request: ResourceRequest): Status {
  return status(
    404,
    'NotFound',
    `${qualified(request.group, request.plural)} "${request.name ?? ''}" not found`,
    detailsOf(request),
  );
}

/** A resource that the group version does not have. */
export const noSuchResource = (): Status =>
  status(404, 'NotFound', 'the server could not find the requested resource', {});

export const badRequest = (message: string): Status => status(400, 'BadRequest', message);

export const notAcceptable = (): Status =>
  status(
    406,
    'NotAcceptable',
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
  );

/** The answer to a continue token that is too old. Its own token leads to an inconsistent rest of the list. */
export function expired(token: string): Status & { readonly metadata: unknown } {
  return {
    ...status(
      410,
      'Expired',
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    ),
    metadata: { continue: token } as never,
  };
}

export const internalError = (code: number): Status =>
  status(code, code === 503 ? 'ServiceUnavailable' : 'InternalError', 'Internal error occurred: simulated fault', {
    causes: [{ message: 'simulated fault' }],
  });
