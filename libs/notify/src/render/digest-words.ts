import { count, type NotEvaluatedCause, percent, type RunDigest, type Severity } from '#libs/core';
import { type Mrkdwn, trusted } from './mrkdwn.js';

/** Used where a blind spot came without a message of its own. */
export const CAUSE_WORDS: Readonly<Record<NotEvaluatedCause, string>> = {
  forbidden: 'the credential may not read what is needed',
  unauthenticated: 'the credential was not accepted',
  unreachable: 'the API server could not be reached',
  timeout: 'the API server did not answer in time',
  transient: 'the API server answered with errors',
  incompleteList: 'a list changed while it was read',
  budgetExceeded: 'the limits for one cluster were reached',
  parseError: 'an answer could not be understood',
  identityMismatch: 'another cluster answered at this address',
  notCollected: 'the data was not collected',
  undecidable: 'the data does not allow a verdict',
  tenantsUndefined: 'its tenants are not registered',
  tenantsAmbiguous: 'its tenants cannot be told apart',
};

/** The word stands beside the colour, so that nobody needs to see the colour. */
export const SEVERITY_EMOJI: Readonly<Record<Severity, Mrkdwn>> = {
  critical: trusted(':red_circle:'),
  high: trusted(':large_orange_circle:'),
  medium: trusted(':large_yellow_circle:'),
  low: trusted(':large_blue_circle:'),
  info: trusted(':white_circle:'),
};

/** `3 new, 1 back, 5 resolved`. */
function changeWords(digest: RunDigest): string {
  const { lost, regained } = digest.clusters;
  const words = [
    [digest.openedCount, 'new'],
    [digest.reopenedCount, 'back'],
    [digest.escalatedCount, 'worse'],
    [digest.resolvedCount, 'resolved'],
    [regained, 'judged again'],
  ] as const;
  const told = words.filter(([n]) => n > 0).map(([n, word]) => `${n} ${word}`);
  if (told.length > 0) return told.join(', ');
  return lost > 0 ? 'coverage lost' : 'no changes';
}

function blindWords(notEvaluated: number, lost: number): string {
  const clusters = count(notEvaluated, 'cluster');
  if (lost === 0) return `${clusters} not judged`;
  return lost === notEvaluated ? `${clusters} no longer judged` : `${clusters} not judged, ${lost} of them newly`;
}

/** The title of a digest. It never sounds clean while something was not looked at. */
export function headline(digest: RunDigest): string {
  const { total, evaluated, notEvaluated, lost } = digest.clusters;
  if (total > 0 && evaluated === 0) {
    return `Flux fleet audit: ${total === 1 ? 'the cluster' : `none of ${total} clusters`} could ${total === 1 ? 'not ' : ''}be judged`;
  }
  const blind = notEvaluated > 0 ? `, ${blindWords(notEvaluated, digest.baseline ? 0 : lost)}` : '';
  if (digest.baseline) return `Flux fleet audit: first look at ${count(evaluated, 'cluster')}${blind}`;
  return `Flux fleet audit: ${changeWords(digest)}${blind}`;
}

/** One sentence with the figures, for notifications and screen readers. */
export function summary(digest: RunDigest): string {
  const { total, evaluated } = digest.clusters;
  const found = digest.baseline ? `, ${count(digest.baselineFindings, 'finding')} found` : '';
  return `${headline(digest)}${found} (${evaluated} of ${count(total, 'cluster')} audited, ${percent(digest.coverage)} of checks evaluated)`;
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Tue 24 Nov 2026 02:00 UTC`. */
export function dayAndTime(rfc3339: string): string {
  const time = new Date(rfc3339);
  if (Number.isNaN(time.getTime())) return 'at an unknown time';
  const clock = time.toISOString().slice(11, 16);
  return `${DAYS[time.getUTCDay()]} ${time.getUTCDate()} ${MONTHS[time.getUTCMonth()]} ${time.getUTCFullYear()} ${clock} UTC`;
}
