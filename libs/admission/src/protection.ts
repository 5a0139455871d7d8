import type {
  AdmissionPolicy,
  AdmissionPolicyBinding,
  EnginePolicy,
  Namespace,
  WebhookConfiguration,
} from '#libs/core';
import type { Demand } from './demands.js';
import { gatekeeperRules } from './gatekeeper/constraints.js';
import { kyvernoRules } from './kyverno/policies.js';
import { kyvernoValidatingRules } from './kyverno/validating-policies.js';
import { validatingPolicyRules } from './native/validating-policies.js';
import { type Gap, GAPS, type PolicyRule, type ReadyRule } from './rule.js';
import type { NamespaceFacts, Requester, Situation, Target } from './situation.js';

/** What decides about requests. Undefined where it could not be read: it then protects from nothing. */
export interface AdmissionObjects {
  readonly webhookConfigurations: readonly WebhookConfiguration[] | undefined;
  readonly admissionPolicies: readonly (AdmissionPolicy | AdmissionPolicyBinding)[] | undefined;
  readonly enginePolicies: readonly EnginePolicy[] | undefined;
  readonly namespaces: readonly Namespace[] | undefined;
}

/** A rule that could protect, and why it does not. */
export interface Shortcoming {
  readonly rule: PolicyRule;
  readonly gap: Gap;
  /** Continues "the rule …, but", without a full stop. */
  readonly why: string;
}

export type Protection =
  /** Every such request is refused, also while the engine is away: by these rules together. */
  | { readonly state: 'enforced'; readonly by: readonly PolicyRule[] }
  /** Some are let through; the shortcomings of the rules that come nearest, best first. */
  | { readonly state: 'open'; readonly shortcomings: readonly Shortcoming[] };

/** Admission of one cluster, ready to be asked. Made by `admissionOf`. */
export class Admission {
  private readonly labels: ReadonlyMap<string, Readonly<Record<string, string>>> | undefined;
  private readonly relevant = new Map<Target, readonly ReadyRule[]>();

  constructor(
    private readonly rules: readonly ReadyRule[],
    namespaces: readonly Namespace[] | undefined,
  ) {
    this.labels = namespaces && new Map(namespaces.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
  }

  /**
   * Whether requests of these people that the demand speaks of are refused in a namespace. Rules are asked about every
   * object of the demand, so `enforced` holds however it is written; what is not understood never counts.
   */
  protects(demand: Demand, namespace: string, requesters: readonly [Requester, ...Requester[]]): Protection {
    const rules = this.rulesAbout(demand.target);
    if (rules.length === 0) return { state: 'open', shortcomings: [] };
    const facts: NamespaceFacts = { name: namespace, labels: this.labels?.get(namespace) };
    const by = new Map<PolicyRule, PolicyRule>();
    const shortcomings = new Map<PolicyRule, Shortcoming>();
    const refused: PolicyRule[] = [];
    let open = false;
    // Where nobody looks at who asks, one answer is everybody's.
    const people = rules.some(({ asksWho }) => asksWho) ? requesters : requesters.slice(0, 1);
    for (const situation of situationsOf(demand, facts, people)) {
      const found = rules.find((ready) => {
        const effect = ready.judge(situation);
        if (effect.effect === 'gap') note(shortcomings, { rule: ready.rule, gap: effect.gap, why: effect.why });
        return effect.effect === 'refuses';
      });
      if (found) {
        refused.push(found.rule);
        by.set(found.rule, found.rule);
      } else open = true;
    }
    if (!open && refused.length > 0) return { state: 'enforced', by: [...by.values()] };
    for (const rule of refused) {
      const known = shortcomings.get(rule);
      // Why it refuses no more is worth more, where it is known.
      if (!known || known.gap === 'notUnderstood') {
        shortcomings.set(rule, { rule, gap: 'partly', why: 'it refuses some of these objects only' });
      }
    }
    return { state: 'open', shortcomings: [...shortcomings.values()].toSorted(byGap) };
  }

  private rulesAbout(target: Target): readonly ReadyRule[] {
    const known = this.relevant.get(target);
    if (known) return known;
    const found = this.rules.filter((rule) => rule.concerns(target));
    this.relevant.set(target, found);
    return found;
  }
}

export function admissionOf(objects: AdmissionObjects): Admission {
  const { webhookConfigurations, admissionPolicies = [], enginePolicies = [], namespaces } = objects;
  return new Admission(
    [
      ...validatingPolicyRules(admissionPolicies),
      ...kyvernoRules(enginePolicies, webhookConfigurations),
      ...kyvernoValidatingRules(enginePolicies, webhookConfigurations),
      ...gatekeeperRules(enginePolicies, webhookConfigurations),
    ],
    namespaces,
  );
}

function* situationsOf(
  { target, operations, cases }: Demand,
  namespace: NamespaceFacts,
  requesters: readonly Requester[],
): Generator<Situation> {
  for (const each of cases(namespace.name)) {
    for (const operation of operations) {
      for (const requester of requesters) yield { ...each, target, operation, namespace, requester };
    }
  }
}

/** Of one rule what is nearest to protection is told. */
function note(shortcomings: Map<PolicyRule, Shortcoming>, found: Shortcoming): void {
  const known = shortcomings.get(found.rule);
  if (!known || byGap(found, known) < 0) shortcomings.set(found.rule, found);
}

function byGap(a: Shortcoming, b: Shortcoming): number {
  return GAPS.indexOf(a.gap) - GAPS.indexOf(b.gap);
}
