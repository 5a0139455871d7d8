import {
  type AccessQuestion,
  type AccessReview,
  type Collected,
  type RbacObject,
  accessQuestionKey,
  derived,
} from '#libs/core';
import {
  type Grant,
  type Identity,
  type RbacIndex,
  type ResourceRequest,
  asAuthorized,
  indexRbac,
  isAllowed,
} from '#libs/rbac';

export interface AccessAnswer {
  readonly allowed: boolean;
  /** `proven`: the API server said so. `derived`: RBAC says so, and the API server was not asked. */
  readonly confidence: 'proven' | 'derived';
  /** The API server allows what no RBAC object grants: another authorizer decides too. */
  readonly nonRbac: boolean;
  /** The API server was asked and gave no answer. */
  readonly unanswered: boolean;
  /** The first RBAC grant that covers the request; `system:masters` needs none. */
  readonly grant?: Grant;
  /** `status.reason` of the review. */
  readonly reason?: string;
}

/** Who may do what in a cluster. */
export interface Access {
  readonly index: RbacIndex;
  /** State the request as it would be sent (see `isAllowed` of libs/rbac). */
  ask(identity: Identity, request: ResourceRequest): AccessAnswer;
  /** The API server was asked something about exactly this identity. */
  wasAskedAbout(identity: Identity): boolean;
}

const NO_REVIEWS: readonly AccessReview[] = [];

const indexOf = derived((objects: readonly RbacObject[]) => indexRbac(objects));

const reviewsByQuestion = derived(
  (reviews: readonly AccessReview[]) =>
    new Map(reviews.map((review) => [accessQuestionKey(review.question), review] as const)),
);

const whoKey = (user: string, groups: readonly string[]): string => JSON.stringify([user, groups.toSorted()]);

const identitiesAsked = derived(
  (reviews: readonly AccessReview[]) => new Set(reviews.map(({ question }) => whoKey(question.user, question.groups))),
);

const accessIn = derived((objects: readonly RbacObject[], reviews: readonly AccessReview[]): Access => {
  const index = indexOf(objects);
  const answers = reviewsByQuestion(reviews);
  const asked = identitiesAsked(reviews);
  return {
    index,
    wasAskedAbout: ({ user, groups }) => asked.size > 0 && asked.has(whoKey(user, groups)),
    ask: (identity, request) => {
      const decision = isAllowed(index, identity, request);
      const grant = decision.allowed && decision.by !== 'system:masters' ? { grant: decision.by } : {};
      // Most clusters are asked little or nothing, and the controls ask much.
      const review = answers.size === 0 ? undefined : answers.get(accessQuestionKey(questionOf(identity, request)));
      if (review === undefined || review.allowed === null) {
        const unanswered = review !== undefined;
        return { allowed: decision.allowed, confidence: 'derived', nonRbac: false, unanswered, ...grant };
      }
      return {
        allowed: review.allowed,
        confidence: 'proven',
        nonRbac: review.allowed && !decision.allowed,
        unanswered: false,
        ...(review.allowed && grant),
        ...(review.reason !== undefined && { reason: review.reason }),
      };
    },
  };
});

/**
 * Answers from the RBAC objects of a cluster and from what its API server said about rights. The API server wins: other
 * authorizers can allow what RBAC does not (https://kubernetes.io/docs/reference/access-authn-authz/authorization/).
 */
export function accessOf(rbac: readonly RbacObject[], reviews: Collected<readonly AccessReview[]>): Access {
  return accessIn(rbac, reviews.state === 'collected' ? reviews.value : NO_REVIEWS);
}

/** The question that a SubjectAccessReview puts for a request. */
export function questionOf({ user, groups }: Identity, request: ResourceRequest): AccessQuestion {
  const asked = asAuthorized(request) as ResourceRequest;
  const { verb, group = '', resource, subresource, namespace, name } = asked;
  return {
    user,
    groups,
    verb,
    group,
    resource,
    ...(subresource && { subresource }),
    ...(namespace && { namespace }),
    ...(name && { name }),
  };
}
