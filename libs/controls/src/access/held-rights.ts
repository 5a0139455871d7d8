import { type RbacSubject, derived } from '#libs/core';
import {
  AUTHENTICATED,
  type Grant,
  type Identity,
  type RbacIndex,
  UNAUTHENTICATED,
  accountOf,
  namespacesOf,
  rulesFor,
} from '#libs/rbac';
import { baselineOf } from './baseline.js';
import { type RuleClass, ruleClasses } from './rule-classes.js';

/** The group of all service accounts. */
export const ALL_ACCOUNTS = 'system:serviceaccounts';

/**
 * How a right reaches somebody. `own`: the binding names them, or a group that is not implicit. `namespace`: it names
 * all accounts of their namespace. `everyone`: it names all accounts, or all who are authenticated or not.
 */
export type Reach = 'own' | 'namespace' | 'everyone';

/** A right that somebody holds beyond what every account of the cluster has from Kubernetes itself. */
export interface HeldRight {
  readonly grant: Grant;
  readonly classes: ReadonlySet<RuleClass>;
  readonly reach: Reach;
  /** Places in `subjects` of the binding that name them, the narrowest reach first. */
  readonly subjects: readonly number[];
}

const EVERYONE: ReadonlySet<string> = new Set([ALL_ACCOUNTS, AUTHENTICATED, UNAUTHENTICATED]);

const byContent = derived((_index: RbacIndex) => new Map<string, readonly HeldRight[]>());

/**
 * The rights of an identity in all places, without the baseline. `system:masters` holds more than any rule says, and
 * other authorizers may allow more: ask `accessOf` for both.
 */
export const rightsHeldBy = derived((index: RbacIndex, identity: Identity): readonly HeldRight[] => {
  // The same identity is also made anew by several controls.
  const known = byContent(index);
  const key = JSON.stringify([identity.user, ...identity.groups]);
  const found = known.get(key) ?? collect(index, identity);
  known.set(key, found);
  return found;
});

function collect(index: RbacIndex, identity: Identity): readonly HeldRight[] {
  const baseline = baselineOf(index);
  const everywhere = rulesFor(index, identity, null);
  const places = namespacesOf(index, identity).flatMap((namespace) =>
    rulesFor(index, identity, namespace).filter((grant) => grant.namespace === namespace),
  );
  return [...everywhere, ...places]
    .map((grant) => heldRight(grant, identity))
    .filter(({ grant, reach }) => reach === 'own' || !baseline(grant)); // a binding of one's own is no baseline
}

/** A grant with what it lets its holder do, and the subjects of its binding that name them. */
export function heldRight(grant: Grant, identity: Identity): HeldRight {
  const subjects = subjectsNaming(grant, identity);
  const reach = subjects[0]?.reach ?? 'own';
  return { grant, classes: classesOf(grant.rule), reach, subjects: subjects.map(({ place }) => place) };
}

const classesOf = derived(ruleClasses);

const NARROW_FIRST: readonly Reach[] = ['own', 'namespace', 'everyone'];

function subjectsNaming(
  { binding }: Grant,
  identity: Identity,
): readonly { readonly place: number; readonly reach: Reach }[] {
  const account = accountOf(identity.user);
  return (binding.subjects ?? [])
    .flatMap((subject, place) => {
      const reach = reachOf(subject, binding.metadata.namespace, identity, account);
      return reach === undefined ? [] : [{ place, reach }];
    })
    .toSorted((a, b) => NARROW_FIRST.indexOf(a.reach) - NARROW_FIRST.indexOf(b.reach));
}

function reachOf(
  subject: RbacSubject,
  bindingNamespace: string | undefined,
  { user, groups }: Identity,
  account: { readonly namespace: string; readonly name: string } | undefined,
): Reach | undefined {
  if (subject.kind === 'Group') {
    if (!groups.includes(subject.name)) return undefined;
    if (EVERYONE.has(subject.name)) return 'everyone';
    return account && subject.name === `${ALL_ACCOUNTS}:${account.namespace}` ? 'namespace' : 'own';
  }
  if (subject.kind === 'User') return subject.name === user ? 'own' : undefined;
  if (subject.kind !== 'ServiceAccount' || !account || subject.name !== account.name) return undefined;
  return (subject.namespace || bindingNamespace) === account.namespace ? 'own' : undefined;
}

/** Rights that reach further than reading what holds no secrets. */
const GRAVE: readonly RuleClass[] = ['everything', 'wildcard', 'impersonate', 'escalate', 'tokens', 'secrets', 'write'];

export function isGrave({ classes }: Pick<HeldRight, 'classes'>): boolean {
  return GRAVE.some((each) => classes.has(each));
}

/** It can change something, or become somebody who can. */
export function canWrite({ classes }: Pick<HeldRight, 'classes'>): boolean {
  return GRAVE.some((each) => each !== 'secrets' && each !== 'wildcard' && classes.has(each));
}
