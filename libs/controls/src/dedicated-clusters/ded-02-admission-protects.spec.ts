import { describe, expect, it } from 'vitest';
import type { Probe, ProbeVerdict } from '#libs/core';
import { evaluate } from '#libs/engine';
import { judge, tableOf, verdicts, type ControlRow } from '../../../../test/support/expect-control.js';
import { controller as installed } from '../../../../test/support/flux-installation.js';
import { bound, clusterRole, granted } from '../../../../test/support/rbac-text.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { planProbes } from '../probes/plan-probes.js';
import { PROBED_RESOURCES } from '../probes/probed-resources.js';
import { admissionProtects as control } from './ded-02-admission-protects.js';

const judges = tableOf(control);
const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

interface Live {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly namespace?: string; readonly name: string };
}
/** The object as a cluster has it: with a uid. */
const live = (object: object, more: object = {}) => {
  const { metadata, ...rest } = object as Live;
  return { ...rest, metadata: { uid: `uid-${metadata.namespace ?? ''}-${metadata.name}`, ...metadata, ...more } };
};
const named = (apiVersion: string, kind: string, path: string, rest: object = {}) => {
  const [first = '', second] = path.split('/');
  const metadata = second === undefined ? { name: first } : { namespace: first, name: second };
  return { ...live({ apiVersion, kind, metadata }), ...rest };
};
const namespace = (name: string, labels: Readonly<Record<string, string>> = {}) =>
  live(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
    {
      labels: { 'pod-security.kubernetes.io/enforce': 'restricted', ...labels },
    },
  );

const REGISTRATION = {
  kind: 'Registration',
  role: 'tenant',
  tenancy: 'dedicated',
  activeVerification: { enabled: true },
  platformPrincipals: { groups: ['platform-admins'], serviceAccounts: ['flux-remote/flux'] },
  platformNamespaces: ['flux-remote'],
  tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] }, principals: { groups: ['team-a'] } }],
};
const BASE: readonly object[] = [
  REGISTRATION,
  namespace('team-a'),
  namespace('flux-remote', { 'platform.example.com/protected': 'true' }),
  namespace('kube-system'),
  named('v1', 'ServiceAccount', 'team-a/default'),
  named('v1', 'ServiceAccount', 'flux-remote/flux'),
  live(clusterRole('cluster-admin', ['* */*'])),
  live(bound('*', 'cluster-admin', 'group platform-admins', 'account flux-remote/flux')),
];
const tenant = (place: string, ...rules: string[]) => granted(place, 'extra', rules, 'group team-a');
const together = (...objects: readonly (object | readonly object[])[]) => [...BASE, ...objects.flat()];

const vap = (name: string, spec: object = {}, binding: object = {}) => [
  {
    apiVersion: `${ADMISSION}/v1`,
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: [''],
            apiVersions: ['*'],
            operations: ['UPDATE', 'DELETE'],
            resources: ['namespaces'],
          },
        ],
      },
      validations: [{ expression: "!('platform.example.com/protected' in oldObject.metadata.labels)" }],
      ...spec,
    },
  },
  {
    apiVersion: `${ADMISSION}/v1`,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: { policyName: name, validationActions: ['Deny'], ...binding },
  },
];
const parameterized = (failurePolicy: string, paramRef: object, binding = 'protect') =>
  vap(
    'protect',
    { failurePolicy, paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
    { paramRef: { name: 'params', namespace: 'kube-system', ...paramRef } },
  ).map((each) => (each.kind === 'ValidatingAdmissionPolicyBinding' ? { ...each, metadata: { name: binding } } : each));
const webhook = (name: string, failurePolicy: string, service?: object) =>
  named(`${ADMISSION}/v1`, 'ValidatingWebhookConfiguration', name, {
    webhooks: [{ name: `${name}.example.com`, failurePolicy, rules: [], ...(service && { service }) }],
  });

const ACCEPTED: ProbeVerdict = { kind: 'accepted' };
const RBAC_DENIED: ProbeVerdict = { kind: 'unauthorized' };
const byPolicy = (name = 'protect'): ProbeVerdict => ({
  kind: 'denied',
  by: { mechanism: 'validatingAdmissionPolicy', name, binding: name },
});
const byWebhook = (name: string): ProbeVerdict => ({
  kind: 'denied',
  by: { mechanism: 'webhook', name: `${name}.example.com` },
});
const denied = (mechanism: 'quota' | 'admission' | 'podSecurity'): ProbeVerdict => ({
  kind: 'denied',
  by: { mechanism },
});

const planned: Probe[] = [];
function planOf(documents: readonly object[]): readonly Probe[] {
  const plan = planProbes(snapshotOf(documents).artifacts);
  planned.push(...plan);
  return plan;
}
const shortKey = ({ key }: Probe) => key.replace(/^FLUX-DED-02 /, '').replace(/ as .*/, '');

/** The objects together with the answers to what is planned for them; every answer must have been asked for. */
function answered(documents: readonly object[], answers: Readonly<Record<string, ProbeVerdict>>): readonly object[] {
  const plan = planOf(documents);
  const unasked = Object.keys(answers).filter((key) => !plan.some((probe) => shortKey(probe).startsWith(key)));
  if (unasked.length > 0)
    throw new Error(`Not planned: ${unasked.join('; ')}. Planned: ${plan.map(shortKey).join('; ')}`);
  const results = plan.map((probe) => {
    const key = Object.keys(answers).find((each) => shortKey(probe).startsWith(each));
    if (key === undefined) throw new Error(`No answer for: ${shortKey(probe)}`);
    return { kind: 'ProbeResult', probe, verdict: answers[key], status: 0, auditId: 'audit' };
  });
  return [...documents, ...results];
}
const row = (
  state: string,
  documents: readonly object[],
  answers: Readonly<Record<string, ProbeVerdict>>,
  verdict: ControlRow[2],
  more: ControlRow[3] = {},
): ControlRow => [state, answered(documents, answers), verdict, more];

const DELETES_BINDINGS = together(tenant('*', `delete ${RBAC}/clusterrolebindings`));
const KEY = `delete clusterrolebindings.${RBAC} cluster-admin`;
const OWNER = `owner clusterrolebindings.${RBAC} cluster-admin`;
const CHANGE = `change clusterrolebindings.${RBAC} cluster-admin`;
const PATCHES_BINDINGS = together(tenant('*', `patch ${RBAC}/clusterrolebindings`));

describe('a right that a dry-run tries', () => {
  judges([
    row(
      'c: refused by a policy',
      together(...vap('protect'), tenant('*', `delete ${RBAC}/clusterrolebindings`)),
      {
        [KEY]: byPolicy(),
      },
      'pass PROTECTED',
      { message: /the ValidatingAdmissionPolicy protect/ },
    ),
    row('c: accepted', DELETES_BINDINGS, { [KEY]: ACCEPTED }, 'fail UNPROTECTED', {
      verdicts: ['fail UNPROTECTED Tenant/team-a A1 ClusterRoleBinding'],
      message: /\(group team-a\) has the right to send a request that deletes the ClusterRoleBinding cluster-admin/,
    }),
    row(
      'd: a constraint whose webhook does not see deletions',
      together(webhook('gatekeeper', 'Fail'), tenant('*', `delete ${RBAC}/clusterrolebindings`)),
      { [KEY]: ACCEPTED },
      'fail UNPROTECTED',
    ),
    row(
      'e: refused by a webhook that fails open',
      together(webhook('kyverno', 'Ignore'), tenant('*', `delete ${RBAC}/clusterrolebindings`)),
      { [KEY]: byWebhook('kyverno') },
      'warn FAIL_OPEN',
      { message: /failurePolicy is Ignore/ },
    ),
    row(
      's: refused by a webhook that fails closed',
      together(webhook('kyverno', 'Fail'), tenant('*', `delete ${RBAC}/clusterrolebindings`)),
      { [KEY]: byWebhook('kyverno') },
      'pass PROTECTED',
    ),
    row(
      'refused by a webhook that nobody knows',
      DELETES_BINDINGS,
      {
        [KEY]: byWebhook('other'),
      },
      'notEvaluated INCONCLUSIVE',
    ),
    row(
      'refused by a policy that fails open where its parameters are missing',
      together(
        ...vap(
          'protect',
          { failurePolicy: 'Ignore', paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
          {
            paramRef: { name: 'params', namespace: 'kube-system', parameterNotFoundAction: 'Deny' },
          },
        ),
        tenant('*', `delete ${RBAC}/clusterrolebindings`),
      ),
      { [KEY]: byPolicy() },
      'warn FAIL_OPEN',
    ),
    row(
      'refused by a policy that ignores its failures and takes no parameters',
      together(...vap('protect', { failurePolicy: 'Ignore' }), tenant('*', `delete ${RBAC}/clusterrolebindings`)),
      { [KEY]: byPolicy() },
      'pass PROTECTED',
      { message: /takes no parameters .* failurePolicy is Ignore(?!.*also refuses when it is in trouble)/ },
    ),
    ...(['Allow', undefined] as const).flatMap((parameterNotFoundAction) =>
      ['Fail', 'Ignore'].map((failurePolicy) =>
        row(
          `missing parameters: ${parameterNotFoundAction ?? 'not stated'}, with failurePolicy ${failurePolicy}`,
          together(
            ...parameterized(failurePolicy, { parameterNotFoundAction }),
            tenant('*', `delete ${RBAC}/clusterrolebindings`),
          ),
          { [KEY]: byPolicy() },
          'warn FAIL_OPEN',
          { message: /Set parameterNotFoundAction to Deny and failurePolicy to Fail/ },
        ),
      ),
    ),
    row(
      'missing parameters are refused',
      together(
        ...parameterized('Fail', { parameterNotFoundAction: 'Deny' }),
        tenant('*', `delete ${RBAC}/clusterrolebindings`),
      ),
      { [KEY]: byPolicy() },
      'pass PROTECTED',
      { message: /also refuses when it is in trouble/ },
    ),
    row(
      'another binding of the policy lets missing parameters pass, and did not refuse this',
      together(
        ...parameterized('Fail', { parameterNotFoundAction: 'Deny' }),
        parameterized('Fail', { parameterNotFoundAction: 'Allow' }, 'other').slice(1),
        tenant('*', `delete ${RBAC}/clusterrolebindings`),
      ),
      { [KEY]: byPolicy() },
      'pass PROTECTED',
    ),
    row(
      'the binding of a policy with parameters cannot be seen',
      together(
        parameterized('Fail', { parameterNotFoundAction: 'Deny' }).slice(0, 1),
        tenant('*', `delete ${RBAC}/clusterrolebindings`),
      ),
      { [KEY]: byPolicy() },
      'notEvaluated INCONCLUSIVE',
    ),
    row(
      'refused by a policy that nobody can see',
      DELETES_BINDINGS,
      { [KEY]: byPolicy('x') },
      'notEvaluated INCONCLUSIVE',
      { message: /the ValidatingAdmissionPolicy x, which is not among what was read/ },
    ),
    row(
      'r: a policy that fails for everybody',
      DELETES_BINDINGS,
      {
        [KEY]: { kind: 'brokenPolicy', name: 'x' },
      },
      'warn BROKEN_POLICY',
      { message: /refuses everybody/ },
    ),
    row('refused by a plugin of the API server', DELETES_BINDINGS, { [KEY]: denied('admission') }, 'pass PROTECTED'),
    row(
      'refused by a quota, which comes after every policy',
      DELETES_BINDINGS,
      {
        [KEY]: denied('quota'),
      },
      'notEvaluated INCONCLUSIVE',
    ),
    row('refused for lack of rights, after all', DELETES_BINDINGS, { [KEY]: RBAC_DENIED }, 'pass REFUSED_BY_RBAC'),
    row('stopped by a validation', DELETES_BINDINGS, { [KEY]: { kind: 'inconclusive' } }, 'notEvaluated INCONCLUSIVE'),
    row('not answered', DELETES_BINDINGS, { [KEY]: { kind: 'unreadable' } }, 'notEvaluated NO_ANSWER'),
    row(
      'a webhook that knows no dry-run',
      DELETES_BINDINGS,
      {
        [KEY]: { kind: 'dryRunUnsupported', name: 'x' },
      },
      'notEvaluated DRYRUN_UNSUPPORTED',
    ),
    row(
      'a webhook that is down',
      DELETES_BINDINGS,
      {
        [KEY]: { kind: 'webhookDown', name: 'x' },
      },
      'notEvaluated WEBHOOK_DOWN',
    ),
    ['not tried', DELETES_BINDINGS, 'notEvaluated NOT_TRIED'],
  ]);

  it.each([
    ['n: no impersonation', { kind: 'cannotImpersonate' }],
    ['t: nor the constrained one', { kind: 'cannotImpersonate' }],
  ] as const)('names what the auditor lacks, and takes it for no refusal of the tenant: %s', (_title, verdict) => {
    const result = judge(control, answered(DELETES_BINDINGS, { [KEY]: verdict }));
    expect(result).toMatchObject({ outcome: 'notEvaluated', reason: 'CANNOT_IMPERSONATE', cause: 'forbidden' });
    expect(result.missing).toEqual([
      { verb: 'impersonate', group: '', resource: 'groups', name: 'team-a' },
      { verb: 'impersonate', group: '', resource: 'users', name: 'plimsoll:member' },
    ]);
  });

  it('says what was sent, as whom, and where the audit log has it', () => {
    const [found] = judge(control, answered(DELETES_BINDINGS, { [KEY]: ACCEPTED })).observations;
    expect(found?.evidence[0]).toMatchObject({
      object: { kind: 'ClusterRoleBinding', name: 'cluster-admin', uid: 'uid--cluster-admin' },
      pointer: '/metadata/name',
      note: expect.stringMatching(/DELETE as a dry-run in the name of plimsoll:member.*Audit-Id audit/),
    });
    expect(found?.fixes?.map(({ title }) => title)).toContain('Refuse changes of protected objects at admission');
  });

  it('is tried as a deletion of that very object', () => {
    expect(planOf(DELETES_BINDINGS)).toEqual([
      {
        key: `FLUX-DED-02 ${KEY} as plimsoll:member, team-a`,
        control: 'FLUX-DED-02',
        as: { user: 'plimsoll:member', groups: ['team-a'] },
        method: 'DELETE',
        target: { group: RBAC, version: 'v1', resource: 'clusterrolebindings', name: 'cluster-admin' },
        uid: 'uid--cluster-admin',
        what: 'deletes the ClusterRoleBinding cluster-admin',
      },
    ]);
  });
});

describe('changes count as deletions', () => {
  judges([
    row(
      'j: the subject stays, the owner is accepted',
      PATCHES_BINDINGS,
      {
        [OWNER]: ACCEPTED,
        [CHANGE]: RBAC_DENIED,
      },
      'fail UNPROTECTED',
      { message: /owner that does not exist/ },
    ),
    row(
      'j: the owner is refused too',
      PATCHES_BINDINGS,
      {
        [OWNER]: denied('admission'),
        [CHANGE]: RBAC_DENIED,
      },
      'pass PROTECTED',
    ),
    row(
      'v: a policy that sees deletions only',
      together(...vap('protect'), tenant('*', `delete,patch ${RBAC}/clusterrolebindings`)),
      { [KEY]: byPolicy(), [OWNER]: ACCEPTED, [CHANGE]: RBAC_DENIED },
      'fail UNPROTECTED',
    ),
    row(
      'i: a role of the platform is emptied',
      together(tenant('*', `patch ${RBAC}/clusterroles`)),
      {
        [`owner clusterroles.${RBAC} cluster-admin`]: byPolicy(),
        [`change clusterroles.${RBAC} cluster-admin`]: ACCEPTED,
      },
      'fail UNPROTECTED',
      { verdicts: ['fail UNPROTECTED Tenant/team-a A2 ClusterRole'] },
    ),
    [
      'a replacement of a binding, which has to be whole',
      together(tenant('*', `update ${RBAC}/clusterrolebindings`)),
      'notEvaluated NOT_TRIED',
      { message: /the whole object/ },
    ],
    [
      'a deletion of many at once, which is never sent',
      together(tenant('*', `deletecollection ${RBAC}/clusterrolebindings`)),
      'notEvaluated NOT_TRIED',
      { message: /many objects at once/ },
    ],
  ]);

  it('takes the platform out of the binding, by its place', () => {
    const binding = bound('*', 'cluster-admin', 'user someone', 'group platform-admins');
    const documents = [
      ...PATCHES_BINDINGS.filter((each) => (each as Live).metadata?.name !== 'cluster-admin'),
      live(clusterRole('cluster-admin', ['* */*'])),
      live(binding),
    ];
    const change = planOf(documents).find(({ key }) => key.includes(' change '));
    expect(change?.body).toEqual([{ op: 'remove', path: '/subjects/1' }]);
  });
});

const NS = 'namespaces flux-remote';
const STATUS = 'namespaces flux-remote (status)';

describe('Namespaces of the platform', () => {
  const WHOLE = tenant('*', 'delete,patch /namespaces');
  const DENIED = { [`delete ${NS}`]: byPolicy(), [`owner ${NS}`]: byPolicy() };
  judges([
    row(
      'u: a policy leaves their status out',
      together(...vap('protect'), WHOLE, granted('*', 'status', ['patch /namespaces/status'], 'group team-a')),
      {
        [`owner ${STATUS}`]: ACCEPTED,
        [`labels ${STATUS}`]: ACCEPTED,
        ...DENIED,
        [`labels ${NS}`]: byPolicy(),
      },
      'fail GUARD_REMOVABLE',
      { verdicts: ['fail GUARD_REMOVABLE Tenant/team-a A3 Namespace'] },
    ),
    row(
      'u: the tenant has a right to the status alone',
      together(...vap('protect'), tenant('*', 'patch /namespaces/status')),
      {
        [`owner ${STATUS}`]: ACCEPTED,
        [`labels ${STATUS}`]: ACCEPTED,
      },
      'fail GUARD_REMOVABLE',
    ),
    row(
      'no policy at all looks at them',
      together(tenant('*', 'patch /namespaces/status')),
      {
        [`owner ${STATUS}`]: ACCEPTED,
        [`labels ${STATUS}`]: ACCEPTED,
      },
      'fail UNPROTECTED',
    ),
    row(
      'a policy that only warns',
      together(...vap('protect', {}, { validationActions: ['Audit'] }), tenant('*', 'patch /namespaces/status')),
      {
        [`owner ${STATUS}`]: ACCEPTED,
        [`labels ${STATUS}`]: ACCEPTED,
      },
      'fail UNPROTECTED',
    ),
    row(
      'the label by which a policy knows them comes off',
      together(...vap('protect'), WHOLE),
      {
        ...DENIED,
        [`labels ${NS}`]: ACCEPTED,
      },
      'fail GUARD_REMOVABLE',
    ),
    row(
      'labels come off that no policy looks at',
      together(...vap('protect', { validations: [{ expression: "oldObject.metadata.name != 'flux-remote'" }] }), WHOLE),
      { ...DENIED, [`labels ${NS}`]: ACCEPTED },
      'pass PROTECTED',
    ),
    row(
      'everything about them is refused',
      together(...vap('protect'), WHOLE),
      {
        ...DENIED,
        [`labels ${NS}`]: byPolicy(),
      },
      'pass PROTECTED',
    ),
    row(
      'their end is replaced',
      together(...vap('protect'), tenant('*', 'update /namespaces/finalize')),
      {
        'owner namespaces flux-remote (finalize)': ACCEPTED,
      },
      'fail GUARD_REMOVABLE',
    ),
  ]);

  it('are labelled as those that a webhook leaves out', () => {
    const hook = named(`${ADMISSION}/v1`, 'ValidatingWebhookConfiguration', 'engine', {
      webhooks: [
        {
          name: 'x.example.com',
          rules: [],
          namespaceSelector: {
            matchExpressions: [
              { key: 'engine/ignore', operator: 'DoesNotExist' },
              { key: 'kind', operator: 'NotIn', values: ['system'] },
              { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] },
            ],
          },
        },
      ],
    });
    const labels = planOf(together(hook, WHOLE)).find(({ key }) => key.includes(`labels ${NS}`));
    expect(labels?.body).toEqual({
      metadata: {
        labels: {
          'pod-security.kubernetes.io/enforce': null,
          'platform.example.com/protected': null,
          'engine/ignore': 'plimsoll',
          kind: 'system',
        },
      },
    });
  });
});

describe('who is who, and admission itself', () => {
  const AWS = live({
    apiVersion: 'v1',
    kind: 'PlatformConfigMap',
    metadata: { namespace: 'kube-system', name: 'aws-auth' },
    data: {},
  });
  const HOOK = webhook('kyverno', 'Fail', { namespace: 'kyverno', name: 'svc' });
  const hooks = `validatingwebhookconfigurations.${ADMISSION}`;
  const exceptions = [
    named('kyverno.io/v1', 'ClusterPolicy', 'protect', { spec: {} }),
    tenant('team-a', 'create kyverno.io/policyexceptions'),
  ];
  judges([
    row(
      'h: the tenant may update aws-auth, and is let through',
      together(AWS, tenant('kube-system', 'update /configmaps aws-auth')),
      {
        'owner configmaps kube-system/aws-auth': ACCEPTED,
      },
      'fail UNPROTECTED',
      { verdicts: ['fail UNPROTECTED Tenant/team-a A5 ConfigMap'] },
    ),
    row(
      'f: webhook configurations are deleted, and no policy refuses',
      together(HOOK, tenant('*', `delete ${ADMISSION}/validatingwebhookconfigurations`)),
      {
        [`delete ${hooks} kyverno`]: ACCEPTED,
      },
      'fail GUARD_REMOVABLE',
    ),
    row(
      'f: a policy refuses',
      together(HOOK, ...vap('protect'), tenant('*', `delete ${ADMISSION}/validatingwebhookconfigurations`)),
      {
        [`delete ${hooks} kyverno`]: byPolicy(),
      },
      'pass PROTECTED',
    ),
    row(
      'l: one is created that refuses everything',
      together(tenant('*', `create ${ADMISSION}/validatingwebhookconfigurations`)),
      {
        [`create ${hooks}`]: ACCEPTED,
      },
      'fail UNPROTECTED',
      { message: /creates the ValidatingWebhookConfiguration/ },
    ),
    row(
      'k: exceptions from a policy may be made',
      together(...exceptions),
      {
        'create policyexceptions.kyverno.io team-a': ACCEPTED,
      },
      'fail GUARD_REMOVABLE',
    ),
    row(
      'the engine may be scaled away',
      together(
        HOOK,
        {
          kind: 'PodGroup',
          namespace: 'kyverno',
          owner: { kind: 'Deployment', name: 'kyverno-admission-controller' },
          serviceAccountName: 'kyverno',
          risks: [],
          mirror: false,
          nodes: {},
        },
        tenant('kyverno', 'patch apps/deployments/scale'),
      ),
      { 'change deployments.apps kyverno/kyverno-admission-controller (scale)': ACCEPTED },
      'fail GUARD_REMOVABLE',
    ),
    [
      'leases of the engine are not known by name',
      together(HOOK, tenant('kyverno', 'delete coordination.k8s.io/leases')),
      'notEvaluated NOT_TRIED',
      { message: /no such object is known/ },
    ],
  ]);

  it('f1: are removable by a right that another authorizer gives, which no object shows', () => {
    const review = {
      kind: 'AccessReview',
      question: {
        user: '',
        groups: ['team-a', 'system:authenticated'],
        verb: 'delete',
        group: ADMISSION,
        resource: 'validatingadmissionpolicybindings',
        name: 'protect',
      },
      allowed: true,
      reason: 'access entry of the cloud',
    };
    const rules = tenant('*', `delete ${RBAC}/clusterrolebindings`);
    const result = judge(control, answered(together(...vap('protect'), rules, review), { [KEY]: byPolicy() }));
    expect(verdicts(result)).toEqual([
      'fail GUARD_REMOVABLE Tenant/team-a policy protect',
      'pass PROTECTED Tenant/team-a A1 ClusterRoleBinding',
    ]);
    expect(result.message).toMatch(/group team-a may change or delete it .* another authorizer/);
    expect(result.observations[0]?.evidence).toEqual([
      expect.objectContaining({
        pointer: '/tenants/0/principals/groups/0',
        observed: 'team-a',
        note: 'access entry of the cloud',
      }),
    ]);
  });

  it('f1: leaves a right to policies alone to FLUX-DED-01, and says that what they guard can be lifted', () => {
    const rules = tenant('*', `delete ${RBAC}/clusterrolebindings`);
    const more = granted('*', 'policies', [`delete ${ADMISSION}/validatingadmissionpolicybindings`], 'group team-a');
    const documents = answered(together(...vap('protect'), rules, more), { [KEY]: byPolicy() });
    expect(verdicts(judge(control, documents))).toEqual([
      'fail GUARD_REMOVABLE Tenant/team-a policy protect',
      'pass PROTECTED Tenant/team-a A1 ClusterRoleBinding',
    ]);
    expect(verdicts(judge(control, together(...vap('protect'), more)))).toEqual([
      'notApplicable NOTHING_TO_PROVE Tenant/team-a',
    ]);
  });
});

describe('the API and Flux', () => {
  const flux = named('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'flux-system/platform', {
    spec: { interval: '5m' },
  });
  const deployment = installed('kustomize-controller', [], { serviceAccountName: 'kustomize-controller' }).map((each) =>
    live(each),
  );
  const CONTROLLER = deployment[0]?.metadata as Live['metadata'];
  judges([
    row(
      'nodes are deleted',
      together(named('v1', 'Node', 'node-1', { spec: {} }), tenant('*', 'delete /nodes')),
      {
        'delete nodes node-1': ACCEPTED,
      },
      'fail UNPROTECTED',
      { verdicts: ['fail UNPROTECTED Tenant/team-a A7 Node'] },
    ),
    ['there are no nodes', together(tenant('*', 'delete /nodes')), 'notApplicable NOTHING_TO_PROVE'],
    row(
      'a quota stops the pods of the platform',
      together(tenant('flux-remote', 'create /resourcequotas')),
      {
        'create resourcequotas': ACCEPTED,
      },
      'fail UNPROTECTED',
    ),
    row(
      'a Kustomization of the platform is suspended',
      together(flux, tenant('flux-system', 'patch kustomize.toolkit.fluxcd.io/kustomizations platform')),
      {
        'owner kustomizations.kustomize.toolkit.fluxcd.io': byPolicy(),
        'change kustomizations.kustomize.toolkit.fluxcd.io': ACCEPTED,
      },
      'fail UNPROTECTED',
      { verdicts: ['fail UNPROTECTED Tenant/team-a A8 Kustomization'] },
    ),
    row(
      'a controller is scaled to nothing',
      together(...deployment, tenant(CONTROLLER.namespace ?? '', 'patch apps/deployments/scale')),
      {
        [`change deployments.apps ${CONTROLLER.namespace}/${CONTROLLER.name} (scale)`]: ACCEPTED,
      },
      'fail UNPROTECTED',
    ),
    [
      'definitions are deleted, which are not read',
      together(...deployment, tenant('*', 'delete apiextensions.k8s.io/customresourcedefinitions')),
      'notEvaluated NOT_TRIED',
      { message: /known by its name only/ },
    ],
  ]);
});

describe('nothing to try', () => {
  const off = { unavailable: { probes: 'notCollected' } } as const;
  judges([
    ['no right covers anything', together(bound('team-a', 'admin', 'group team-a')), 'notApplicable NOTHING_TO_PROVE'],
    ['the same where nothing may be tried', together(), 'notApplicable NOTHING_TO_PROVE', off],
    [
      'b: the tenant is administrator',
      together(granted('*', 'root', ['* */*'], 'group team-a')),
      'notApplicable NOTHING_TO_PROVE',
      { message: /FLUX-DED-01 fails/ },
    ],
    ['active verification is off', DELETES_BINDINGS, 'notEvaluated NOT_COLLECTED', off],
    [
      'the cluster is shared',
      [{ ...REGISTRATION, tenancy: 'shared' }, ...BASE.slice(1)],
      'notApplicable NOT_DEDICATED',
      off,
    ],
    [
      'it is not known who the platform is',
      [{ ...REGISTRATION, platformPrincipals: undefined }, ...BASE.slice(1)],
      'notEvaluated NO_ACCESS_OBJECTS',
    ],
    [
      'it is not known who acts for the tenant',
      [{ ...REGISTRATION, tenants: [{ name: 'team-a', namespaces: { names: ['team-a'] } }] }, ...BASE.slice(1)],
      'notEvaluated PRINCIPALS_UNDECLARED',
    ],
    [
      'w: a built-in group is answered by a Service',
      together({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: 'v1.apps' },
        spec: { group: 'apps', version: 'v1', service: { namespace: 'x', name: 'y' } },
      }),
      'notEvaluated READS_NOT_TRUSTED',
    ],
  ]);

  it('had no room in the audit', () => {
    const snapshot = snapshotOf(DELETES_BINDINGS);
    const probes = { state: 'collected', value: { results: [], left: 1 } } as const;
    const profile = { id: 'test@1', ruleSetVersion: 'test', controls: [control.id] };
    const full = { ...snapshot, artifacts: { ...snapshot.artifacts, probes } };
    expect(evaluate([control], profile, full).results).toMatchObject([
      { outcome: 'notEvaluated', reason: 'NOT_TRIED', cause: 'budgetExceeded' },
    ]);
  });
});

describe('who is impersonated', () => {
  it('is nobody of the platform, of emergencies or of the system', () => {
    const member = { ...REGISTRATION.tenants[0], principals: { groups: ['team-a', 'platform-admins'], users: ['bg'] } };
    const documents = [
      {
        ...REGISTRATION,
        platformPrincipals: { serviceAccounts: ['flux-remote/flux'], groups: ['platform-admins'] },
        breakGlass: [{ name: 'b', principals: { users: ['bg'] } }],
        tenants: [member],
      },
      ...BASE.slice(1),
      ...granted('*', 'extra', [`delete ${RBAC}/clusterrolebindings`], 'group team-a', 'user bg'),
      ...granted('*', 'more', [`delete ${RBAC}/clusterroles`], 'user bg'),
    ];
    expect(new Set(planOf(documents).map(({ as }) => JSON.stringify(as)))).toEqual(
      new Set([JSON.stringify({ user: 'plimsoll:member', groups: ['team-a'] })]),
    );
    expect(verdicts(judge(control, documents))).toContain('notEvaluated NOT_TRIED Tenant/team-a A2 ClusterRole');
  });

  it('is somebody with the same rights, where the first of them is not to be impersonated', () => {
    const documents = [
      {
        ...REGISTRATION,
        breakGlass: [{ name: 'b', principals: { users: ['bg'] } }],
        tenants: [{ ...REGISTRATION.tenants[0], principals: { users: ['bg'], groups: ['team-a'] } }],
      },
      ...BASE.slice(1),
      ...granted('*', 'extra', [`delete ${RBAC}/clusterrolebindings`], 'user bg', 'group team-a'),
    ];
    expect(planOf(documents).map(({ as }) => as)).toEqual([{ user: 'plimsoll:member', groups: ['team-a'] }]);
  });

  it('m: is also who is let in by another authorizer', () => {
    const review = {
      kind: 'AccessReview',
      question: {
        user: '',
        groups: ['team-a', 'system:authenticated'],
        verb: 'delete',
        group: RBAC,
        resource: 'clusterrolebindings',
        name: 'cluster-admin',
      },
      allowed: true,
    };
    const documents = answered(together(review), { [KEY]: ACCEPTED });
    expect(judge(control, documents)).toMatchObject({ outcome: 'fail', reason: 'UNPROTECTED' });
    // What went through stays so, although the right is not seen any more.
    const blind = judge(control, documents, { unavailable: { accessReviews: 'forbidden' } });
    expect(blind).toMatchObject({ outcome: 'fail', reason: 'UNPROTECTED' });
  });

  it('is an account by its name alone', () => {
    const documents = together(granted('*', 'extra', [`delete ${RBAC}/clusterrolebindings`], 'account team-a/default'));
    expect(planOf(documents).map(({ as }) => as)).toEqual([
      { user: 'system:serviceaccount:team-a:default', groups: [] },
    ]);
  });

  it('asks nothing in groups that another server answers', () => {
    const kustomizations = {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: 'v1.kustomize.toolkit.fluxcd.io' },
      spec: { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', service: { namespace: 'x', name: 'y' } },
    };
    const flux = named('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'flux-system/platform', { spec: {} });
    const documents = together(flux, kustomizations, tenant('*', 'delete kustomize.toolkit.fluxcd.io/kustomizations'));
    expect(planOf(documents)).toEqual([]);
    expect(judge(control, documents)).toMatchObject({ outcome: 'notEvaluated', reason: 'NOT_TRIED' });
  });
});

it('tries nothing that the manifest of active verification does not name', () => {
  const verbs = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
  const beyond = planned.filter(
    ({ method, target: { group, resource, subresource } }) =>
      !PROBED_RESOURCES.some(
        (rule) =>
          rule.verb === verbs[method] &&
          rule.group === group &&
          (rule.resource === '*' ||
            rule.resource === (subresource === undefined ? resource : `${resource}/${subresource}`)),
      ),
  );
  expect(planned.length).toBeGreaterThan(60);
  expect(beyond.map(({ key }) => key)).toEqual([]);
});

describe('the manifest of active verification names nothing in vain', () => {
  const service = { namespace: 'kyverno', name: 'svc' };
  const rich = together(
    ...installed('kustomize-controller', [], { serviceAccountName: 'kustomize-controller' }).map((each) => live(each)),
    named(`${RBAC}/v1`, 'Role', 'flux-remote/impersonator', {
      rules: [{ apiGroups: [''], resources: ['serviceaccounts'], resourceNames: ['applier'], verbs: ['impersonate'] }],
    }),
    named(`${RBAC}/v1`, 'RoleBinding', 'flux-remote/impersonator', {
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'impersonator' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'flux-remote', name: 'flux' }],
    }),
    named(`${RBAC}/v1`, 'Role', 'flux-remote/applier', {
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    }),
    named(`${RBAC}/v1`, 'RoleBinding', 'flux-remote/applier', {
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'applier' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'flux-remote', name: 'applier' }],
    }),
    { ...named('v1', 'PlatformConfigMap', 'kube-system/aws-auth'), data: {} },
    { ...named('v1', 'SecretFacts', 'flux-remote/token'), keys: [], digest: 'd', lengths: {} },
    named('v1', 'Node', 'node-1', { spec: {} }),
    named('networking.k8s.io/v1', 'NetworkPolicy', 'flux-system/allow', { spec: { podSelector: {} } }),
    webhook('kyverno', 'Fail', service),
    { ...webhook('kyverno-mutate', 'Fail', service), kind: 'MutatingWebhookConfiguration' },
    named('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'flux-system/platform', { spec: {} }),
    named('kyverno.io/v1', 'ClusterPolicy', 'protect', { spec: {} }),
    named('kyverno.io/v1', 'Policy', 'kyverno/protect', { spec: {} }),
    named('kyverno.io/v2', 'PolicyException', 'kyverno/spare', { spec: {} }),
    named('policies.kyverno.io/v1alpha1', 'ValidatingPolicy', 'protect', { spec: {} }),
    named('policies.kyverno.io/v1alpha1', 'PolicyException', 'kyverno/spare', { spec: {} }),
    named('templates.gatekeeper.sh/v1', 'ConstraintTemplate', 'k8sprotect', { spec: {} }),
    named('constraints.gatekeeper.sh/v1beta1', 'K8sProtect', 'protect', { spec: {} }),
    named('config.gatekeeper.sh/v1alpha1', 'Config', 'gatekeeper-system/config', { spec: {} }),
  );
  const verbs = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
  // Pods and objects of Flux are created in the name of tenants by other controls.
  const own = PROBED_RESOURCES.filter(
    ({ verb, group, resource }) => verb !== 'create' || !(resource === 'pods' || group.endsWith('.toolkit.fluxcd.io')),
  );

  it.each(own.map((rule) => [`${rule.verb} ${rule.group}/${rule.resource}`, rule] as const))('%s', (_text, rule) => {
    const resource = rule.resource === '*' ? 'k8sprotect' : rule.resource;
    const plan = planOf([...rich, ...tenant('*', `${rule.verb} ${rule.group}/${resource}`)]);
    const tried = plan.filter(
      ({ method, target }) =>
        verbs[method] === rule.verb &&
        target.group === rule.group &&
        [target.resource, target.subresource].filter((part) => part !== undefined).join('/') === resource,
    );
    expect(plan.map(({ key }) => key)).toEqual(tried.map(({ key }) => key));
    expect(tried.length).toBeGreaterThan(0);
  });
});
