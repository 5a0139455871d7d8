import { describe, expect, it } from 'vitest';
import { askAdmission, kyvernoText, KYVERNO_WEBHOOK } from '../../../../test/support/admission-question.js';
import { namesAccount } from '../demands.js';

const ACCOUNT = namesAccount('Kustomization');

const DEMANDS_ACCOUNT = `validate: { pattern: { spec: { serviceAccountName: '?*' } } }`;

describe('a service account, demanded by Kyverno', () => {
  it.each<[string, string, string]>([
    ['in every namespace', kyvernoText({ rule: DEMANDS_ACCOUNT }), 'enforced'],
    [
      'in old writing',
      kyvernoText({
        spec: 'validationFailureAction: enforce',
        match: '{ resources: { kinds: [Kustomization] } }',
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'by its rule',
      kyvernoText({
        spec: 'background: true',
        rule: `validate: { failureAction: Enforce, pattern: { spec: { serviceAccountName: '?*' } } }`,
      }),
      'enforced',
    ],
    [
      'by a rule that says Audit itself',
      kyvernoText({ rule: `validate: { failureAction: Audit, pattern: { spec: { serviceAccountName: '?*' } } }` }),
      'audited',
    ],
    ['in audit mode', kyvernoText({ spec: 'validationFailureAction: Audit', rule: DEMANDS_ACCOUNT }), 'audited'],
    ['without a mode', kyvernoText({ spec: 'background: true', rule: DEMANDS_ACCOUNT }), 'audited'],
    [
      'in background only',
      kyvernoText({ spec: 'validationFailureAction: Enforce\n    admission: false', rule: DEMANDS_ACCOUNT }),
      'audited',
    ],
    [
      'with an override for the namespace',
      kyvernoText({
        spec: `validationFailureAction: Enforce\n    validationFailureActionOverrides: [{ action: Audit, namespaces: ['team-*'] }]`,
        rule: DEMANDS_ACCOUNT,
      }),
      'audited',
    ],
    [
      'with an override for others',
      kyvernoText({
        spec: `validationFailureAction: Enforce\n    validationFailureActionOverrides: [{ action: Audit, namespaces: ['dev-*'] }]`,
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'but for the namespaces of the platform',
      kyvernoText({
        rule: `exclude: { any: [{ resources: { namespaces: [flux-system] } }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'enforced',
    ],
    [
      'but for this namespace',
      kyvernoText({
        rule: `exclude: { any: [{ resources: { namespaces: [flux-system, team-a] } }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'but for namespaces by wildcard',
      kyvernoText({ rule: `exclude: { resources: { namespaces: ['team-?'] } }\n        ${DEMANDS_ACCOUNT}` }),
      'excluded',
    ],
    [
      'but for objects of a name',
      kyvernoText({ rule: `exclude: { any: [{ resources: { names: [flux-system] } }] }\n        ${DEMANDS_ACCOUNT}` }),
      'excluded',
    ],
    [
      'but for objects of a name in another namespace',
      kyvernoText({
        rule: `exclude: { any: [{ resources: { names: [flux-system], namespaces: [flux-system] } }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'enforced',
    ],
    [
      'but for a label',
      kyvernoText({
        rule: `exclude: { any: [{ resources: { selector: { matchLabels: { a: b } } } }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'but for cluster admins',
      kyvernoText({ rule: `exclude: { any: [{ clusterRoles: [cluster-admin] }] }\n        ${DEMANDS_ACCOUNT}` }),
      'enforced',
    ],
    [
      'but for holders of another role',
      kyvernoText({ rule: `exclude: { any: [{ clusterRoles: [edit] }] }\n        ${DEMANDS_ACCOUNT}` }),
      'notUnderstood',
    ],
    [
      'but for a group of the tenant',
      kyvernoText({
        rule: `exclude: { any: [{ subjects: [{ kind: Group, name: 'team-*' }] }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'but for somebody else',
      kyvernoText({
        rule: `exclude: { any: [{ subjects: [{ kind: User, name: bob }] }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'enforced',
    ],
    [
      'on creation only',
      kyvernoText({
        match: '{ any: [{ resources: { kinds: [Kustomization], operations: [CREATE] } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'of all kinds of an API group',
      kyvernoText({
        match: "{ any: [{ resources: { kinds: ['kustomize.toolkit.fluxcd.io/*/*'] } }] }",
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'of another API group',
      kyvernoText({
        match: '{ any: [{ resources: { kinds: [kustomize.config.k8s.io/v1/Kustomization] } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'nothing',
    ],
    [
      'where both filters hold',
      kyvernoText({
        match: "{ all: [{ resources: { kinds: [Kustomization] } }, { resources: { namespaces: ['team-*'] } }] }",
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'where only one of all filters holds',
      kyvernoText({
        match: "{ all: [{ resources: { kinds: [Kustomization] } }, { resources: { namespaces: ['dev-*'] } }] }",
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'by labels of the namespace',
      kyvernoText({
        match:
          '{ any: [{ resources: { kinds: [Kustomization], namespaceSelector: { matchExpressions: [{ key: toolkit.fluxcd.io/tenant, operator: Exists }] } } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'by labels that the namespace has not',
      kyvernoText({
        match: '{ any: [{ resources: { kinds: [Kustomization], namespaceSelector: { matchLabels: { a: b } } } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'where an annotation asks for it',
      kyvernoText({
        match: '{ any: [{ resources: { kinds: [Kustomization], annotations: { a: b } } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'only where the field is there',
      kyvernoText({ rule: `validate: { pattern: { spec: { '=(serviceAccountName)': '?*' } } }` }),
      'partly',
    ],
    [
      'by a condition on another field',
      kyvernoText({ rule: `validate: { pattern: { spec: { '(kubeConfig)': {}, serviceAccountName: '?*' } } }` }),
      'nothing',
    ],
    ['as any text', kyvernoText({ rule: `validate: { pattern: { spec: { serviceAccountName: '*' } } }` }), 'partly'],
    [
      'by denial',
      kyvernoText({
        rule: `validate: { deny: { conditions: { any: [{ key: "{{ request.object.spec.serviceAccountName || '' }}", operator: Equals, value: '' }] } } }`,
      }),
      'enforced',
    ],
    [
      'by a denial that breaks without the field',
      kyvernoText({
        rule: `validate: { deny: { conditions: [{ key: '{{ request.object.spec.serviceAccountName }}', operator: Equals, value: '' }] } }`,
      }),
      'partly',
    ],
    [
      'by CEL',
      kyvernoText({
        rule: `validate: { cel: { expressions: [{ expression: "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''" }] } }`,
      }),
      'enforced',
    ],
    [
      'by one of two patterns',
      kyvernoText({
        rule: `validate: { anyPattern: [{ spec: { serviceAccountName: '?*' } }, { spec: { suspend: true } }] }`,
      }),
      'nothing',
    ],
    [
      'under a precondition that holds',
      kyvernoText({
        rule: `preconditions: { all: [{ key: '{{ request.operation }}', operator: AnyIn, value: [CREATE, UPDATE] }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'enforced',
    ],
    [
      'under a precondition that does not',
      kyvernoText({
        rule: `preconditions: { all: [{ key: '{{ request.namespace }}', operator: NotEquals, value: team-a }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'under a precondition about something else',
      kyvernoText({
        rule: `preconditions: { all: [{ key: '{{ settings.data.enforce }}', operator: Equals, value: yes }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'notUnderstood',
    ],
    [
      'with failures ignored',
      kyvernoText({ spec: 'validationFailureAction: Enforce\n    failurePolicy: Ignore', rule: DEMANDS_ACCOUNT }),
      'failsOpen',
    ],
    ['by code of its own', kyvernoText({ rule: 'validate: { assert: { object: {} } }' }), 'notUnderstood'],
    [
      'by code of its own in audit mode',
      kyvernoText({ spec: 'validationFailureAction: Audit', rule: 'validate: { assert: { object: {} } }' }),
      'audited',
    ],
    ['without a webhook', kyvernoText({ rule: DEMANDS_ACCOUNT }).replace(KYVERNO_WEBHOOK, ''), 'notWired'],
    [
      'by a webhook that fails open',
      kyvernoText({ rule: DEMANDS_ACCOUNT }).replace('failurePolicy: Fail', 'failurePolicy: Ignore'),
      'failsOpen',
    ],
    [
      'by a webhook that leaves the namespace out',
      kyvernoText({ rule: DEMANDS_ACCOUNT }).replace('values: [kyverno', 'values: [team-a'),
      'notWired',
    ],
    [
      'by a webhook for creation only',
      kyvernoText({ rule: DEMANDS_ACCOUNT }).replace('operations: [CREATE, UPDATE, DELETE]', 'operations: [CREATE]'),
      'notWired',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(askAdmission(yaml, ACCOUNT)).toBe(expected);
  });

  const exception = (match: string, rules = '[the-rule]') => `${kyvernoText({ rule: DEMANDS_ACCOUNT })}
  ---
  apiVersion: kyverno.io/v2
  kind: PolicyException
  metadata: { name: some, namespace: kyverno }
  spec:
    exceptions: [{ policyName: tenants, ruleNames: ${rules} }]
    match: ${match}
`;
  it.each([
    [
      'in the namespace',
      exception('{ any: [{ resources: { kinds: [Kustomization], namespaces: [team-a] } }] }'),
      'excluded',
    ],
    [
      'of names that anybody may take',
      exception('{ any: [{ resources: { kinds: [Kustomization], names: [infra] } }] }'),
      'excluded',
    ],
    [
      'in another namespace',
      exception('{ any: [{ resources: { kinds: [Kustomization], namespaces: [infra] } }] }'),
      'enforced',
    ],
    ['from another rule', exception('{ any: [{ resources: { kinds: [Kustomization] } }] }', '[other]'), 'enforced'],
    ['from all rules', exception('{ any: [{ resources: { kinds: [Kustomization] } }] }', "['*']"), 'excluded'],
  ])('with an exception %s', (_, yaml, expected) => {
    expect(askAdmission(yaml, ACCOUNT)).toBe(expected);
  });

  it('by a Policy, which reaches its own namespace only', () => {
    const policy = (namespace: string) =>
      kyvernoText({ rule: DEMANDS_ACCOUNT }).replace(
        'kind: ClusterPolicy\n  metadata: { name: tenants }',
        `kind: Policy\n  metadata: { name: tenants, namespace: ${namespace} }`,
      );
    expect([askAdmission(policy('team-a'), ACCOUNT), askAdmission(policy('team-b'), ACCOUNT)]).toEqual([
      'enforced',
      'nothing',
    ]);
  });

  it('says nothing about webhooks that were not read', () => {
    expect(
      askAdmission(kyvernoText({ rule: DEMANDS_ACCOUNT }), ACCOUNT, {
        unavailable: { webhookConfigurations: 'forbidden' },
      }),
    ).toBe('notWired');
  });
});
