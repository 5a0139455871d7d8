import { type AccessRule, type NotEvaluatedCause, accessRuleKey, nameList } from '#libs/core';
import { excerpt } from '#libs/flux';
import { impersonationRules } from '../probes/probe-identity.js';
import { describePrincipal } from '../tenants/tenant-model.js';
import type { Stand, Standing } from './attempt-standing.js';
import { describePath } from './escalation-text.js';
import { describeGuard } from './guards.js';
import type { Untried } from './revocation-attempts.js';

/** What an answer proves to be wrong, worst first; what is in doubt; what is not known. */
export const FAILS = ['UNPROTECTED', 'GUARD_REMOVABLE'] as const satisfies readonly Standing[];
export const WARNINGS = ['FAIL_OPEN', 'BROKEN_POLICY'] as const satisfies readonly Standing[];
export const UNKNOWN = [
  'CANNOT_IMPERSONATE',
  'WEBHOOK_DOWN',
  'DRYRUN_UNSUPPORTED',
  'INCONCLUSIVE',
  'NO_ANSWER',
  'NOT_TRIED',
] as const satisfies readonly Standing[];

export const FAIL_TEXT = {
  UNPROTECTED:
    'The API server accepted it, so neither RBAC nor admission keeps the tenant from taking the platform’s access away. ' +
    'Take the right away, or let a policy with failurePolicy Fail refuse UPDATE and DELETE of these objects to everybody but the platform.',
  GUARD_REMOVABLE:
    'The API server accepted it, so what protects the platform’s access can itself be lifted. ' +
    'Take the right away, or let a ValidatingAdmissionPolicy protect the guard as well: its configuration and namespace, the subresources status and finalize of Namespaces, and the labels by which it knows what to protect.',
} as const;

export function warnText(standing: (typeof WARNINGS)[number], items: readonly Stand[]): string {
  if (standing === 'FAIL_OPEN') {
    const loose = items.filter(({ reliability }) => reliability === 'opensWithoutParameters');
    const ignoring = items.filter((item) => !loose.includes(item));
    return [
      ...(ignoring.length > 0
        ? [
            `It was refused by ${guardsIn(ignoring)}, which lets requests pass when it is in trouble: its failurePolicy is Ignore. ` +
              'Set failurePolicy to Fail, so that the platform’s access is protected at all times.',
          ]
        : []),
      ...(loose.length > 0
        ? [
            `It was refused by ${guardsIn(loose)}, which lets every request pass when its parameters are missing, whatever its failurePolicy: parameterNotFoundAction of its binding is not Deny. ` +
              'Set parameterNotFoundAction to Deny and failurePolicy to Fail, so that the platform’s access is protected at all times.',
          ]
        : []),
    ].join(' ');
  }
  const names = items.flatMap(({ result }) =>
    result?.verdict.kind === 'brokenPolicy' ? [excerpt(result.verdict.name, 120)] : [],
  );
  return (
    `The policy ${nameList(names)} could not be evaluated and refuses everybody, so this proves nothing about the tenant. ` +
    'Repair the expressions or the parameters of the policy.'
  );
}

export const CAUSES: Readonly<Record<(typeof UNKNOWN)[number], NotEvaluatedCause>> = {
  CANNOT_IMPERSONATE: 'forbidden',
  WEBHOOK_DOWN: 'undecidable',
  DRYRUN_UNSUPPORTED: 'undecidable',
  INCONCLUSIVE: 'undecidable',
  NO_ANSWER: 'transient',
  NOT_TRIED: 'undecidable',
};

const STOPPED =
  'The answer does not tell whether admission would refuse it: the request was stopped for another reason. Try it by hand, with kubectl and --dry-run=server.';

function unreadText(items: readonly Stand[]): string {
  return (
    `It was refused by ${guardsIn(items)}, which is not among what was read of the cluster, so it cannot be told whether it also refuses when it is in trouble. ` +
    'If it is still there, the next audit finds it; else let a policy that stays refuse these changes.'
  );
}

export function gapText(standing: (typeof UNKNOWN)[number], items: readonly Stand[], noRoom: boolean): string {
  switch (standing) {
    case 'CANNOT_IMPERSONATE':
      return 'The auditor may not act in their name, so nothing was tried. Apply the manifest of active verification for this cluster again.';
    case 'WEBHOOK_DOWN':
      return 'An admission webhook does not answer and refuses everybody, so this proves nothing about the tenant. Repair the webhook.';
    case 'DRYRUN_UNSUPPORTED':
      return 'An admission webhook does not support dry-runs, so it cannot be told what it would do. Set its sideEffects to None or NoneOnDryRun if that is what it has.';
    case 'INCONCLUSIVE': {
      const unread = items.filter(({ reliability }) => reliability === 'unknown');
      const texts = unread.length === 0 ? [] : [unreadText(unread)];
      return [...texts, ...(unread.length < items.length ? [STOPPED] : [])].join(' ');
    }
    case 'NO_ANSWER':
      return 'There was no answer to it, or the object is gone. The next audit tries again.';
    default:
      if (noRoom)
        return 'There was no room for it among the dry-runs of one audit. Raise the time budget of the target, or narrow the rights of the tenant first.';
      return `${untriedText(items)} Take the right away, or try it by hand with kubectl and --dry-run=server.`;
  }
}

const WHY: Readonly<Record<Untried['why'], string>> = {
  roleOnly: 'the right is that of a role which the tenant could take',
  spared: 'it would be in the name of the platform, whose name is never used',
  noObject: 'no such object is known',
  noUid: 'the object is known by its name only, and nothing is deleted by name alone',
  wholeObject: 'the whole object would have to be sent',
  collection: 'a deletion of many objects at once is never sent',
  noPayload: 'it is not known which object of that kind would take the access away',
};

function untriedText(items: readonly Stand[]): string {
  const reasons = new Set(items.flatMap(({ untried }) => (untried ? [WHY[untried.why]] : [])));
  return reasons.size === 0 ? 'It was not tried.' : `It was not tried, because ${nameList(reasons)}.`;
}

/** What the auditor would need to act as those who were to be tried. */
export function missingRules(items: readonly Stand[]): readonly AccessRule[] {
  const rules = items.flatMap(({ attempt }) => (attempt ? impersonationRules(attempt.probe.as) : []));
  return [...new Map(rules.map((rule) => [accessRuleKey(rule), rule])).values()];
}

/** What refused, for people. */
export function guardsIn(items: readonly Stand[]): string {
  return nameList(new Set(items.flatMap(({ by }) => (by ? [excerpt(describeGuard(by), 160)] : []))));
}

/** `Tenant team-a (group team-a) has the right to send a request that deletes the ClusterRoleBinding platform-admin.` */
export function whatWasTried(items: readonly Stand[]): string {
  const { pair } = items[0]?.tried ?? {};
  const who = nameList(
    new Set(
      items.map(
        ({
          tried: {
            pair: { holder, principals },
          },
        }) => excerpt(describePrincipal(holder ?? principals[0] ?? { user: '', groups: [] }), 100),
      ),
    ),
  );
  const what = nameList(
    new Set(
      items.map(({ attempt, untried, tried }) =>
        attempt
          ? attempt.probe.what
          : `would ${untried?.verb ?? 'change'} ${tried.pair.object.kind} ${excerpt(tried.pair.object.name ?? 'objects', 120)}`,
      ),
    ),
    5,
  );
  const way = pair && pair.path.length > 0 ? ` ${describePath(pair.path)}` : '';
  return `Tenant ${pair?.tenant.name ?? ''} (${who}) has the right to send a request that ${what}.${way}`;
}

/** For the note of evidence. */
export function requestText(method: string, auditId: string | undefined, user: string, status: number): string {
  const audit = auditId === undefined ? '' : `, Audit-Id ${auditId}`;
  return `${method} as a dry-run in the name of ${excerpt(user, 120)}: HTTP ${status}${audit}`;
}
