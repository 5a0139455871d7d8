import {
  type Evidence,
  type Fix,
  type Observation,
  fail,
  notEvaluated,
  objectReference,
  pass,
  subjectOf,
  warn,
} from '#libs/core';
import type { ModeCoverage, PathAnswer } from '#libs/flux';
import { type RemoteApplyObject, labelOf } from './remote-apply-object.js';

/** What would make people hear of failures, ready to be pasted. */
export interface AlertFixes {
  readonly alert: Fix;
  readonly rules: Fix;
}

/** These may stay uncovered: a person suspends, and what an object waits for has an Alert of its own. */
const TOLERATED: ReadonlySet<string> = new Set(['SUSPENDED', 'DEPENDENCY']);
/** The controller sends nothing, whatever the Alerts say. */
const SENDER_CODES: ReadonlySet<string> = new Set([
  'NO_EVENTS_ADDR',
  'EVENTS_ADDR_UNKNOWN',
  'EVENTS_ADDR_LOOPBACK',
  'NOTIFICATION_CONTROLLER_DOWN',
  'NOT_SERVED',
  'CONTROLLER_STOPPED',
]);
const MAX_REASONS = 5;
const MAX_EVIDENCE = 10;

/** The reason of a mode that nobody hears of: of both ways, where one is closed by its nature. */
function whyOf({ answer, alert, metric }: ModeCoverage): string {
  if (answer.code !== 'SILENT_FAILURE') return answer.why;
  return metric.code === 'NO_RULE' ? `${alert.why}, and ${metric.why}` : alert.why;
}

/** `when x or when y (why); when z (why)`. */
function reasonsText(modes: readonly ModeCoverage[]): string {
  const byWhy = new Map<string, string[]>();
  for (const each of modes) {
    const why = whyOf(each);
    const group = byWhy.get(why) ?? [];
    byWhy.set(why, group);
    group.push(`when ${each.mode.when}`);
  }
  const parts = [...byWhy].map(([why, whens]) => `${[...new Set(whens)].join(' or ')} (${why})`);
  const more = parts.length - MAX_REASONS;
  return parts.slice(0, MAX_REASONS).join('; ') + (more > 0 ? `; and for ${more} more reasons` : '');
}

function evidenceFor(object: RemoteApplyObject, modes: readonly ModeCoverage[]): [Evidence, ...Evidence[]] {
  const found = new Map<string, Evidence>();
  for (const { answer } of modes) {
    if (!answer.evidence) continue;
    const { kind, namespace = '', name } = answer.evidence.object ?? { kind: '', name: '' };
    found.set([kind, namespace, name, answer.evidence.pointer].join('/'), answer.evidence);
  }
  const [first, ...others] = [...found.values()].slice(0, MAX_EVIDENCE);
  if (first) return [first, ...others];
  const own: Evidence = {
    object: objectReference(object),
    pointer: '/spec/kubeConfig',
    observed: object.spec.kubeConfig?.secretRef
      ? { secretRef: { name: object.spec.kubeConfig.secretRef.name } }
      : { configMapRef: { name: object.spec.kubeConfig?.configMapRef?.name ?? '' } },
    expected: `an Alert or an alerting rule that tells people when this object fails`,
  };
  return [own];
}

function fixesFor(modes: readonly ModeCoverage[], { alert, rules }: AlertFixes): readonly Fix[] {
  const byEvent = modes.some(({ mode, answer }) => mode.event !== undefined && !SENDER_CODES.has(answer.code));
  const byMetric = modes.some(({ mode }) => mode.event === undefined && mode.sign !== undefined);
  return [...(byEvent ? [alert] : []), ...(byMetric ? [rules] : [])];
}

function adviceFor(modes: readonly ModeCoverage[], fixes: readonly Fix[]): string {
  if (modes.some(({ answer }) => SENDER_CODES.has(answer.code))) {
    return 'Let its controller run with --events-addr set to the address of a notification-controller that is ready.';
  }
  const paste = fixes.length > 0 ? 'Apply what is shown below, or correct' : 'Correct';
  return `${paste} what is named, and test that a message arrives.`;
}

function unknownOf(object: RemoteApplyObject, modes: readonly ModeCoverage[], answer: PathAnswer): Observation {
  const missing = modes.flatMap(({ answer: each }) => each.missing ?? []);
  const distinct = [...new Map(missing.map((rule) => [JSON.stringify(rule), rule])).values()];
  return notEvaluated(
    subjectOf(object),
    answer.cause ?? 'undecidable',
    answer.code,
    `It cannot be told whether people hear of it when ${labelOf(object)} fails: ${reasonsText(modes)}. ` +
      'Nothing is known of these failures until that can be read. Grant the auditor what is missing.',
    { missing: distinct },
  );
}

/** Whether people hear of it when an object fails, from what is known of each way of failing. */
export function judgeAlerting(
  object: RemoteApplyObject,
  coverage: readonly ModeCoverage[],
  suggested: AlertFixes,
): readonly Observation[] {
  const label = labelOf(object);
  const subject = subjectOf(object);
  const unheard = coverage.filter(({ answer }) => answer.state === 'uncovered');
  const essential = unheard.filter(({ mode }) => mode.essential);
  const dead = unheard.filter(({ metric }) => metric.code === 'DEAD_METRIC');
  const failing = essential.length > 0 ? essential : dead;
  const [worst] = failing;
  if (worst) {
    const fixes = fixesFor(unheard, suggested);
    const code = dead.length > 0 ? 'DEAD_METRIC' : worst.answer.code;
    return [
      fail(
        subject,
        code,
        `Nobody hears of it when ${label} fails: ${reasonsText([...failing, ...unheard.filter((each) => !failing.includes(each))])}. ` +
          `The platform then loses its hold on the target cluster unnoticed. ${adviceFor(failing, fixes)}`,
        { evidence: evidenceFor(object, unheard), fixes, confidence: 'derived' },
      ),
    ];
  }
  const unknown = coverage.filter(({ answer }) => answer.state === 'unknown');
  if (unknown[0]) return [unknownOf(object, unknown, unknown[0].answer)];
  const weak = coverage.filter(({ answer }) => answer.state !== 'covered');
  const serious = weak.filter(({ mode }) => !TOLERATED.has(mode.mode));
  const reported = serious.length > 0 ? weak : weak.filter(({ answer }) => answer.state === 'uncovered');
  const [first] = serious.length > 0 ? serious : reported;
  if (first) {
    const fixes = fixesFor(weak, suggested);
    const tolerated = serious.length === 0;
    return [
      warn(
        subject,
        first.answer.code,
        `People hear of it when ${label} loses its target cluster, but not surely of everything: ${reasonsText(reported)}. ` +
          `Such a failure can last unnoticed. ${adviceFor(reported, fixes)}`,
        {
          severity: tolerated ? 'low' : 'medium',
          evidence: evidenceFor(object, reported),
          fixes,
          confidence: 'derived',
        },
      ),
    ];
  }
  return [
    pass(
      subject,
      'ALERTED',
      `An Alert or an alerting rule tells people when ${label} fails, in each way that is known. ` +
        'A deletion that waits for a lost credential sends no such message; FLUX-RA-03 looks for it. There is nothing to do.',
      { confidence: 'derived' },
    ),
  ];
}
