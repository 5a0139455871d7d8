import { type AccessReview, type PolicyRule, derived } from '#libs/core';
import {
  type Grant,
  type Identity,
  type RbacIndex,
  type Reached,
  type ResourceRequest,
  asAuthorized,
  namespacesOf,
  ruleAllows,
  rulesFor,
} from '#libs/rbac';
import type { Access, AccessAnswer } from '../access/access.js';
import type { AccessObject } from './access-object.js';

/** Somebody may do what takes the platform's access away. */
export interface Revocation {
  readonly object: AccessObject;
  readonly request: ResourceRequest;
  readonly answer: Pick<AccessAnswer, 'confidence' | 'nonRbac' | 'grant' | 'reason'>;
}

/** Requests that differ in name and place only. */
type Shape = Pick<ResourceRequest, 'verb' | 'group' | 'resource' | 'subresource'>;

/**
 * The objects that access rests on, arranged so that the thousands of accounts that have nothing to do with them are
 * told apart by one look at each rule.
 */
export class AccessTargets {
  private readonly shapes: readonly { readonly shape: Shape; readonly objects: readonly AccessObject[] }[];
  private readonly byRequest = new Map<
    string,
    { readonly object: AccessObject; readonly request: ResourceRequest }[]
  >();
  private readonly ofRule = new WeakMap<PolicyRule, readonly number[]>();

  constructor(readonly objects: readonly AccessObject[]) {
    const shapes = new Map<string, { shape: Shape; objects: Set<AccessObject> }>();
    for (const object of objects) {
      for (const request of object.requests) {
        const key = shapeKey(request);
        const known = shapes.get(key) ?? { shape: request, objects: new Set<AccessObject>() };
        shapes.set(key, known);
        known.objects.add(object);
        const exact = requestKey(request);
        this.byRequest.set(exact, [...(this.byRequest.get(exact) ?? []), { object, request }]);
      }
    }
    this.shapes = [...shapes.values()].map(({ shape, objects: all }) => ({ shape, objects: [...all] }));
  }

  /** What the holder of some rules, or of a role, may take away. Requests that differ in the verb only are each there. */
  heldBy(reached: Reached, access: Access): readonly Revocation[] {
    if (reached.kind === 'identity') return this.heldByIdentity(reached.identity, access);
    if (reached.kind !== 'role') return [];
    const { role, namespace } = reached;
    return this.candidates(role.rules ?? []).flatMap(({ object, request }) => {
      const place = (asAuthorized(request) as ResourceRequest).namespace;
      if (namespace !== null && place !== namespace) return [];
      const rule = (role.rules ?? []).find((each) => ruleAllows(each, request));
      return rule === undefined ? [] : [{ object, request, answer: { confidence: 'derived', nonRbac: false } }];
    });
  }

  private heldByIdentity(identity: Identity, access: Access): readonly Revocation[] {
    const rules = grantsOf(access.index, identity).map(({ rule }) => rule);
    return this.candidates(rules).flatMap(({ object, request }) => {
      const answer = access.ask(identity, request);
      return answer.allowed ? [{ object, request, answer }] : [];
    });
  }

  /** What the API server allowed although no RBAC object does. */
  allowedElsewhere(identity: Identity, access: Access, reviews: readonly AccessReview[]): readonly Revocation[] {
    return reviewsOf(reviews, identity).flatMap(({ question, allowed }) => {
      if (allowed !== true) return [];
      return (this.byRequest.get(requestKey(question)) ?? []).flatMap(({ object, request }) => {
        const answer = access.ask(identity, request);
        return answer.allowed && answer.nonRbac ? [{ object, request, answer }] : [];
      });
    });
  }

  private candidates(
    rules: readonly PolicyRule[],
  ): readonly { readonly object: AccessObject; readonly request: ResourceRequest }[] {
    const held = new Set(rules.flatMap((rule) => this.shapesOf(rule)));
    return [...held].flatMap((number) => {
      const found = this.shapes[number];
      if (found === undefined) return [];
      const key = shapeKey(found.shape);
      return found.objects.flatMap((object) =>
        object.requests.filter((request) => shapeKey(request) === key).map((request) => ({ object, request })),
      );
    });
  }

  private shapesOf(rule: PolicyRule): readonly number[] {
    const known = this.ofRule.get(rule);
    if (known !== undefined) return known;
    const { resourceNames: _names, ...anyName } = rule;
    const found = this.shapes.flatMap(({ shape }, number) =>
      ruleAllows(anyName, { ...shape, name: '' }) ? [number] : [],
    );
    this.ofRule.set(rule, found);
    return found;
  }
}

function grantsOf(index: RbacIndex, identity: Identity): readonly Grant[] {
  return [null, ...namespacesOf(index, identity)].flatMap((place) =>
    rulesFor(index, identity, place).filter(({ namespace }) => namespace === place),
  );
}

function shapeKey({ verb, group = '', resource, subresource = '' }: Shape): string {
  return `${verb} ${group}/${resource}/${subresource}`;
}

function requestKey(request: ResourceRequest): string {
  const { namespace = '', name = '' } = asAuthorized(request) as ResourceRequest;
  return `${shapeKey(request)} ${namespace} ${name}`;
}

const reviewsByUser = derived((reviews: readonly AccessReview[]) => {
  const found = new Map<string, AccessReview[]>();
  for (const review of reviews) {
    const key = personKey(review.question);
    found.set(key, [...(found.get(key) ?? []), review]);
  }
  return found;
});

/** The answers about one identity. */
export function reviewsOf(reviews: readonly AccessReview[], identity: Identity): readonly AccessReview[] {
  return reviewsByUser(reviews).get(personKey(identity)) ?? [];
}

function personKey({ user, groups }: Identity): string {
  return JSON.stringify([user, [...new Set(groups)].toSorted()]);
}
