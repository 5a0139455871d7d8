import type { BreakGlassEntry, CredentialStore, DrillStep, DrillStepName } from '#libs/core';
import { DAY, daysSince } from './break-glass-scope.js';
import { DRILL_DAYS } from './judge-drill.js';

/** `attention`: it works, and somebody should look. `unknown`: nobody knows, or knew lately enough. */
export type ReadinessState = 'ok' | 'attention' | 'failed' | 'unknown';

export interface ReadinessCell {
  readonly state: ReadinessState;
  /** For people; a clause of a few words. */
  readonly text: string;
  /** When it was found out, RFC 3339. */
  readonly at?: string;
  /** Stable code of the step that failed, such as `RIGHT_MISSING`. */
  readonly cause?: string;
}

/** What a way in needs to work, in the order in which people meet it. */
export const READINESS_PARTS = ['credential', 'path', 'rights', 'recoveryPlan', 'lastDrill', 'escrow'] as const;
export type ReadinessPart = (typeof READINESS_PARTS)[number];
export type Verdict = 'ready' | 'notReady' | 'unknown';

export interface Readiness extends Readonly<Record<ReadinessPart, ReadinessCell>> {
  readonly verdict: Verdict;
}

/** The newest word on a step. */
export interface StepWord extends Pick<DrillStep, 'name' | 'state' | 'cause' | 'message' | 'durationMs'> {
  /** RFC 3339. */
  readonly at: string;
}

const EXPIRY_DAYS = 30;
/** Copies there break together with what the credential is to repair. */
const DEPENDENT: ReadonlySet<CredentialStore> = new Set(['managementCluster', 'git']);
const COPIES = 2;

/** Whether somebody could get in by an entry, as far as is known. `steps`: one of each name at most. */
export function readinessOf(entry: BreakGlassEntry, steps: readonly StepWord[], now: number): Readiness {
  const limits = limitsOf(entry);
  const step = (name: DrillStepName) =>
    cellOf(
      steps.find((each) => each.name === name),
      limits,
      now,
    );
  const parts = {
    credential: credential(entry, step('identity'), now),
    path: step('reach'),
    rights: step('rights'),
    recoveryPlan: worst(step('restoreCreate'), step('restoreDelete')),
    lastDrill: lastDrill(entry, limits, now),
    escrow: escrow(entry),
  };
  const states = Object.values(parts).map(({ state }) => state);
  const verdict = states.includes('failed') ? 'notReady' : states.includes('unknown') ? 'unknown' : 'ready';
  return { ...parts, verdict };
}

interface Limits {
  /** Days after which somebody should look. */
  readonly due: number;
  /** Days after which it counts for nothing. */
  readonly over: number;
}

function limitsOf({ drillDays = DRILL_DAYS }: BreakGlassEntry): Limits {
  return { due: drillDays, over: 2 * drillDays };
}

function cellOf(step: StepWord | undefined, { due, over }: Limits, now: number): ReadinessCell {
  if (step === undefined) return { state: 'unknown', text: 'never tried' };
  const { state, cause, message, durationMs, at } = step;
  const told = { at, ...(cause !== undefined && { cause }) };
  if (state === 'failed') return { state: 'failed', text: message, ...told };
  if (state !== 'passed') return { state: 'unknown', text: message, ...told };
  const age = daysSince(at, now);
  if (age === undefined || age > over) return { state: 'unknown', text: 'worked too long ago', at };
  if (age > due) return { state: 'attention', text: 'worked a while ago', at };
  return { state: 'ok', text: `worked, ${durationMs} ms`, at };
}

function worst(one: ReadinessCell, other: ReadinessCell): ReadinessCell {
  const order: readonly ReadinessState[] = ['failed', 'unknown', 'attention', 'ok'];
  return order.indexOf(one.state) <= order.indexOf(other.state) ? one : other;
}

/** When it ends stands in the registry; whether it signs in shows in a drill only. */
function credential({ expiresAt }: BreakGlassEntry, identity: ReadinessCell, now: number): ReadinessCell {
  const left = expiresAt === undefined ? undefined : (Date.parse(expiresAt) - now) / DAY;
  if (left !== undefined && !(left > 0)) return { state: 'failed', text: 'expired', ...atOf(identity) };
  if (identity.state === 'failed' || identity.state === 'unknown') return identity;
  const until = expiresAt === undefined ? '' : `until ${expiresAt.slice(0, 10)}`;
  if (left !== undefined && left < EXPIRY_DAYS) {
    return { state: 'attention', text: `expires in ${Math.floor(left)} days`, ...atOf(identity) };
  }
  return until === '' ? identity : { ...identity, text: until };
}

function atOf({ at }: ReadinessCell): Pick<ReadinessCell, 'at'> {
  return at === undefined ? {} : { at };
}

function lastDrill({ lastDrill: last }: BreakGlassEntry, { due, over }: Limits, now: number): ReadinessCell {
  if (last === undefined) return { state: 'unknown', text: 'never drilled' };
  const { at, result, failedStep } = last;
  if (result === 'failed') {
    return { state: 'failed', text: failedStep === undefined ? 'failed' : `failed at ${failedStep}`, at };
  }
  const age = daysSince(at, now);
  if (age === undefined) return { state: 'unknown', text: 'at no time that can be' };
  const text = age < 1 ? 'passed today' : `passed ${Math.floor(age)} days ago`;
  return { state: age > over ? 'failed' : age > due ? 'attention' : 'ok', text, at };
}

function escrow({ credentialStores }: BreakGlassEntry): ReadinessCell {
  if (credentialStores === undefined) return { state: 'unknown', text: 'not declared' };
  const copies = new Set(credentialStores.filter((store) => !DEPENDENT.has(store))).size;
  const text = `${copies}/${COPIES}`;
  return { state: copies === 0 ? 'failed' : copies < COPIES ? 'attention' : 'ok', text };
}

const BETTER: readonly Verdict[] = ['ready', 'unknown', 'notReady'];

/** The best of several ways in: one that works is enough to get back in. Undefined where there is none. */
export function bestWayIn<T extends { readonly readiness: Readiness }>(ways: readonly T[]): T | undefined {
  return BETTER.flatMap((verdict) => ways.filter(({ readiness }) => readiness.verdict === verdict))[0];
}
