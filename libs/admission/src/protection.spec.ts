import { describe, expect, it } from 'vitest';
import type { Artifacts } from '#libs/core';
import { type SnapshotOptions, snapshotOf } from '../../../test/support/snapshot-of.js';
import {
  comesFromKnownHost,
  type Demand,
  keepsPodsFrom,
  namesAccount,
  namesDecryptionKey,
  namesRuntimeClass,
  refersAtHome,
  staysOffNodes,
} from './demands.js';
import { admissionOf } from './protection.js';

const KYVERNO_WEBHOOK = `
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingWebhookConfiguration
  metadata: { name: kyverno-resource-validating-webhook-cfg }
  webhooks:
    - name: validate.kyverno.svc-fail
      failurePolicy: Fail
      matchPolicy: Equivalent
      namespaceSelector:
        matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [kyverno, kube-system] }]
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE, DELETE], resources: ['*'] }]
  ---
`;
const NAMESPACES = `
  apiVersion: v1
  kind: Namespace
  metadata: { name: team-a, labels: { toolkit.fluxcd.io/tenant: team-a } }
  ---
`;

const requester = { user: 'alice', groups: ['team-a', 'system:authenticated'] };

function ask(yaml: string, demand: Demand, options: SnapshotOptions = {}): string {
  const { artifacts } = snapshotOf(`${NAMESPACES}${yaml}`, options);
  const value = <N extends 'webhookConfigurations' | 'admissionPolicies' | 'enginePolicies' | 'namespaces'>(name: N) =>
    (artifacts[name].state === 'collected' ? artifacts[name].value : undefined) as Artifacts[N] | undefined;
  const admission = admissionOf({
    webhookConfigurations: value('webhookConfigurations'),
    admissionPolicies: value('admissionPolicies'),
    enginePolicies: value('enginePolicies'),
    namespaces: value('namespaces'),
  });
  const protection = admission.protects(demand, 'team-a', [requester]);
  if (protection.state === 'enforced') return 'enforced';
  return protection.shortcomings[0]?.gap ?? 'nothing';
}

const ACCOUNT = namesAccount('Kustomization');

/** A ClusterPolicy of one rule, with its webhook. */
const kyverno = (parts: { spec?: string; rule: string; match?: string }) => `${KYVERNO_WEBHOOK}
  apiVersion: kyverno.io/v1
  kind: ClusterPolicy
  metadata: { name: tenants }
  spec:
    ${parts.spec ?? 'validationFailureAction: Enforce'}
    rules:
      - name: the-rule
        match: ${parts.match ?? '{ any: [{ resources: { kinds: [Kustomization, HelmRelease] } }] }'}
        ${parts.rule}
`;
const DEMANDS_ACCOUNT = `validate: { pattern: { spec: { serviceAccountName: '?*' } } }`;

describe('a service account, demanded by Kyverno', () => {
  it.each<[string, string, string]>([
    ['in every namespace', kyverno({ rule: DEMANDS_ACCOUNT }), 'enforced'],
    [
      'in old writing',
      kyverno({
        spec: 'validationFailureAction: enforce',
        match: '{ resources: { kinds: [Kustomization] } }',
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'by its rule',
      kyverno({
        spec: 'background: true',
        rule: `validate: { failureAction: Enforce, pattern: { spec: { serviceAccountName: '?*' } } }`,
      }),
      'enforced',
    ],
    [
      'by a rule that says Audit itself',
      kyverno({ rule: `validate: { failureAction: Audit, pattern: { spec: { serviceAccountName: '?*' } } }` }),
      'audited',
    ],
    ['in audit mode', kyverno({ spec: 'validationFailureAction: Audit', rule: DEMANDS_ACCOUNT }), 'audited'],
    ['without a mode', kyverno({ spec: 'background: true', rule: DEMANDS_ACCOUNT }), 'audited'],
    [
      'in background only',
      kyverno({ spec: 'validationFailureAction: Enforce\n    admission: false', rule: DEMANDS_ACCOUNT }),
      'audited',
    ],
    [
      'with an override for the namespace',
      kyverno({
        spec: `validationFailureAction: Enforce\n    validationFailureActionOverrides: [{ action: Audit, namespaces: ['team-*'] }]`,
        rule: DEMANDS_ACCOUNT,
      }),
      'audited',
    ],
    [
      'with an override for others',
      kyverno({
        spec: `validationFailureAction: Enforce\n    validationFailureActionOverrides: [{ action: Audit, namespaces: ['dev-*'] }]`,
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'but for the namespaces of the platform',
      kyverno({ rule: `exclude: { any: [{ resources: { namespaces: [flux-system] } }] }\n        ${DEMANDS_ACCOUNT}` }),
      'enforced',
    ],
    [
      'but for this namespace',
      kyverno({
        rule: `exclude: { any: [{ resources: { namespaces: [flux-system, team-a] } }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'but for namespaces by wildcard',
      kyverno({ rule: `exclude: { resources: { namespaces: ['team-?'] } }\n        ${DEMANDS_ACCOUNT}` }),
      'excluded',
    ],
    [
      'but for objects of a name',
      kyverno({ rule: `exclude: { any: [{ resources: { names: [flux-system] } }] }\n        ${DEMANDS_ACCOUNT}` }),
      'excluded',
    ],
    [
      'but for objects of a name in another namespace',
      kyverno({
        rule: `exclude: { any: [{ resources: { names: [flux-system], namespaces: [flux-system] } }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'enforced',
    ],
    [
      'but for a label',
      kyverno({
        rule: `exclude: { any: [{ resources: { selector: { matchLabels: { a: b } } } }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'but for cluster admins',
      kyverno({ rule: `exclude: { any: [{ clusterRoles: [cluster-admin] }] }\n        ${DEMANDS_ACCOUNT}` }),
      'enforced',
    ],
    [
      'but for holders of another role',
      kyverno({ rule: `exclude: { any: [{ clusterRoles: [edit] }] }\n        ${DEMANDS_ACCOUNT}` }),
      'notUnderstood',
    ],
    [
      'but for a group of the tenant',
      kyverno({
        rule: `exclude: { any: [{ subjects: [{ kind: Group, name: 'team-*' }] }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'but for somebody else',
      kyverno({ rule: `exclude: { any: [{ subjects: [{ kind: User, name: bob }] }] }\n        ${DEMANDS_ACCOUNT}` }),
      'enforced',
    ],
    [
      'on creation only',
      kyverno({
        match: '{ any: [{ resources: { kinds: [Kustomization], operations: [CREATE] } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'of all kinds of an API group',
      kyverno({
        match: "{ any: [{ resources: { kinds: ['kustomize.toolkit.fluxcd.io/*/*'] } }] }",
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'of another API group',
      kyverno({
        match: '{ any: [{ resources: { kinds: [kustomize.config.k8s.io/v1/Kustomization] } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'nothing',
    ],
    [
      'where both filters hold',
      kyverno({
        match: "{ all: [{ resources: { kinds: [Kustomization] } }, { resources: { namespaces: ['team-*'] } }] }",
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'where only one of all filters holds',
      kyverno({
        match: "{ all: [{ resources: { kinds: [Kustomization] } }, { resources: { namespaces: ['dev-*'] } }] }",
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'by labels of the namespace',
      kyverno({
        match:
          '{ any: [{ resources: { kinds: [Kustomization], namespaceSelector: { matchExpressions: [{ key: toolkit.fluxcd.io/tenant, operator: Exists }] } } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'enforced',
    ],
    [
      'by labels that the namespace has not',
      kyverno({
        match: '{ any: [{ resources: { kinds: [Kustomization], namespaceSelector: { matchLabels: { a: b } } } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'where an annotation asks for it',
      kyverno({
        match: '{ any: [{ resources: { kinds: [Kustomization], annotations: { a: b } } }] }',
        rule: DEMANDS_ACCOUNT,
      }),
      'excluded',
    ],
    [
      'only where the field is there',
      kyverno({ rule: `validate: { pattern: { spec: { '=(serviceAccountName)': '?*' } } }` }),
      'partly',
    ],
    [
      'by a condition on another field',
      kyverno({ rule: `validate: { pattern: { spec: { '(kubeConfig)': {}, serviceAccountName: '?*' } } }` }),
      'nothing',
    ],
    ['as any text', kyverno({ rule: `validate: { pattern: { spec: { serviceAccountName: '*' } } }` }), 'partly'],
    [
      'by denial',
      kyverno({
        rule: `validate: { deny: { conditions: { any: [{ key: "{{ request.object.spec.serviceAccountName || '' }}", operator: Equals, value: '' }] } } }`,
      }),
      'enforced',
    ],
    [
      'by a denial that breaks without the field',
      kyverno({
        rule: `validate: { deny: { conditions: [{ key: '{{ request.object.spec.serviceAccountName }}', operator: Equals, value: '' }] } }`,
      }),
      'partly',
    ],
    [
      'by CEL',
      kyverno({
        rule: `validate: { cel: { expressions: [{ expression: "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''" }] } }`,
      }),
      'enforced',
    ],
    [
      'by one of two patterns',
      kyverno({
        rule: `validate: { anyPattern: [{ spec: { serviceAccountName: '?*' } }, { spec: { suspend: true } }] }`,
      }),
      'nothing',
    ],
    [
      'under a precondition that holds',
      kyverno({
        rule: `preconditions: { all: [{ key: '{{ request.operation }}', operator: AnyIn, value: [CREATE, UPDATE] }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'enforced',
    ],
    [
      'under a precondition that does not',
      kyverno({
        rule: `preconditions: { all: [{ key: '{{ request.namespace }}', operator: NotEquals, value: team-a }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'excluded',
    ],
    [
      'under a precondition about something else',
      kyverno({
        rule: `preconditions: { all: [{ key: '{{ settings.data.enforce }}', operator: Equals, value: yes }] }\n        ${DEMANDS_ACCOUNT}`,
      }),
      'notUnderstood',
    ],
    [
      'with failures ignored',
      kyverno({ spec: 'validationFailureAction: Enforce\n    failurePolicy: Ignore', rule: DEMANDS_ACCOUNT }),
      'failsOpen',
    ],
    ['by code of its own', kyverno({ rule: 'validate: { assert: { object: {} } }' }), 'notUnderstood'],
    [
      'by code of its own in audit mode',
      kyverno({ spec: 'validationFailureAction: Audit', rule: 'validate: { assert: { object: {} } }' }),
      'audited',
    ],
    ['without a webhook', kyverno({ rule: DEMANDS_ACCOUNT }).replace(KYVERNO_WEBHOOK, ''), 'notWired'],
    [
      'by a webhook that fails open',
      kyverno({ rule: DEMANDS_ACCOUNT }).replace('failurePolicy: Fail', 'failurePolicy: Ignore'),
      'failsOpen',
    ],
    [
      'by a webhook that leaves the namespace out',
      kyverno({ rule: DEMANDS_ACCOUNT }).replace('values: [kyverno', 'values: [team-a'),
      'notWired',
    ],
    [
      'by a webhook for creation only',
      kyverno({ rule: DEMANDS_ACCOUNT }).replace('operations: [CREATE, UPDATE, DELETE]', 'operations: [CREATE]'),
      'notWired',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(ask(yaml, ACCOUNT)).toBe(expected);
  });

  const exception = (match: string, rules = '[the-rule]') => `${kyverno({ rule: DEMANDS_ACCOUNT })}
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
    expect(ask(yaml, ACCOUNT)).toBe(expected);
  });

  it('by a Policy, which reaches its own namespace only', () => {
    const policy = (namespace: string) =>
      kyverno({ rule: DEMANDS_ACCOUNT }).replace(
        'kind: ClusterPolicy\n  metadata: { name: tenants }',
        `kind: Policy\n  metadata: { name: tenants, namespace: ${namespace} }`,
      );
    expect([ask(policy('team-a'), ACCOUNT), ask(policy('team-b'), ACCOUNT)]).toEqual(['enforced', 'nothing']);
  });

  it('says nothing about webhooks that were not read', () => {
    expect(
      ask(kyverno({ rule: DEMANDS_ACCOUNT }), ACCOUNT, { unavailable: { webhookConfigurations: 'forbidden' } }),
    ).toBe('notWired');
  });
});

/** A ValidatingAdmissionPolicy with its binding. */
const native = (expression: string, parts: { policy?: string; binding?: string; rules?: string } = {}) => `
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingAdmissionPolicy
  metadata: { name: tenants }
  spec:
    failurePolicy: Fail
    matchConstraints:
      resourceRules:
        - ${parts.rules ?? "{ apiGroups: [kustomize.toolkit.fluxcd.io, helm.toolkit.fluxcd.io], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: [kustomizations, helmreleases] }"}
    ${parts.policy ?? ''}
    validations:
      - expression: ${JSON.stringify(expression)}
  ---
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingAdmissionPolicyBinding
  metadata: { name: tenants-everywhere }
  spec:
    policyName: tenants
    ${parts.binding ?? 'validationActions: [Deny]'}
`;
const HAS_ACCOUNT = "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''";

describe('a service account, demanded by a ValidatingAdmissionPolicy', () => {
  it.each<[string, string, string]>([
    ['that is not empty', native(HAS_ACCOUNT), 'enforced'],
    [
      'by its length',
      native('has(object.spec.serviceAccountName) && object.spec.serviceAccountName.size() > 0'),
      'enforced',
    ],
    ['by size()', native('size(object.spec.serviceAccountName) > 0'), 'enforced'],
    ['with a default', native("object.?spec.?serviceAccountName.orValue('') != ''"), 'enforced'],
    [
      'with a choice',
      native("has(object.spec.serviceAccountName) ? object.spec.serviceAccountName != '' : false"),
      'enforced',
    ],
    ['by an error where there is none', native("object.spec.serviceAccountName != ''"), 'enforced'],
    [
      'that is one certain',
      native("has(object.spec.serviceAccountName) && object.spec.serviceAccountName == 'reconciler'"),
      'enforced',
    ],
    [
      'by a variable',
      native("variables.account != ''", {
        policy: `variables: [{ name: account, expression: "object.spec.?serviceAccountName.orValue('')" }]`,
      }),
      'enforced',
    ],
    ['that may be empty', native('has(object.spec.serviceAccountName)'), 'partly'],
    ['or else a label', native("has(object.spec.serviceAccountName) || object.metadata.labels['a'] == 'b'"), 'nothing'],
    ['or else a kubeconfig', native('has(object.spec.serviceAccountName) || has(object.spec.kubeConfig)'), 'nothing'],
    [
      'but for the namespace of Flux',
      native(`object.metadata.namespace == 'flux-system' || (${HAS_ACCOUNT})`),
      'enforced',
    ],
    ['but for this namespace', native(`request.namespace in ['flux-system', 'team-a'] || (${HAS_ACCOUNT})`), 'nothing'],
    [
      'but for a controller',
      native(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: flux, expression: "request.userInfo.username != 'system:serviceaccount:flux-system:kustomize-controller'" }]`,
      }),
      'enforced',
    ],
    [
      'but for admins',
      native(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: admins, expression: "!('system:masters' in request.userInfo.groups)" }]`,
      }),
      'enforced',
    ],
    [
      'but for the people of the tenant',
      native(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: admins, expression: "!request.userInfo.groups.exists(g, g.startsWith('team-'))" }]`,
      }),
      'excluded',
    ],
    [
      'but for labelled objects',
      native(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: x, expression: "!has(object.metadata.labels) || !('skip' in object.metadata.labels)" }]`,
      }),
      'excluded',
    ],
    [
      'under a condition in a library of its own',
      native(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: x, expression: "authorizer.requestResource.check('bypass').allowed()" }]`,
      }),
      'notUnderstood',
    ],
    ['by a library of its own', native('authorizer.requestResource.check("bypass").allowed()'), 'notUnderstood'],
    ['in words that are no CEL', native('has(object.spec.serviceAccountName) &&'), 'notUnderstood'],
    ['as a warning', native(HAS_ACCOUNT, { binding: 'validationActions: [Warn, Audit]' }), 'audited'],
    [
      'in tenant namespaces',
      native(HAS_ACCOUNT, {
        binding:
          'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchExpressions: [{ key: toolkit.fluxcd.io/tenant, operator: Exists }] } }',
      }),
      'enforced',
    ],
    [
      'in all but some namespaces',
      native(HAS_ACCOUNT, {
        binding:
          'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [flux-system] }] } }',
      }),
      'enforced',
    ],
    [
      'in other namespaces',
      native(HAS_ACCOUNT, {
        binding: 'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchLabels: { a: b } } }',
      }),
      'excluded',
    ],
    [
      'of labelled objects',
      native(HAS_ACCOUNT, {
        binding: 'validationActions: [Deny]\n    matchResources: { objectSelector: { matchLabels: { a: b } } }',
      }),
      'excluded',
    ],
    ['without a binding', native(HAS_ACCOUNT).replace('policyName: tenants', 'policyName: other'), 'audited'],
    [
      'on creation only',
      native(HAS_ACCOUNT, {
        rules: "{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE], resources: ['*'] }",
      }),
      'excluded',
    ],
    [
      'of one name',
      native(HAS_ACCOUNT, {
        rules: "{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], resourceNames: [infra] }",
      }),
      'excluded',
    ],
    [
      'in one version, by equivalence',
      native(HAS_ACCOUNT, { rules: "{ apiGroups: ['*'], apiVersions: [v1], operations: ['*'], resources: ['*'] }" }),
      'enforced',
    ],
    [
      'in one version exactly',
      native(HAS_ACCOUNT, {
        rules: "{ apiGroups: ['*'], apiVersions: [v1], operations: ['*'], resources: ['*'] }\n      matchPolicy: Exact",
      }),
      'nothing',
    ],
    [
      'of HelmReleases',
      native(HAS_ACCOUNT, {
        rules: "{ apiGroups: [helm.toolkit.fluxcd.io], apiVersions: ['*'], operations: ['*'], resources: ['*'] }",
      }),
      'nothing',
    ],
    [
      'with errors ignored, and none',
      native(HAS_ACCOUNT).replace('failurePolicy: Fail', 'failurePolicy: Ignore'),
      'enforced',
    ],
    [
      'by an error, with errors ignored',
      native("object.spec.serviceAccountName != ''").replace('failurePolicy: Fail', 'failurePolicy: Ignore'),
      'partly',
    ],
    [
      'while its parameters are there',
      native(HAS_ACCOUNT, {
        policy: 'paramKind: { apiVersion: v1, kind: ConfigMap }',
        binding:
          'validationActions: [Deny]\n    paramRef: { name: a, namespace: flux-system, parameterNotFoundAction: Allow }',
      }),
      'failsOpen',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(ask(yaml, ACCOUNT)).toBe(expected);
  });

  it('is not known to reach a namespace whose labels were not read', () => {
    const yaml = native(HAS_ACCOUNT, {
      binding:
        'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchLabels: { toolkit.fluxcd.io/tenant: team-a } } }',
    });
    expect([ask(yaml, ACCOUNT), ask(yaml, ACCOUNT, { unavailable: { namespaces: 'forbidden' } })]).toEqual([
      'enforced',
      'notUnderstood',
    ]);
  });
});

describe('references that stay at home', () => {
  const sourceRef = refersAtHome('Kustomization');
  const chart = refersAtHome('HelmRelease');
  const alert = refersAtHome('Alert');
  const allKinds = "{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: ['*'] }";
  const denied = (path: string, precondition = true) =>
    kyverno({
      match: '{ any: [{ resources: { kinds: [Kustomization, HelmRelease] } }] }',
      rule: `${precondition ? `preconditions: { any: [{ key: '{{request.object.spec.${path}}}', operator: NotEquals, value: '' }] }\n        ` : ''}validate: { deny: { conditions: [{ key: '{{request.object.spec.${path}}}', operator: NotEquals, value: '{{request.object.metadata.namespace}}' }] } }`,
    });
  it.each<[string, string, Demand, string]>([
    ['Kyverno denies another namespace', denied('sourceRef.namespace'), sourceRef, 'enforced'],
    ['Kyverno denies it without a precondition', denied('sourceRef.namespace', false), sourceRef, 'enforced'],
    ['Kyverno denies it of one field of two', denied('chart.spec.sourceRef.namespace'), chart, 'partly'],
    ['Kyverno denies another field', denied('dependsOn.namespace'), sourceRef, 'nothing'],
    [
      'Kyverno wants the own namespace',
      kyverno({ rule: `validate: { pattern: { spec: { sourceRef: { '=(namespace)': '{{request.namespace}}' } } } }` }),
      sourceRef,
      'enforced',
    ],
    [
      'a policy compares',
      native('!has(object.spec.sourceRef.namespace) || object.spec.sourceRef.namespace == object.metadata.namespace'),
      sourceRef,
      'enforced',
    ],
    [
      'a policy compares with the request',
      native('object.spec.?sourceRef.?namespace.orValue(request.namespace) == request.namespace'),
      sourceRef,
      'enforced',
    ],
    [
      'a policy lets the namespace of Flux be used too',
      native(
        "!has(object.spec.sourceRef.namespace) || object.spec.sourceRef.namespace in [object.metadata.namespace, 'flux-system']",
      ),
      sourceRef,
      'nothing',
    ],
    ['a policy allows no namespace at all', native('!has(object.spec.sourceRef.namespace)'), sourceRef, 'enforced'],
    [
      'a policy looks at both fields of a HelmRelease',
      native(
        '(!has(object.spec.chart) || !has(object.spec.chart.spec.sourceRef.namespace) || object.spec.chart.spec.sourceRef.namespace == object.metadata.namespace) && (!has(object.spec.chartRef) || !has(object.spec.chartRef.namespace) || object.spec.chartRef.namespace == object.metadata.namespace)',
      ),
      chart,
      'enforced',
    ],
    [
      'a policy looks at every source of events',
      native('object.spec.eventSources.all(s, !has(s.namespace) || s.namespace == object.metadata.namespace)', {
        rules: allKinds,
      }),
      alert,
      'enforced',
    ],
    [
      'a policy looks at the first source of events',
      native(
        '!has(object.spec.eventSources[0].namespace) || object.spec.eventSources[0].namespace == object.metadata.namespace',
        { rules: allKinds },
      ),
      alert,
      'nothing',
    ],
    [
      'a policy asks whether one stays at home',
      native('object.spec.eventSources.exists(s, !has(s.namespace))', { rules: allKinds }),
      alert,
      'nothing',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(ask(yaml, demand)).toBe(expected);
  });
});

describe('decryption with a key of one’s own', () => {
  it.each([
    [
      'demanded',
      native(
        '!has(object.spec.decryption) || has(object.spec.decryption.secretRef) || has(object.spec.decryption.serviceAccountName)',
      ),
      'enforced',
    ],
    [
      'demanded of one provider',
      native(
        "!has(object.spec.decryption) || object.spec.decryption.provider != 'sops' || has(object.spec.decryption.secretRef)",
      ),
      'enforced',
    ],
    ['not demanded', native(HAS_ACCOUNT), 'nothing'],
  ])('%s', (_, yaml, expected) => {
    expect(ask(yaml, namesDecryptionKey)).toBe(expected);
  });
});

describe('sources of known hosts', () => {
  const git = comesFromKnownHost('GitRepository');
  const sources = {
    rules:
      "{ apiGroups: [source.toolkit.fluxcd.io], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: ['*'] }",
  };
  const listed = (binding: string) =>
    native('variables.sources.exists_one(prefix, variables.url.startsWith(prefix))', {
      ...sources,
      policy: `paramKind: { apiVersion: v1, kind: ConfigMap }\n    variables: [{ name: url, expression: object.spec.url }, { name: sources, expression: "params.data.sources.split(' ')" }]`,
      binding,
    });
  it.each<[string, string, Demand, string]>([
    [
      'by prefix',
      native(
        "object.spec.url.startsWith('https://git.example.com/') || object.spec.url.startsWith('ssh://git@git.example.com/')",
        sources,
      ),
      git,
      'enforced',
    ],
    [
      'by pattern',
      native("object.spec.url.matches('^(https|ssh)://(git@)?git\\\\.example\\\\.com/.*$')", sources),
      git,
      'enforced',
    ],
    ['by a pattern that anything matches', native("object.spec.url.matches('.*')", sources), git, 'nothing'],
    ['by a pattern that may run long', native("object.spec.url.matches('^(a+)+$')", sources), git, 'notUnderstood'],
    [
      'of one scheme only',
      native(
        "!object.spec.url.startsWith('https://') || object.spec.url.startsWith('https://git.example.com/')",
        sources,
      ),
      git,
      'partly',
    ],
    [
      'by a list of the platform',
      listed(
        'validationActions: [Deny]\n    paramRef: { name: allowlist, namespace: flux-system, parameterNotFoundAction: Deny }',
      ),
      git,
      'enforced',
    ],
    [
      'by a list of the own namespace',
      listed('validationActions: [Deny]\n    paramRef: { name: allowlist, parameterNotFoundAction: Deny }'),
      git,
      'notUnderstood',
    ],
    [
      'by a list that may be missing',
      listed(
        'validationActions: [Deny]\n    paramRef: { name: allowlist, namespace: flux-system, parameterNotFoundAction: Allow }',
      ),
      git,
      'failsOpen',
    ],
    [
      'of buckets',
      native("object.spec.endpoint.endsWith('.example.com')", sources),
      comesFromKnownHost('Bucket'),
      'enforced',
    ],
    [
      'by Kyverno',
      kyverno({
        match: '{ any: [{ resources: { kinds: [GitRepository] } }] }',
        rule: `validate: { anyPattern: [{ spec: { url: 'https://git.example.com/platform/?*' } }, { spec: { url: 'ssh://git@git.example.com/platform/?*' } }] }`,
      }),
      git,
      'enforced',
    ],
    [
      'by Kyverno, in one line',
      kyverno({
        match: '{ any: [{ resources: { kinds: [GitRepository] } }] }',
        rule: `validate: { pattern: { spec: { url: 'https://git.example.com/?* | ssh://git@git.example.com/?*' } } }`,
      }),
      git,
      'enforced',
    ],
    [
      'by Kyverno, of any host',
      kyverno({
        match: '{ any: [{ resources: { kinds: [GitRepository] } }] }',
        rule: `validate: { pattern: { spec: { url: 'https://?* | ssh://?*' } } }`,
      }),
      git,
      'nothing',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(ask(yaml, demand)).toBe(expected);
  });
});

describe('pods', () => {
  const POD = '{ any: [{ resources: { kinds: [Pod] } }] }';
  const containers = (inner: string) =>
    `validate: { pattern: { spec: { '=(ephemeralContainers)': [${inner}], '=(initContainers)': [${inner}], containers: [${inner}] } } }`;
  const UNPRIVILEGED = `{ '=(securityContext)': { '=(privileged)': 'false' } }`;
  const gatekeeper = (constraint: string, failurePolicy = 'Fail') => `
  apiVersion: admissionregistration.k8s.io/v1
  kind: ValidatingWebhookConfiguration
  metadata: { name: gatekeeper-validating-webhook-configuration }
  webhooks:
    - name: validation.gatekeeper.sh
      failurePolicy: ${failurePolicy}
      namespaceSelector: { matchExpressions: [{ key: admission.gatekeeper.sh/ignore, operator: DoesNotExist }] }
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: ['*'] }]
  ---
  ${constraint}`;
  const constraint = (spec: string, kind = 'K8sPSPPrivilegedContainer') =>
    `{ apiVersion: constraints.gatekeeper.sh/v1beta1, kind: ${kind}, metadata: { name: psp }, spec: ${spec} }`;
  const pods = "{ apiGroups: [''], apiVersions: [v1], operations: [CREATE], resources: [pods] }";
  it.each<[string, string, Demand, string]>([
    [
      'privileged: Kyverno looks at all lists',
      kyverno({ match: POD, rule: containers(UNPRIVILEGED) }),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'privileged: Kyverno looks at one list',
      kyverno({ match: POD, rule: `validate: { pattern: { spec: { containers: [${UNPRIVILEGED}] } } }` }),
      keepsPodsFrom('privileged'),
      'partly',
    ],
    [
      'privileged: Kyverno, level baseline',
      kyverno({ match: POD, rule: 'validate: { podSecurity: { level: baseline, version: latest } }' }),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'hostPath: Kyverno, level restricted',
      kyverno({ match: POD, rule: 'validate: { podSecurity: { level: restricted } }' }),
      keepsPodsFrom('hostPath'),
      'enforced',
    ],
    [
      'privileged: Kyverno, a level with exclusions',
      kyverno({
        match: POD,
        rule: 'validate: { podSecurity: { level: baseline, exclude: [{ controlName: Capabilities }] } }',
      }),
      keepsPodsFrom('privileged'),
      'notUnderstood',
    ],
    [
      'hostPID: Kyverno',
      kyverno({
        match: POD,
        rule: `validate: { pattern: { spec: { '=(hostPID)': 'false', '=(hostIPC)': 'false' } } }`,
      }),
      keepsPodsFrom('hostPID'),
      'enforced',
    ],
    [
      'hostNetwork: Kyverno looks at others',
      kyverno({ match: POD, rule: `validate: { pattern: { spec: { '=(hostPID)': 'false' } } }` }),
      keepsPodsFrom('hostNetwork'),
      'nothing',
    ],
    [
      'hostPath: Kyverno',
      kyverno({ match: POD, rule: `validate: { pattern: { spec: { '=(volumes)': [{ 'X(hostPath)': 'null' }] } } }` }),
      keepsPodsFrom('hostPath'),
      'enforced',
    ],
    [
      'capabilities: Kyverno',
      kyverno({
        match: POD,
        rule: `validate: { deny: { conditions: { all: [{ key: '{{ request.object.spec.[ephemeralContainers, initContainers, containers][].securityContext.capabilities.add[] }}', operator: AnyNotIn, value: [CHOWN, KILL] }] } } }`,
      }),
      keepsPodsFrom('capabilities'),
      'enforced',
    ],
    [
      'capabilities: Kyverno allows it',
      kyverno({
        match: POD,
        rule: `validate: { deny: { conditions: { all: [{ key: '{{ request.object.spec.[ephemeralContainers, initContainers, containers][].securityContext.capabilities.add[] }}', operator: AnyNotIn, value: [SYS_ADMIN] }] } } }`,
      }),
      keepsPodsFrom('capabilities'),
      'nothing',
    ],
    [
      'privileged: a policy',
      native(
        'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged) && (!has(object.spec.initContainers) || object.spec.initContainers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged))',
        { rules: pods },
      ),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'privileged: a policy about containers only',
      native(
        'object.spec.containers.all(c, !has(c.securityContext) || !has(c.securityContext.privileged) || !c.securityContext.privileged)',
        { rules: pods },
      ),
      keepsPodsFrom('privileged'),
      'partly',
    ],
    [
      'a label: a policy',
      native("has(object.metadata.labels) && 'team' in object.metadata.labels", { rules: pods }),
      keepsPodsFrom('privileged'),
      'nothing',
    ],
    [
      'privileged: Gatekeeper',
      gatekeeper(constraint("{ match: { kinds: [{ apiGroups: [''], kinds: [Pod] }] } }")),
      keepsPodsFrom('privileged'),
      'enforced',
    ],
    [
      'privileged: Gatekeeper, failing open',
      gatekeeper(constraint("{ match: { kinds: [{ apiGroups: [''], kinds: [Pod] }] } }"), 'Ignore'),
      keepsPodsFrom('privileged'),
      'failsOpen',
    ],
    [
      'privileged: Gatekeeper, dry run',
      gatekeeper(constraint('{ enforcementAction: dryrun }')),
      keepsPodsFrom('privileged'),
      'audited',
    ],
    [
      'privileged: Gatekeeper, namespace excluded',
      gatekeeper(constraint("{ match: { excludedNamespaces: ['team-*'] } }")),
      keepsPodsFrom('privileged'),
      'excluded',
    ],
    [
      'privileged: Gatekeeper, other namespaces',
      gatekeeper(constraint('{ match: { namespaces: [flux-system] } }')),
      keepsPodsFrom('privileged'),
      'excluded',
    ],
    [
      'privileged: Gatekeeper, labelled pods',
      gatekeeper(constraint('{ match: { labelSelector: { matchLabels: { a: b } } } }')),
      keepsPodsFrom('privileged'),
      'excluded',
    ],
    [
      'privileged: Gatekeeper, some images exempt',
      gatekeeper(constraint("{ parameters: { exemptImages: ['*'] } }")),
      keepsPodsFrom('privileged'),
      'notUnderstood',
    ],
    ['hostPath: Gatekeeper, another constraint', gatekeeper(constraint('{}')), keepsPodsFrom('hostPath'), 'nothing'],
    [
      'privileged: Gatekeeper, a template of one’s own',
      gatekeeper(constraint('{}', 'NoPrivilegedPods')),
      keepsPodsFrom('privileged'),
      'notUnderstood',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(ask(yaml, demand)).toBe(expected);
  });
});

describe('a ValidatingPolicy of Kyverno', () => {
  const policy = (
    more = '',
  ) => `${KYVERNO_WEBHOOK.replace('validate.kyverno.svc-fail', 'vpol.validate.kyverno.svc-fail')}
  apiVersion: policies.kyverno.io/v1alpha1
  kind: ValidatingPolicy
  metadata: { name: accounts }
  spec:
    validationActions: [Deny]
    matchConstraints:
      resourceRules: [{ apiGroups: [kustomize.toolkit.fluxcd.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [kustomizations] }]
    validations: [{ expression: ${JSON.stringify(HAS_ACCOUNT)} }]
  ${more}`;
  it.each([
    ['that denies', policy(), 'enforced'],
    ['that audits', policy().replace('[Deny]', '[Audit]'), 'audited'],
    ['without actions', policy().replace('validationActions: [Deny]', 'failurePolicy: Fail'), 'audited'],
    ['without a webhook', policy().replace('vpol.validate.kyverno.svc-fail', 'other'), 'notWired'],
    [
      'with an exception',
      policy(
        '---\n  { apiVersion: policies.kyverno.io/v1alpha1, kind: PolicyException, metadata: { name: e, namespace: x }, spec: { policyRefs: [{ name: accounts, kind: ValidatingPolicy }] } }',
      ),
      'excluded',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(ask(yaml, ACCOUNT)).toBe(expected);
  });
});

it('names the rule and where it stands', () => {
  const { artifacts } = snapshotOf(`${NAMESPACES}${native(HAS_ACCOUNT)}`);
  const admission = admissionOf({
    webhookConfigurations: [],
    admissionPolicies: artifacts.admissionPolicies.state === 'collected' ? artifacts.admissionPolicies.value : [],
    enginePolicies: [],
    namespaces: [],
  });
  expect(admission.protects(ACCOUNT, 'team-a', [requester])).toMatchObject({
    state: 'enforced',
    by: [{ engine: 'ValidatingAdmissionPolicy', name: 'validation 1', pointer: '/spec/validations/0' }],
  });
});

it('takes rules together that refuse one way each', () => {
  const halves = `${native('has(object.spec.serviceAccountName)')}\n  ---\n${native("!has(object.spec.serviceAccountName) || object.spec.serviceAccountName != ''").replaceAll('tenants', 'others')}`;
  expect(ask(halves, ACCOUNT)).toBe('enforced');
});

describe('pods that stay where they belong', () => {
  const [named, tolerant] = staysOffNodes({ key: 'dedicated', value: 'flux', effect: 'NoSchedule' });
  const pods = "{ apiGroups: [''], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [pods] }";
  it.each<[string, string, Demand | undefined, string]>([
    ['no runtime class', native('has(object.spec.runtimeClassName)', { rules: pods }), namesRuntimeClass, 'enforced'],
    [
      'a certain runtime class',
      native("object.spec.?runtimeClassName.orValue('') == 'gvisor'", { rules: pods }),
      namesRuntimeClass,
      'enforced',
    ],
    [
      'a runtime class, or none',
      native("!has(object.spec.runtimeClassName) || object.spec.runtimeClassName == 'gvisor'", { rules: pods }),
      namesRuntimeClass,
      'nothing',
    ],
    ['no node', native("!has(object.spec.nodeName) || object.spec.nodeName == ''", { rules: pods }), named, 'enforced'],
    [
      'no node on creation',
      native("request.operation != 'CREATE' || !has(object.spec.nodeName)", { rules: pods }),
      named,
      'enforced',
    ],
    ['no tolerations', native('!has(object.spec.tolerations)', { rules: pods }), tolerant, 'enforced'],
    [
      'some tolerations',
      native(
        "object.spec.?tolerations.orValue([]).all(t, t.?key.orValue('') in ['node.kubernetes.io/not-ready', 'spot'])",
        { rules: pods },
      ),
      tolerant,
      'enforced',
    ],
    [
      'all tolerations but one',
      native("!has(object.spec.tolerations) || object.spec.tolerations.all(t, !has(t.key) || t.key != 'dedicated')", {
        rules: pods,
      }),
      tolerant,
      'partly',
    ],
    [
      'no tolerations on creation',
      native("request.operation != 'CREATE' || !has(object.spec.tolerations)", { rules: pods }),
      tolerant,
      'partly',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(demand && ask(yaml, demand)).toBe(expected);
  });
});
