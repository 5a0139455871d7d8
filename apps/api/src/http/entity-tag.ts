import { createHash } from 'node:crypto';
import { Problem } from './problem.js';

/**
 * ETag of an object (RFC 9110 8.8.3): the version of what people declared, then a hash of all that is shown. The hash
 * lets a reader notice any change; a writer is only stopped by a change of the version, not by an audit in between.
 */
export function entityTag(version: number, body: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('base64url').slice(0, 12);
  return `"${version}-${hash}"`;
}

const TAG = /^"(\d{1,10})(?:-[\w-]{1,64})?"$/;

function tagsIn(header: string): string[] {
  return header.split(',').map((tag) => tag.trim());
}

/** The answer to a write that is based on another version. */
export function changedMeanwhile(currentVersion: number): Problem {
  const currentETag = `"${currentVersion}"`;
  return new Problem('etag-mismatch', 'The object was changed after the version that the request names.', {
    currentETag,
    headers: { etag: currentETag },
  });
}

/**
 * Checks that a write is based on the object as it is (RFC 9110 13.1.1).
 * @throws {Problem} `if-match-required` without the header (RFC 6585 section 3), `etag-mismatch` for another version
 */
export function requireMatch(header: string | undefined, currentVersion: number): void {
  if (header === undefined) {
    throw new Problem(
      'if-match-required',
      'The object exists, and the request does not say which version it changes.',
      {
        errors: [{ header: 'If-Match', code: 'missing', detail: 'Send the ETag of the object that you read.' }],
      },
    );
  }
  const matches = tagsIn(header).some((tag) => tag === '*' || TAG.exec(tag)?.[1] === String(currentVersion));
  if (!matches) throw changedMeanwhile(currentVersion);
}

/** Whether the caller has this representation already (RFC 9110 13.1.2, weak comparison). */
export function isFresh(header: string | undefined, etag: string): boolean {
  return header !== undefined && tagsIn(header).some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag);
}
