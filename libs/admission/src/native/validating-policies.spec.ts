import { describe, expect, it } from 'vitest';
import { askAdmission, nativeText } from '../../../../test/support/admission-question.js';
import { namesAccount } from '../demands.js';

const ACCOUNT = namesAccount('Kustomization');

const HAS_ACCOUNT = "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''";

describe('a service account, demanded by a ValidatingAdmissionPolicy', () => {
  it.each<[string, string, string]>([
    ['that is not empty', nativeText(HAS_ACCOUNT), 'enforced'],
    [
      'by its length',
      nativeText('has(object.spec.serviceAccountName) && object.spec.serviceAccountName.size() > 0'),
      'enforced',
    ],
    ['by size()', nativeText('size(object.spec.serviceAccountName) > 0'), 'enforced'],
    ['with a default', nativeText("object.?spec.?serviceAccountName.orValue('') != ''"), 'enforced'],
    [
      'with a choice',
      nativeText("has(object.spec.serviceAccountName) ? object.spec.serviceAccountName != '' : false"),
      'enforced',
    ],
    ['by an error where there is none', nativeText("object.spec.serviceAccountName != ''"), 'enforced'],
    [
      'that is one certain',
      nativeText("has(object.spec.serviceAccountName) && object.spec.serviceAccountName == 'reconciler'"),
      'enforced',
    ],
    [
      'by a variable',
      nativeText("variables.account != ''", {
        policy: `variables: [{ name: account, expression: "object.spec.?serviceAccountName.orValue('')" }]`,
      }),
      'enforced',
    ],
    ['that may be empty', nativeText('has(object.spec.serviceAccountName)'), 'partly'],
    [
      'or else a label',
      nativeText("has(object.spec.serviceAccountName) || object.metadata.labels['a'] == 'b'"),
      'nothing',
    ],
    [
      'or else a kubeconfig',
      nativeText('has(object.spec.serviceAccountName) || has(object.spec.kubeConfig)'),
      'nothing',
    ],
    [
      'but for the namespace of Flux',
      nativeText(`object.metadata.namespace == 'flux-system' || (${HAS_ACCOUNT})`),
      'enforced',
    ],
    [
      'but for this namespace',
      nativeText(`request.namespace in ['flux-system', 'team-a'] || (${HAS_ACCOUNT})`),
      'nothing',
    ],
    [
      'but for a controller',
      nativeText(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: flux, expression: "request.userInfo.username != 'system:serviceaccount:flux-system:kustomize-controller'" }]`,
      }),
      'enforced',
    ],
    [
      'but for admins',
      nativeText(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: admins, expression: "!('system:masters' in request.userInfo.groups)" }]`,
      }),
      'enforced',
    ],
    [
      'but for the people of the tenant',
      nativeText(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: admins, expression: "!request.userInfo.groups.exists(g, g.startsWith('team-'))" }]`,
      }),
      'excluded',
    ],
    [
      'but for labelled objects',
      nativeText(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: x, expression: "!has(object.metadata.labels) || !('skip' in object.metadata.labels)" }]`,
      }),
      'excluded',
    ],
    [
      'under a condition in a library of its own',
      nativeText(HAS_ACCOUNT, {
        policy: `matchConditions: [{ name: x, expression: "authorizer.requestResource.check('bypass').allowed()" }]`,
      }),
      'notUnderstood',
    ],
    ['by a library of its own', nativeText('authorizer.requestResource.check("bypass").allowed()'), 'notUnderstood'],
    ['in words that are no CEL', nativeText('has(object.spec.serviceAccountName) &&'), 'notUnderstood'],
    ['as a warning', nativeText(HAS_ACCOUNT, { binding: 'validationActions: [Warn, Audit]' }), 'audited'],
    [
      'in tenant namespaces',
      nativeText(HAS_ACCOUNT, {
        binding:
          'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchExpressions: [{ key: toolkit.fluxcd.io/tenant, operator: Exists }] } }',
      }),
      'enforced',
    ],
    [
      'in all but some namespaces',
      nativeText(HAS_ACCOUNT, {
        binding:
          'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchExpressions: [{ key: kubernetes.io/metadata.name, operator: NotIn, values: [flux-system] }] } }',
      }),
      'enforced',
    ],
    [
      'in other namespaces',
      nativeText(HAS_ACCOUNT, {
        binding: 'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchLabels: { a: b } } }',
      }),
      'excluded',
    ],
    [
      'of labelled objects',
      nativeText(HAS_ACCOUNT, {
        binding: 'validationActions: [Deny]\n    matchResources: { objectSelector: { matchLabels: { a: b } } }',
      }),
      'excluded',
    ],
    ['without a binding', nativeText(HAS_ACCOUNT).replace('policyName: tenants', 'policyName: other'), 'audited'],
    [
      'on creation only',
      nativeText(HAS_ACCOUNT, {
        rules: "{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE], resources: ['*'] }",
      }),
      'excluded',
    ],
    [
      'of one name',
      nativeText(HAS_ACCOUNT, {
        rules: "{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'], resourceNames: [infra] }",
      }),
      'excluded',
    ],
    [
      'in one version, by equivalence',
      nativeText(HAS_ACCOUNT, {
        rules: "{ apiGroups: ['*'], apiVersions: [v1], operations: ['*'], resources: ['*'] }",
      }),
      'enforced',
    ],
    [
      'in one version exactly',
      nativeText(HAS_ACCOUNT, {
        rules: "{ apiGroups: ['*'], apiVersions: [v1], operations: ['*'], resources: ['*'] }\n      matchPolicy: Exact",
      }),
      'nothing',
    ],
    [
      'of HelmReleases',
      nativeText(HAS_ACCOUNT, {
        rules: "{ apiGroups: [helm.toolkit.fluxcd.io], apiVersions: ['*'], operations: ['*'], resources: ['*'] }",
      }),
      'nothing',
    ],
    [
      'with errors ignored, and none',
      nativeText(HAS_ACCOUNT).replace('failurePolicy: Fail', 'failurePolicy: Ignore'),
      'enforced',
    ],
    [
      'by an error, with errors ignored',
      nativeText("object.spec.serviceAccountName != ''").replace('failurePolicy: Fail', 'failurePolicy: Ignore'),
      'partly',
    ],
    [
      'while its parameters are there',
      nativeText(HAS_ACCOUNT, {
        policy: 'paramKind: { apiVersion: v1, kind: ConfigMap }',
        binding:
          'validationActions: [Deny]\n    paramRef: { name: a, namespace: flux-system, parameterNotFoundAction: Allow }',
      }),
      'failsOpen',
    ],
  ])('%s', (_, yaml, expected) => {
    expect(askAdmission(yaml, ACCOUNT)).toBe(expected);
  });

  it('is not known to reach a namespace whose labels were not read', () => {
    const yaml = nativeText(HAS_ACCOUNT, {
      binding:
        'validationActions: [Deny]\n    matchResources: { namespaceSelector: { matchLabels: { toolkit.fluxcd.io/tenant: team-a } } }',
    });
    expect([
      askAdmission(yaml, ACCOUNT),
      askAdmission(yaml, ACCOUNT, { unavailable: { namespaces: 'forbidden' } }),
    ]).toEqual(['enforced', 'notUnderstood']);
  });
});
