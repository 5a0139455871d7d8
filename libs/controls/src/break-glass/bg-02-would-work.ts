import { type Evidence, type Observation, defineControl, fail, nameList, notEvaluated, pass } from '#libs/core';
import { excerpt } from '#libs/flux';
import { type Identity, MASTERS } from '#libs/rbac';
import { type Access, accessOf } from '../access/access.js';
import { describePrincipal, tenantModel } from '../tenants/tenant-model.js';
import { identitiesOf } from './break-glass-identity.js';
import { type Entry, judgeEntries, ROLE_CONTEXT } from './break-glass-scope.js';
import { judgeDrill } from './judge-drill.js';
import { RECOVERY_RIGHTS } from './recovery-rights.js';

function judgeRights(entry: Entry, identity: Identity, access: Access): readonly Observation[] {
  const { subject, pointer } = entry;
  const answers = RECOVERY_RIGHTS.map(({ request, title }) => ({ title, ...access.ask(identity, request) }));
  const who = excerpt(describePrincipal(identity), 100);
  const name = excerpt(entry.entry.name, 80);
  const unknown = answers.filter(({ allowed, unanswered, confidence }) =>
    // RBAC knows nothing of those whom the cloud lets in.
    allowed ? false : unanswered || (confidence === 'derived' && entry.entry.authMethod === 'cloudProvider'),
  );
  const refused = answers.filter((answer) => !answer.allowed && !unknown.includes(answer));
  if (refused.length > 0) {
    const evidence: Evidence = {
      pointer: `${pointer}/principals`,
      observed: { user: excerpt(identity.user, 100), groups: identity.groups.map((group) => excerpt(group, 100)) },
      expected: `may ${nameList(
        RECOVERY_RIGHTS.map(({ title }) => title),
        20,
      )}`,
    };
    return [
      fail(
        subject,
        'RECOVERY_RIGHT_MISSING',
        `The way in "${name}" leads in as ${who}, who may not ${nameList(
          refused.map(({ title }) => title),
          20,
        )}. ` +
          'Without these rights the platform’s access cannot be restored. ' +
          'Give the principal every right: by a client certificate of the group system:masters, or by a ClusterRoleBinding to cluster-admin that serves nothing else and no tenant can change.',
        {
          confidence: refused.some(({ confidence }) => confidence === 'proven') ? 'proven' : 'derived',
          evidence: [evidence],
        },
      ),
    ];
  }
  if (unknown.length > 0) {
    return [
      notEvaluated(
        subject,
        'notCollected',
        'RIGHTS_NOT_ANSWERED',
        `The API server did not answer whether ${who} of the way in "${name}" may ${nameList(
          unknown.map(({ title }) => title),
          20,
        )}. Let the auditor create SubjectAccessReviews.`,
        { missing: [{ verb: 'create', group: 'authorization.k8s.io', resource: 'subjectaccessreviews' }] },
      ),
    ];
  }
  const proven = identity.groups.includes(MASTERS) || answers.every(({ confidence }) => confidence === 'proven');
  return [
    pass(
      subject,
      'RIGHTS_HELD',
      `The way in "${name}" leads in as ${who}, who holds every right that restoring the platform’s access takes${proven ? '' : ', by the RBAC objects of the cluster; the API server was not asked about all'}.`,
      { confidence: proven ? 'proven' : 'derived' },
    ),
  ];
}

export const breakGlassWorks = defineControl({
  id: 'FLUX-BG-02',
  title: 'The break-glass access would work',
  family: 'Break-glass',
  severity: 'critical',
  scope: ['dedicated', 'management'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A way in that lacks one right, or that an admission policy refuses, is found out on the worst day. ' +
    'Whether the rights are there can be asked every day without touching the credential; whether people, network and credential work can only be drilled.',
  audit:
    'Asks the API server (SubjectAccessReview, nothing is impersonated) whether the principals of each entry may delete admission policy bindings and webhook configurations, create and delete ClusterRoleBindings, bind `cluster-admin`, create service accounts and their tokens in kube-system, and read Secrets; where it does not answer, RBAC decides and the answer counts as derived. ' +
    'Then judges the last drill of the entry: failed or older than twice `drillDays` fails, older than `drillDays` is a warning. ' +
    'Applies to dedicated and management clusters with an entry.',
  remediation:
    'Give the break-glass principal every right by something that nothing else uses. ' +
    'Drill the runbook with two people every `drillDays` days: sign in by the documented path, compare who the API server says they are, try the restore with `--dry-run=server`, and enter the result. ' +
    'In an emergency, remove admission policy bindings first, webhook configurations next, and then repair RBAC.',
  references: [
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/reference/access-authn-authz/authorization/#checking-api-access',
  ],
  requires: ['registration', 'rbac'],
  optional: ['accessReviews', ...ROLE_CONTEXT],
  examples: {
    passing: [
      {
        title: 'a member of system:masters, drilled four weeks before the audit',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]
          breakGlass:
            - name: edge-001
              principals: { users: ['break-glass:edge-001'], groups: ['system:masters'] }
              drillDays: 90
              lastDrill: { at: '2026-10-04T09:00:00Z', by: 'ada, grace', result: passed }`,
      },
    ],
    failing: [
      {
        title: 'a user whom no binding names',
        yaml: `
          kind: Registration
          role: tenant
          tenancy: dedicated
          tenants: [{ name: team-a }]
          breakGlass:
            - name: edge-001
              principals: { users: ['break-glass:edge-001'] }
              drillDays: 90
              lastDrill: { at: '2026-10-04T09:00:00Z', result: passed }`,
      },
      {
        title: 'a drill that an admission policy stopped',
        yaml: `
          kind: Registration
          role: management
          breakGlass:
            - name: hub
              principals: { groups: ['system:masters'] }
              drillDays: 90
              lastDrill: { at: '2026-10-04T09:00:00Z', result: failed, failedStep: delete a protected binding }`,
      },
    ],
  },
  evaluate: (artifacts, { now }) => {
    const access = accessOf(artifacts.rbac, artifacts.accessReviews);
    return judgeEntries(tenantModel(artifacts), (entry) => {
      const identities = identitiesOf(entry.entry);
      const rights =
        identities.length > 0
          ? identities.flatMap((identity) => judgeRights(entry, identity, access))
          : [
              notEvaluated(
                entry.subject,
                'undecidable',
                'NO_PRINCIPAL',
                `The break-glass entry "${excerpt(entry.entry.name, 80)}" does not say who its credential is, so its rights cannot be asked for. Fill in principals.`,
              ),
            ];
      return [...rights, ...judgeDrill(entry, now)];
    });
  },
});
