import type { Probe, ProbeResult, ProbeVerdict } from '#libs/core';
import { planProbes } from '#libs/controls';
import { type SnapshotOptions, snapshotOf } from './snapshot-of.js';

/** What an API server answers to one dry-run; undefined where there is no answer at all. */
export type Answer = (probe: Probe) => ProbeVerdict | Pick<ProbeResult, 'verdict' | 'shown'> | undefined;

/** The objects, with an answer to each dry-run that is planned for them. */
export function tried(objects: readonly object[], answer: Answer, options: SnapshotOptions = {}): readonly object[] {
  const { artifacts } = snapshotOf(objects, options);
  const results = planProbes(artifacts).flatMap((probe): readonly object[] => {
    const found = answer(probe);
    if (found === undefined) return [];
    const { verdict, shown } = 'verdict' in found ? found : { verdict: found, shown: undefined };
    const status = verdict.kind === 'accepted' ? 201 : 403;
    return [{ kind: 'ProbeResult', probe, verdict, status, auditId: 'audit-1', ...(shown && { shown }) }];
  });
  return [...objects, ...results];
}

export const ACCEPTED: ProbeVerdict = { kind: 'accepted' };
export const BY_POD_SECURITY: ProbeVerdict = { kind: 'denied', by: { mechanism: 'podSecurity' } };
export const BY_QUOTA: ProbeVerdict = { kind: 'denied', by: { mechanism: 'quota' } };
export const BY_PLUGIN: ProbeVerdict = { kind: 'denied', by: { mechanism: 'admission' } };
export const byPolicy = (name: string): ProbeVerdict => ({
  kind: 'denied',
  by: { mechanism: 'validatingAdmissionPolicy', name, binding: name },
});
export const byWebhook = (name: string): ProbeVerdict => ({ kind: 'denied', by: { mechanism: 'webhook', name } });
