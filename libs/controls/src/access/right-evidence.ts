import { type Evidence, type Fix, type RbacSubject, objectReference } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type Grant, describeGrant } from '#libs/rbac';
import type { HeldRight } from './held-rights.js';
import { describeRule } from './rule-classes.js';
import { shellText } from '../git-sources/shell-text.js';

const SHOWN = 3;

/** `ClusterRoleBinding "ops" → ClusterRole "cluster-admin", rule 1: all verbs on all resources (all groups)`. */
function describeRight(grant: Grant): string {
  return excerpt(`${describeGrant(grant)}: ${describeRule(grant.rule)}`, 300);
}

/** The first few, each role once, in one sentence part. */
export function describeRights(rights: readonly Pick<HeldRight, 'grant'>[]): string {
  const texts = [...new Set(rights.map(({ grant }) => describeRight(grant)))];
  const more = texts.length > SHOWN ? `; and ${texts.length - SHOWN} more` : '';
  return `${texts.slice(0, SHOWN).join('; ')}${more}`;
}

/** The chain from binding to role to rule: where the binding names the subject, and the rule in the role. */
export function rightEvidence({ grant, subjects }: HeldRight, expected: string): readonly [Evidence, Evidence] {
  const { binding, role, rule, ruleIndex } = grant;
  const place = subjects[0] ?? 0;
  const subject = binding.subjects?.[place];
  return [
    {
      object: objectReference(binding),
      pointer: `/subjects/${place}`,
      observed: subject ? describeSubject(subject, binding.metadata.namespace) : null,
      expected,
      note: describeRight(grant),
    },
    {
      object: objectReference(role),
      pointer: `/rules/${ruleIndex}`,
      observed: excerpt(describeRule(rule), 300),
      expected: 'a role that holds no more than is needed where it is bound',
    },
  ];
}

/** `ServiceAccount team-a/default`, `Group system:authenticated`. */
export function describeSubject({ kind, name, namespace }: RbacSubject, bindingNamespace?: string): string {
  const home = kind === 'ServiceAccount' ? (namespace ?? bindingNamespace) : undefined;
  return excerpt(`${kind} ${home === undefined ? name : `${home}/${name}`}`);
}

/**
 * How to take the named subjects out of their bindings: one command for each binding, or its removal where nobody would
 * be left in it. Bindings that Flux applies must be changed where they come from.
 */
export function unbindFix(rights: readonly HeldRight[]): readonly Fix[] {
  const byBinding = new Map(rights.map((right) => [right.grant.binding, new Set<number>()] as const));
  for (const { grant, subjects } of rights) for (const place of subjects) byBinding.get(grant.binding)?.add(place);
  if (byBinding.size === 0) return [];
  const shown = [...byBinding].slice(0, MAX_BINDINGS);
  const steps = shown.map(([binding, places]) => commandFor(binding, places));
  const more = byBinding.size > shown.length ? [`# and ${byBinding.size - shown.length} more bindings`] : [];
  const title = byBinding.size === 1 ? 'Take the subject out of the binding' : 'Take the subject out of these bindings';
  return [{ form: 'steps', title, content: [...steps, ...more].join('\n') }];
}

const MAX_BINDINGS = 10;

function commandFor(binding: Grant['binding'], places: ReadonlySet<number>): string {
  const { kind, metadata, subjects } = binding;
  const home = metadata.namespace === undefined ? '' : ` -n ${shellText(metadata.namespace)}`;
  const target = `${kind.toLowerCase()} ${shellText(metadata.name)}${home}`;
  const ordered = [...places].toSorted((a, b) => b - a);
  const removed = ordered.map((place) =>
    describeSubject(subjects?.[place] ?? { kind: '', name: '' }, metadata.namespace),
  );
  const applier = metadata.labels?.['kustomize.toolkit.fluxcd.io/name'];
  const origin =
    applier === undefined
      ? []
      : [
          `# Applied by Kustomization ${excerpt(`${metadata.labels?.['kustomize.toolkit.fluxcd.io/namespace'] ?? ''}/${applier}`)}: change it in its source, else it comes back.`,
        ];
  if (places.size >= (subjects?.length ?? 0)) {
    return [`# Binds nobody but ${removed.toReversed().join(', ')}.`, ...origin, `kubectl delete ${target}`].join('\n');
  }
  const operations = ordered.flatMap((place) => [
    { op: 'test', path: `/subjects/${place}/name`, value: subjects?.[place]?.name },
    { op: 'remove', path: `/subjects/${place}` },
  ]);
  return [
    `# Removes ${removed.toReversed().join(', ')}.`,
    ...origin,
    `kubectl patch ${target} --type=json -p ${shellText(JSON.stringify(operations))}`,
  ].join('\n');
}
