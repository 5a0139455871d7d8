import { grants, ROLES } from '../auth/permissions.js';
import type { ProblemCode } from '../http/problem-codes.js';
import type { DescribedOperation } from './described-operation.js';

/** The problems that follow from an operation's shape; the others are in its definition. */
export function problemsOf({ definition, method, pathParameters, query, body }: DescribedOperation): ProblemCode[] {
  const codes = new Set<ProblemCode>(definition.errors);
  if (definition.access !== 'public') {
    codes.add('unauthenticated').add('rate-limited').add('internal').add('not-ready');
    // What the lowest role grants is granted to everybody with a token.
    if (definition.access !== 'authenticated' && !grants(ROLES[0], definition.access)) codes.add('forbidden');
    if (method !== 'get') codes.add('cross-site-request');
  }
  if (pathParameters.length > 0) codes.add('uri-too-long');
  // A PUT makes what does not exist.
  if (pathParameters.length > 0 && method !== 'put') codes.add('not-found');
  if (query) codes.add('validation-failed');
  if (query && 'cursor' in query.shape) codes.add('cursor-mismatch').add('cursor-expired');
  if (body) codes.add('malformed').add('too-large').add('unsupported-media-type').add('validation-failed');
  if (definition.ifMatch) codes.add('if-match-required').add('etag-mismatch');
  if (method === 'post' && definition.access !== 'public')
    codes.add('idempotency-in-flight').add('idempotency-key-reused').add('validation-failed');
  if (definition.idempotencyKey === 'required') codes.add('idempotency-key-missing');
  return [...codes].toSorted();
}
