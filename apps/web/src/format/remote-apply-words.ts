import type { RemoteApply, RemoteApplySummary, RelatedToFinding } from '../api/types.js';
import type { OUTCOME_MARKS } from './words.js';

/** How the controller proves who it is, in words. */
export const AUTH_METHODS: Readonly<Record<RemoteApplySummary['authMethod'], string>> = {
  clientCertificate: 'client certificate',
  serviceAccountToken: 'service account token',
  token: 'token',
  workloadIdentity: 'workload identity',
  exec: 'program (never run)',
  basic: 'user name and password',
  none: 'no credential',
  unknown: 'not known',
};

/** Where an object leads that leads to no registered cluster. */
export const TARGET_STATES: Readonly<Record<RemoteApplySummary['target']['state'], string>> = {
  registered: 'registered',
  self: 'the management cluster itself',
  unregistered: 'not registered',
  ambiguous: 'several clusters match',
  broken: 'leads nowhere',
  unknown: 'not known',
};

export const ALERT_HEALTH: Readonly<Record<RemoteApply['alerts'][number]['health'], Marked>> = {
  delivers: { state: 'pass', word: 'delivers' },
  doubtful: { state: 'warn', word: 'in doubt' },
  silent: { state: 'fail', word: 'sends nothing' },
  unknown: { state: 'notEvaluated', word: 'not known' },
};

export interface Marked {
  readonly state: keyof typeof OUTCOME_MARKS;
  readonly word: string;
}

type Standing = Pick<RemoteApplySummary, 'ready' | 'suspended' | 'overdue' | 'cause' | 'silent' | 'stale'>;

/** How a remote apply stands; what matters most comes first. */
export function standingMarks({ ready, suspended, overdue, cause, silent, stale }: Standing): readonly Marked[] {
  const failing: Marked = { state: 'fail', word: silent === true ? 'failing silently' : 'failing' };
  const marks: readonly (Marked | false)[] = [
    cause !== null && failing,
    suspended && { state: 'warn', word: 'suspended' },
    overdue && { state: 'warn', word: 'overdue' },
    cause === null && !suspended && !overdue && readiness(ready),
    stale && { state: 'stale', word: 'stale' },
  ];
  return marks.filter((mark) => mark !== false);
}

function readiness(ready: boolean | null): Marked {
  if (ready === null) return { state: 'notEvaluated', word: 'not known' };
  return ready ? { state: 'pass', word: 'ready' } : { state: 'fail', word: 'not ready' };
}

/** Whether people hear of it when the target cluster is lost. */
export function alertedMark(covered: boolean | null): Marked {
  if (covered === null) return { state: 'notEvaluated', word: 'not known' };
  return covered ? { state: 'pass', word: 'alerted' } : { state: 'fail', word: 'no alert' };
}

/** Why another finding belongs to this one. */
export const BECAUSE: Readonly<Record<RelatedToFinding['findings'][number]['because'], string>> = {
  sameObject: 'about the same object',
  sameCredential: 'about the same credential',
  accessOfTarget: 'about access to the target cluster',
  sameTarget: 'the same failure on the same target',
};
