import type { KubernetesObject } from '#libs/core';
import type { Situation, Target } from './situation.js';

/** Why a rule that could protect does not, from what is nearest to protection to what is farthest. */
export const GAPS = ['excluded', 'audited', 'failsOpen', 'partly', 'notWired', 'notUnderstood'] as const;
/**
 * `excluded`: it leaves these requests out. `audited`: it reports and does not refuse. `failsOpen`: requests pass while
 * its engine is away. `partly`: it refuses some of the objects in question only. `notWired`: no webhook hands these
 * requests to its engine. `notUnderstood`: what it says is not understood here, so that it counts for nothing.
 */
export type Gap = (typeof GAPS)[number];

export type Engine = 'ValidatingAdmissionPolicy' | 'Kyverno' | 'Gatekeeper';

/** One rule of one policy. */
export interface PolicyRule {
  readonly engine: Engine;
  /** Of the policy. */
  readonly object: KubernetesObject;
  /** Name of the rule, or the number of the validation. */
  readonly name: string;
  /** JSON pointer of the rule in the policy. */
  readonly pointer: string;
}

/**
 * `refuses`: whoever writes the object, however they write the rest of it. `lets`: there is an object of this kind that
 * it lets through. `gap`: it would refuse, but for the gap.
 */
export type Effect =
  | { readonly effect: 'refuses' }
  | { readonly effect: 'lets' }
  | { readonly effect: 'gap'; readonly gap: Gap; readonly why: string };

export const REFUSES: Effect = { effect: 'refuses' };
export const LETS: Effect = { effect: 'lets' };

export function gap(kind: Gap, why: string): Effect {
  return { effect: 'gap', gap: kind, why };
}

/** A rule made ready to be asked. */
export interface ReadyRule {
  readonly rule: PolicyRule;
  /** Its verdict may hang on who sends the request. */
  readonly asksWho: boolean;
  /** False where it has nothing to do with the kind. */
  concerns(target: Target): boolean;
  judge(situation: Situation): Effect;
}

/** Words by which policies look at who sends a request. */
const PEOPLE = /userInfo|"subjects"|"roles"|"clusterRoles"/;

/** Whether any of these parts of policies looks at who sends a request. */
export function asksWho(...parts: readonly unknown[]): boolean {
  return parts.some((part) => part !== undefined && PEOPLE.test(JSON.stringify(part)));
}
