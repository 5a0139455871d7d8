/** What a problem code means everywhere: its HTTP status, its title, and the words of its page `/problems/<code>`. */
export interface ProblemDescription {
  readonly status: number;
  readonly title: string;
  /** When the service answers with it. */
  readonly meaning: string;
  /** What the caller can do. Sent as `fix` unless an answer has a better one. */
  readonly fix: string;
}

/**
 * Every problem that the service answers with (RFC 9457). A code is part of the API: it is never renamed or reused.
 * The OpenAPI document, the problem pages and the error answers are made from this table.
 */
const DESCRIPTIONS = {
  malformed: {
    status: 400,
    title: 'Request cannot be read',
    meaning: 'The request is not valid HTTP or its body is not valid JSON.',
    fix: 'Send a well-formed JSON body and a correctly encoded URL.',
  },
  'cursor-mismatch': {
    status: 400,
    title: 'Cursor belongs to another list',
    meaning:
      'A cursor continues exactly one list: the same path, filters and sort order. This one was made for others.',
    fix: 'Repeat the filters and the sort order of the first page, or leave the cursor out to start again.',
  },
  'idempotency-key-missing': {
    status: 400,
    title: 'Idempotency-Key is required',
    meaning: 'The operation starts work that must not happen twice when a client repeats a request.',
    fix: 'Send a header such as `Idempotency-Key: <uuid>`, and the same value again when you retry.',
  },
  unauthenticated: {
    status: 401,
    title: 'Authentication is required',
    meaning: 'The request has no token or session, or it is unknown, expired or revoked.',
    fix: 'Send `Authorization: Bearer plm_pat_…` with a token that is valid, or log in again.',
  },
  forbidden: {
    status: 403,
    title: 'Permission is missing',
    meaning: 'The token is valid, but its role does not grant what the operation needs.',
    fix: 'Use a token whose role grants `requiredPermission`, or ask an administrator for one.',
  },
  'cross-site-request': {
    status: 403,
    title: 'Request came from another site',
    meaning: 'A browser session may change things only from pages of this service.',
    fix: 'Use the dashboard under its own address, or send a bearer token instead of the session cookie.',
  },
  'self-approval': {
    status: 403,
    title: 'A second pair of eyes is needed',
    meaning: 'The token that asked for a waiver or a live drill cannot approve it, whatever its role.',
    fix: 'Let somebody else approve it, with a token of their own.',
  },
  'live-needs-approval': {
    status: 403,
    title: 'Live drill is not approved',
    meaning: 'A live drill writes to a cluster, so two tokens other than the one that asked have to approve it first.',
    fix: 'Let two other tokens approve it (`POST /drills/{drillId}/approve`), or drill with `dryRun`, which writes nothing.',
  },
  'not-found': {
    status: 404,
    title: 'Not found',
    meaning: 'There is no such object, or no such path.',
    fix: 'Check the name or id and the path; the operations are listed at /api/docs.',
  },
  'already-finished': {
    status: 409,
    title: 'Run has already finished',
    meaning: 'Only a run that is queued or running can be cancelled.',
    fix: 'Nothing is left to do; start another run if you need newer results.',
  },
  'already-decided': {
    status: 409,
    title: 'Waiver is not in a state that allows this',
    meaning: 'A waiver is requested, then approved, then perhaps revoked; a revoked one stays revoked.',
    fix: 'Read the waiver again; request a new one if it was revoked.',
  },
  'candidate-changed': {
    status: 409,
    title: 'Candidate is not what it was',
    meaning:
      'Since the last synchronisation the source stopped telling of the cluster, or its credential leads elsewhere. What nobody has seen is not registered.',
    fix: 'Synchronise the source (`POST /sources/{sourceRef}/sync`), look at the candidate again, and accept it then.',
  },
  'cluster-duplicate': {
    status: 409,
    title: 'Cluster is already registered',
    meaning: 'The cluster proved the identity (the UID of its namespace kube-system) of one that is registered.',
    fix: 'Use the registration named in `existingId`, or delete it first.',
  },
  'delivery-not-retryable': {
    status: 409,
    title: 'Delivery cannot be sent again',
    meaning: 'A delivery that was sent or is still under way is never repeated.',
    fix: 'Retry only deliveries in state `dead` or `skipped`.',
  },
  'drill-running': {
    status: 409,
    title: 'Way in is being drilled',
    meaning: 'A drill of the same break-glass entry is not over; of two at once nobody could tell which did what.',
    fix: 'Wait for the drill in `existingId`, or abort it.',
  },
  'drill-state': {
    status: 409,
    title: 'Drill is not in a state that allows this',
    meaning:
      'Only a live drill that waits for approval is approved; an approved one is begun once and takes results only after that; what is over stays over.',
    fix: 'Read the drill again; ask for another one if it is over.',
  },
  'has-running-audit': {
    status: 409,
    title: 'Cluster is being audited',
    meaning: 'The cluster is part of a run that has not finished.',
    fix: 'Cancel the run or wait for it, then try again.',
  },
  'sync-running': {
    status: 409,
    title: 'Source is being synchronised',
    meaning: 'A synchronisation of the source was asked for and is not finished.',
    fix: 'Wait until `sync.state` of the source is `idle`.',
  },
  'idempotency-in-flight': {
    status: 409,
    title: 'The same request is still being worked on',
    meaning: 'Another request with this Idempotency-Key has not been answered yet.',
    fix: 'Wait for `Retry-After` seconds and send the same request again; you will get its answer.',
  },
  'identity-mismatch': {
    status: 409,
    title: 'This is another cluster',
    meaning: 'The API server answered with another identity than the one this registration is bound to.',
    fix: 'Correct the address or the credential. If the cluster was rebuilt, delete the registration and add it again.',
  },
  'last-admin': {
    status: 409,
    title: 'Nobody could administer the service any more',
    meaning: 'The token is the last valid one with the role admin.',
    fix: 'Create another admin token first, then revoke this one.',
  },
  'name-taken': {
    status: 409,
    title: 'Name is taken',
    meaning: 'Names are unique among the objects of one kind.',
    fix: 'Choose another name, or change the existing object.',
  },
  'run-conflict': {
    status: 409,
    title: 'The same audit is already running',
    meaning: 'A run over the same target has not finished; a second one would ask the clusters the same questions.',
    fix: 'Wait for the run in `existingId`, or send `?join=true` to get that run as the answer.',
  },
  'run-not-completed': {
    status: 409,
    title: 'Run is not completed',
    meaning: 'What changed is known when a run has completed; a cancelled run never tells.',
    fix: 'Wait for the run (`Prefer: wait`), then ask again.',
  },
  'profile-in-use': {
    status: 409,
    title: 'Profile is in use',
    meaning: 'A schedule runs the profile, so that it cannot be deleted.',
    fix: 'Give the schedule another profile, or delete it first.',
  },
  'tenant-not-empty': {
    status: 409,
    title: 'Tenant still has clusters',
    meaning: 'Clusters are assigned to the tenant; deleting it would change what their audits judge.',
    fix: 'Take the tenant out of these clusters first.',
  },
  'cursor-expired': {
    status: 410,
    title: 'Cursor has expired',
    meaning: 'A cursor is valid for one hour.',
    fix: 'Start again from the first page.',
  },
  'etag-mismatch': {
    status: 412,
    title: 'Object has changed',
    meaning: 'Somebody changed the object after you read it; your change would undo theirs.',
    fix: 'Read it again (its ETag is in `currentETag`), redo your change and send the new ETag in `If-Match`.',
  },
  'too-large': {
    status: 413,
    title: 'Request is too large',
    meaning: 'Bodies may have 1 MiB, batches of clusters 5 MiB, kubeconfigs 256 KiB.',
    fix: 'Send less, or split a batch into several.',
  },
  'too-many-nodes': {
    status: 413,
    title: 'Graph is too large',
    meaning: 'The graph of remote applies has more nodes than can be read or drawn.',
    fix: 'Take several things together as one node: `collapse=namespace`, or `collapse=label:<key>` of the target clusters.',
  },
  'uri-too-long': {
    status: 414,
    title: 'Address is too long',
    meaning: 'A part of the path is longer than any name or id can be.',
    fix: 'Check the path for pasted text.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'Content type is not supported',
    meaning: 'Bodies are JSON: `application/json`, and for PATCH `application/merge-patch+json`.',
    fix: 'Set the `Content-Type` header accordingly.',
  },
  'bad-cron': {
    status: 422,
    title: 'Schedule cannot be understood',
    meaning:
      'The cron expression has five fields (minute, hour, day of month, month, day of week), and the time zone is an IANA name.',
    fix: 'Correct the field named in `errors`, for example `0 2 * * *` and `Europe/Paris`.',
  },
  'confirm-mismatch': {
    status: 422,
    title: 'Confirmation names another cluster',
    meaning: 'A live drill has to be confirmed with the name of the cluster that it is about.',
    fix: 'Send the name of the cluster in `confirm`, if it is the right one.',
  },
  'egress-denied': {
    status: 422,
    title: 'Address is not allowed',
    meaning:
      'The service connects only to https addresses that its egress rule allows; private networks are off unless switched on.',
    fix: 'Correct the address, or let the operator of this service add its network to PLIMSOLL_EGRESS_ALLOW_CIDRS.',
  },
  'empty-target': {
    status: 422,
    title: 'No cluster matches',
    meaning: 'The target of the run selects no registered cluster.',
    fix: 'Check the names, the label selector or the tenant; list the clusters with the same selector to see what matches.',
  },
  'expiry-too-long': {
    status: 422,
    title: 'Expiry is out of bounds',
    meaning: 'Tokens are valid for at most 365 days and waivers for at most 365 days; neither may end in the past.',
    fix: 'Choose an earlier time, and renew when it is due.',
  },
  'idempotency-key-reused': {
    status: 422,
    title: 'Idempotency-Key was used for another request',
    meaning: 'A key belongs to one request: the same operation with the same body.',
    fix: 'Make a new key for each new request.',
  },
  'candidate-not-acceptable': {
    status: 422,
    title: 'Candidate cannot be registered as it is',
    meaning:
      'Its credential is missing, or is of a kind that is never used here: a program, an administrator, a connection whose certificate is not checked.',
    fix: 'Do what `errors` say for each reason, or register the cluster with a token of its own.',
  },
  'kubeconfig-rejected': {
    status: 422,
    title: 'Kubeconfig is not accepted',
    meaning:
      'Only the server, its CA, and an inline token or client certificate are accepted. Programs, file paths, passwords and impersonation are not.',
    fix: 'Create a token for a read-only service account in the cluster and send that instead.',
  },
  'validation-failed': {
    status: 422,
    title: 'Request is not valid',
    meaning: 'A field is missing, unknown, or has a value that is not allowed. Each is listed in `errors`.',
    fix: 'Correct the fields in `errors`; the operation’s schema is at /api/docs.',
  },
  'verify-failed': {
    status: 424,
    title: 'Cluster cannot be verified',
    meaning: 'The API server could not be reached, did not accept the credential, or is not a Kubernetes API server.',
    fix: 'Correct what `reason` names, then try again.',
  },
  'if-match-required': {
    status: 428,
    title: 'If-Match is required',
    meaning: 'Changing an existing object needs the ETag of what you read, so that nobody’s change is lost.',
    fix: 'Read the object and send its ETag in the `If-Match` header.',
  },
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    meaning: 'Each token may send 600 requests a minute, of which 120 may write.',
    fix: 'Wait for `Retry-After` seconds. Use `Prefer: wait` or a larger `limit` instead of polling.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    meaning: 'The service met an error that it did not foresee. Its log has the details under the request id.',
    fix: 'Try again; if it stays, report it with the `requestId`.',
  },
  'not-ready': {
    status: 503,
    title: 'Service is not ready',
    meaning: 'The service is starting, stopping, or cannot reach its database.',
    fix: 'Try again in a few seconds; /readyz?verbose tells what is missing.',
  },
} as const satisfies Record<string, ProblemDescription>;

export type ProblemCode = keyof typeof DESCRIPTIONS;

export const PROBLEMS: Readonly<Record<ProblemCode, ProblemDescription>> = DESCRIPTIONS;
export const PROBLEM_CODES = Object.keys(DESCRIPTIONS) as readonly ProblemCode[];

export function isProblemCode(text: string): text is ProblemCode {
  return Object.hasOwn(DESCRIPTIONS, text);
}
