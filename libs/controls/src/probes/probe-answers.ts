import { type Artifacts, type Collected, type ProbeDenier, type ProbeResult, derived } from '#libs/core';
import { excerpt } from '#libs/flux';

/** The answers to dry-runs, by the keys that planners gave them. */
export type ProbeAnswers = ReadonlyMap<string, ProbeResult>;

const NONE: ProbeAnswers = new Map();

const byKey = derived((report: Artifacts['probes']): ProbeAnswers => {
  return new Map(report.results.map((result) => [result.probe.key, result]));
});

/** No answer where nothing was tried: reading must then suffice. */
export function probeAnswers(probes: Collected<Artifacts['probes']>): ProbeAnswers {
  return probes.state === 'collected' ? byKey(probes.value) : NONE;
}

/** Refused for what the request asks for. A quota comes after every policy, so that none of them refused. */
export function refusal(result: ProbeResult | undefined): ProbeDenier | undefined {
  const { verdict } = result ?? {};
  return verdict?.kind === 'denied' && verdict.by.mechanism !== 'quota' ? verdict.by : undefined;
}

/** No policy refused it: it went through, or would have but for a quota. */
export function wentThrough(result: ProbeResult | undefined): boolean {
  const { verdict } = result ?? {};
  return verdict?.kind === 'accepted' || (verdict?.kind === 'denied' && verdict.by.mechanism === 'quota');
}

/** `POST as a dry-run in the name of alice: HTTP 201, Audit-Id …`, for the note of evidence. */
export function describeProbe({ probe, status, auditId }: ProbeResult): string {
  const audit = auditId === undefined ? '' : `, Audit-Id ${excerpt(auditId, 60)}`;
  return `${probe.method} as a dry-run in the name of ${describeWho({ probe })}: HTTP ${status}${audit}`;
}

/** Whose name was used: a member of a group has none of their own. */
export function describeWho({ probe: { as } }: Pick<ProbeResult, 'probe'>): string {
  return excerpt(as.groups.length > 0 ? `${as.user} (${as.groups.join(', ')})` : as.user, 120);
}
