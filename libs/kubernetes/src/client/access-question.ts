import type { AccessQuestion, AccessReview } from '#libs/core';
import { ClusterError } from '../cluster-error.js';
import { Fields } from '../projection/fields.js';
import type { ClusterClient } from './cluster-client.js';
import { SUBJECT_ACCESS_REVIEWS } from './request-guard.js';

const MAX_REASON = 512;

/**
 * Asks the API server whether somebody may do something (SubjectAccessReview, which it answers and does not store). Anything
 * but an answer is `allowed: null`, never "no": webhooks may refuse the question, and an authorizer may have failed.
 * https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/
 *
 * @throws {ClusterError} where the request as such failed
 */
export async function askAccess(client: ClusterClient, question: AccessQuestion): Promise<AccessReview> {
  const { user, groups, verb, group, resource, subresource, namespace, name } = question;
  const { body, record } = await client.review(SUBJECT_ACCESS_REVIEWS, {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SubjectAccessReview',
    spec: {
      user,
      groups,
      resourceAttributes: {
        verb,
        group,
        resource,
        ...(subresource !== undefined && { subresource }),
        ...(namespace !== undefined && { namespace }),
        ...(name !== undefined && { name }),
      },
    },
  });
  const answer = Fields.of(body);
  if (record.status !== 201 || answer.text('kind') !== 'SubjectAccessReview') return { question, allowed: null };
  const status = answer.needChild('status');
  const allowed = status.flag('allowed');
  if (allowed === undefined) throw new ClusterError('malformed', { detail: 'status.allowed' });
  if (!allowed && (status.text('evaluationError') ?? '') !== '') return { question, allowed: null };
  const reason = status.text('reason') ?? '';
  return { question, allowed, ...(reason !== '' && { reason: printable(reason) }) };
}

function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '').slice(0, MAX_REASON);
}
