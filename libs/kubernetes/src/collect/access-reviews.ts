import { accessQuestionKey, collected, type AccessQuestion, type AccessReview, type Collected } from '#libs/core';
import { askAccess } from '../client/access-question.js';
import { RequestRefused, SUBJECT_ACCESS_REVIEWS } from '../client/request-guard.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { ClusterError } from '../cluster-error.js';
import { unreadable } from './unavailable.js';

/** More than that many questions are not put to one cluster in one run. */
const MAX_QUESTIONS = 200;

const RULE = { verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' };

/**
 * The answers of the API server to the questions, in their order, each question once. Those that it does not answer, and
 * those beyond `MAX_QUESTIONS`, have `allowed: null`. Unavailable only where the auditor may not ask at all.
 */
export async function collectAccessReviews(
  client: ClusterClient,
  questions: readonly AccessQuestion[],
): Promise<Collected<readonly AccessReview[]>> {
  const unique = [...new Map(questions.map((question) => [accessQuestionKey(question), question])).values()];
  const [first, ...rest] = unique;
  if (!first) return collected([]);
  let answer: AccessReview;
  try {
    // Whether the auditor may ask shows in the first answer; the others need not be tried then.
    answer = await askAccess(client, first);
  } catch (error) {
    const isForbidden = error instanceof ClusterError && error.code === 'forbidden';
    if (isForbidden) return unreadable(error, 'Rights of others', [RULE], SUBJECT_ACCESS_REVIEWS);
    answer = unanswered(first, error);
  }
  const asked = rest.slice(0, MAX_QUESTIONS - 1);
  const others = await Promise.all(
    asked.map((question) => askAccess(client, question).catch((error: unknown) => unanswered(question, error))),
  );
  const unasked = rest.slice(asked.length).map((question) => ({ question, allowed: null }));
  return collected([answer, ...others, ...unasked]);
}

/** A question that the guard does not let out, such as one with too many groups, has no answer either. */
function unanswered(question: AccessQuestion, error: unknown): AccessReview {
  if (error instanceof ClusterError || error instanceof RequestRefused) return { question, allowed: null };
  throw error;
}
