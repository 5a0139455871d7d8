import { describe, expect, it } from 'vitest';
import { askAdmission, kyvernoText, nativeText } from '../../../test/support/admission-question.js';
import { comesFromKnownHost, type Demand, namesDecryptionKey, refersAtHome } from './demands.js';

const HAS_ACCOUNT = "has(object.spec.serviceAccountName) && object.spec.serviceAccountName != ''";

describe('references that stay at home', () => {
  const sourceRef = refersAtHome('Kustomization');
  const chart = refersAtHome('HelmRelease');
  const alert = refersAtHome('Alert');
  const allKinds = "{ apiGroups: ['*'], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: ['*'] }";
  const denied = (path: string, precondition = true) =>
    kyvernoText({
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
      kyvernoText({
        rule: `validate: { pattern: { spec: { sourceRef: { '=(namespace)': '{{request.namespace}}' } } } }`,
      }),
      sourceRef,
      'enforced',
    ],
    [
      'a policy compares',
      nativeText(
        '!has(object.spec.sourceRef.namespace) || object.spec.sourceRef.namespace == object.metadata.namespace',
      ),
      sourceRef,
      'enforced',
    ],
    [
      'a policy compares with the request',
      nativeText('object.spec.?sourceRef.?namespace.orValue(request.namespace) == request.namespace'),
      sourceRef,
      'enforced',
    ],
    [
      'a policy lets the namespace of Flux be used too',
      nativeText(
        "!has(object.spec.sourceRef.namespace) || object.spec.sourceRef.namespace in [object.metadata.namespace, 'flux-system']",
      ),
      sourceRef,
      'nothing',
    ],
    ['a policy allows no namespace at all', nativeText('!has(object.spec.sourceRef.namespace)'), sourceRef, 'enforced'],
    [
      'a policy looks at both fields of a HelmRelease',
      nativeText(
        '(!has(object.spec.chart) || !has(object.spec.chart.spec.sourceRef.namespace) || object.spec.chart.spec.sourceRef.namespace == object.metadata.namespace) && (!has(object.spec.chartRef) || !has(object.spec.chartRef.namespace) || object.spec.chartRef.namespace == object.metadata.namespace)',
      ),
      chart,
      'enforced',
    ],
    [
      'a policy looks at every source of events',
      nativeText('object.spec.eventSources.all(s, !has(s.namespace) || s.namespace == object.metadata.namespace)', {
        rules: allKinds,
      }),
      alert,
      'enforced',
    ],
    [
      'a policy looks at the first source of events',
      nativeText(
        '!has(object.spec.eventSources[0].namespace) || object.spec.eventSources[0].namespace == object.metadata.namespace',
        { rules: allKinds },
      ),
      alert,
      'nothing',
    ],
    [
      'a policy asks whether one stays at home',
      nativeText('object.spec.eventSources.exists(s, !has(s.namespace))', { rules: allKinds }),
      alert,
      'nothing',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(askAdmission(yaml, demand)).toBe(expected);
  });
});

describe('decryption with a key of their own', () => {
  it.each([
    [
      'demanded',
      nativeText(
        '!has(object.spec.decryption) || has(object.spec.decryption.secretRef) || has(object.spec.decryption.serviceAccountName)',
      ),
      'enforced',
    ],
    [
      'demanded of one provider',
      nativeText(
        "!has(object.spec.decryption) || object.spec.decryption.provider != 'sops' || has(object.spec.decryption.secretRef)",
      ),
      'enforced',
    ],
    ['not demanded', nativeText(HAS_ACCOUNT), 'nothing'],
  ])('%s', (_, yaml, expected) => {
    expect(askAdmission(yaml, namesDecryptionKey)).toBe(expected);
  });
});

describe('sources of known hosts', () => {
  const git = comesFromKnownHost('GitRepository');
  const sources = {
    rules:
      "{ apiGroups: [source.toolkit.fluxcd.io], apiVersions: ['*'], operations: [CREATE, UPDATE], resources: ['*'] }",
  };
  const listed = (binding: string) =>
    nativeText('variables.sources.exists_one(prefix, variables.url.startsWith(prefix))', {
      ...sources,
      policy: `paramKind: { apiVersion: v1, kind: ConfigMap }\n    variables: [{ name: url, expression: object.spec.url }, { name: sources, expression: "params.data.sources.split(' ')" }]`,
      binding,
    });
  it.each<[string, string, Demand, string]>([
    [
      'by prefix',
      nativeText(
        "object.spec.url.startsWith('https://git.example.com/') || object.spec.url.startsWith('ssh://git@git.example.com/')",
        sources,
      ),
      git,
      'enforced',
    ],
    [
      'by pattern',
      nativeText("object.spec.url.matches('^(https|ssh)://(git@)?git\\\\.example\\\\.com/.*$')", sources),
      git,
      'enforced',
    ],
    ['by a pattern that anything matches', nativeText("object.spec.url.matches('.*')", sources), git, 'nothing'],
    ['by a pattern that may run long', nativeText("object.spec.url.matches('^(a+)+$')", sources), git, 'notUnderstood'],
    [
      'of one scheme only',
      nativeText(
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
      nativeText("object.spec.endpoint.endsWith('.example.com')", sources),
      comesFromKnownHost('Bucket'),
      'enforced',
    ],
    [
      'by Kyverno',
      kyvernoText({
        match: '{ any: [{ resources: { kinds: [GitRepository] } }] }',
        rule: `validate: { anyPattern: [{ spec: { url: 'https://git.example.com/platform/?*' } }, { spec: { url: 'ssh://git@git.example.com/platform/?*' } }] }`,
      }),
      git,
      'enforced',
    ],
    [
      'by Kyverno, in one line',
      kyvernoText({
        match: '{ any: [{ resources: { kinds: [GitRepository] } }] }',
        rule: `validate: { pattern: { spec: { url: 'https://git.example.com/?* | ssh://git@git.example.com/?*' } } }`,
      }),
      git,
      'enforced',
    ],
    [
      'by Kyverno, of any host',
      kyvernoText({
        match: '{ any: [{ resources: { kinds: [GitRepository] } }] }',
        rule: `validate: { pattern: { spec: { url: 'https://?* | ssh://?*' } } }`,
      }),
      git,
      'nothing',
    ],
  ])('%s', (_, yaml, demand, expected) => {
    expect(askAdmission(yaml, demand)).toBe(expected);
  });
});
