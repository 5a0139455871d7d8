import type { DrillPlan, DrillRight } from '#libs/core';
import { askAccess } from '../client/access-question.js';
import type { ClusterClient } from '../client/cluster-client.js';
import { ClusterError } from '../cluster-error.js';
import { Fields } from '../projection/fields.js';
import { type DrillFinding, failed, passed, unknown } from './drill-finding.js';

const AUTHORIZATION = 'authorization.k8s.io/v1';
const AUTHENTICATED = 'system:authenticated';
/** Asked about where an entry names groups only; no binding names somebody who is called so. */
const ANY_MEMBER = 'plimsoll:any-member';

interface Answer {
  readonly right: DrillRight;
  /** Null: no answer. */
  readonly allowed: boolean | null;
}

/** Whether the credential holds every right that recovery needs, by its own word (SelfSubjectAccessReview). */
export async function ownRights(client: ClusterClient, { rights }: DrillPlan): Promise<DrillFinding> {
  const answers: Answer[] = [];
  for (const right of rights) answers.push({ right, allowed: await askSelf(client, right) });
  const judged = judge(answers);
  // Informative only: behind a webhook authorizer it is incomplete, and members of system:masters hold what it never shows.
  const listed = judged.state === 'passed' ? await ownRules(client) : '';
  return { ...judged, message: `${judged.message}${listed}` };
}

/** The same about somebody else (SubjectAccessReview): nothing is impersonated, and no credential of theirs is needed. */
export async function rightsOfPrincipals(client: ClusterClient, plan: DrillPlan): Promise<DrillFinding> {
  if (plan.identities.length === 0) {
    return unknown('NO_PRINCIPAL', 'The break-glass entry does not say who its credential is. Fill in principals.');
  }
  const answers: Answer[] = [];
  for (const identity of plan.identities) {
    for (const right of plan.rights) {
      const { title: _, ...request } = right;
      const user = identity.user === '' ? ANY_MEMBER : identity.user;
      const groups = [...new Set([...identity.groups, AUTHENTICATED])];
      const { allowed } = await askAccess(client, { user, groups, ...request });
      answers.push({ right, allowed });
    }
  }
  return judge(answers);
}

async function askSelf(client: ClusterClient, right: DrillRight): Promise<boolean | null> {
  const { title: _, ...request } = right;
  const { body, record } = await client.review(`/apis/${AUTHORIZATION}/selfsubjectaccessreviews`, {
    apiVersion: AUTHORIZATION,
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: request },
  });
  const answer = Fields.of(body);
  if (record.status !== 201 || answer.text('kind') !== 'SelfSubjectAccessReview') return null;
  const status = answer.needChild('status');
  const allowed = status.flag('allowed');
  if (allowed === undefined) throw new ClusterError('malformed', { detail: 'status.allowed' });
  return !allowed && (status.text('evaluationError') ?? '') !== '' ? null : allowed;
}

function judge(answers: readonly Answer[]): DrillFinding {
  const titles = (allowed: boolean | null) => [
    ...new Set(answers.filter((answer) => answer.allowed === allowed).map(({ right }) => right.title)),
  ];
  const refused = titles(false);
  if (refused.length > 0) {
    return failed(
      'RIGHT_MISSING',
      `The principal may not ${refused.join(', ')}. Without these rights the platform’s access cannot be restored.`,
    );
  }
  const open = titles(null);
  if (open.length > 0) {
    return unknown('NOT_ANSWERED', `The API server did not say whether the principal may ${open.join(', ')}.`);
  }
  return passed(`Every right that a restore takes is held (${new Set(answers.map(({ right }) => right.title)).size}).`);
}

async function ownRules(client: ClusterClient): Promise<string> {
  try {
    const { body } = await client.review(`/apis/${AUTHORIZATION}/selfsubjectrulesreviews`, {
      apiVersion: AUTHORIZATION,
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'kube-system' },
    });
    const status = Fields.of(body).needChild('status');
    const rules = status.children('resourceRules')?.length ?? 0;
    return ` The list of its rules in kube-system has ${rules}${status.flag('incomplete') ? ' and is incomplete' : ''}.`;
  } catch (error) {
    if (!(error instanceof ClusterError) || error.code === 'cancelled') throw error;
    return '';
  }
}
