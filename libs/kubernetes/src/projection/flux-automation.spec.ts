import { describe, expect, it } from 'vitest';
import { SECRET, type Json } from '../../test/objects.js';
import { ClusterError } from '../cluster-error.js';
import { projectAlertEvent } from './alert-events.js';
import { projectAlertingRules, projectRuleEvaluator } from './alerting-rules.js';
import { projectArtifactGenerator } from './flux-artifacts.js';
import { projectImagePolicy, projectImageRepository, projectImageUpdateAutomation } from './flux-images.js';
import { projectResourceSet } from './flux-operator.js';
import { projectReceiver } from './flux-receivers.js';
import { projectSealedSecret } from './sealed-secrets.js';

const metadata = { name: 'app', namespace: 'team-a', annotations: { note: SECRET } };
const kept = { name: 'app', namespace: 'team-a' };

/** What is kept of an object; and what is kept of that again must be the same, since a recording is read so. */
function keptOf(project: (item: unknown) => object | undefined, item: Json): Json {
  const projected = project(item) as Json;
  expect(JSON.stringify(projected)).not.toContain(SECRET);
  expect(project(JSON.parse(JSON.stringify(projected)))).toEqual(projected);
  return projected;
}

describe('of a Receiver', () => {
  const path = `/hook/${SECRET}`;

  it('its type and what it triggers, but never its path', () => {
    const item = {
      metadata,
      spec: {
        type: 'github',
        interval: '10m',
        events: ['push'],
        secretRef: { name: 'token' },
        resources: [
          { kind: 'GitRepository', name: '*', matchLabels: { team: 'a' } },
          { kind: 'ImageRepository', name: '*', matchLabels: {} },
        ],
        resourceFilter: SECRET,
      },
      status: {
        webhookPath: path,
        conditions: [{ type: 'Ready', status: 'True', message: `Receiver initialized for path: ${path}` }],
      },
    };
    expect(keptOf(projectReceiver('v1'), item)).toEqual({
      apiVersion: 'notification.toolkit.fluxcd.io/v1',
      kind: 'Receiver',
      metadata: kept,
      spec: {
        type: 'github',
        events: ['push'],
        secretRef: { name: 'token' },
        resources: [
          { kind: 'GitRepository', name: '*', matchLabels: { team: 'a' } },
          { kind: 'ImageRepository', name: '*', matchLabels: {} },
        ],
      },
      status: {
        hasWebhookPath: true,
        conditions: [{ type: 'Ready', status: 'True', message: 'Receiver initialized for path: /hook/…' }],
      },
    });
  });

  it('its old field for the path is one too', () => {
    const item = { metadata, spec: { type: 'generic' }, status: { url: path } };
    expect(keptOf(projectReceiver('v1beta1'), item)).toMatchObject({ status: { hasWebhookPath: true } });
    expect(keptOf(projectReceiver('v1beta1'), { metadata, spec: {}, status: {} })['status']).toEqual({});
  });

  it('what it demands of tokens, as it stands', () => {
    const oidcProviders = [
      { issuerURL: 'https://ci', audience: 'flux', validations: [{ expression: "claims.sub == 'x'", message: 'm' }] },
    ];
    const { spec } = keptOf(projectReceiver('v1'), { metadata, spec: { type: 'generic-oidc', oidcProviders } });
    expect(spec).toEqual({ type: 'generic-oidc', oidc: { oidcProviders } });
  });
});

describe('of image automation', () => {
  it('an image repository with who may use it', () => {
    const spec = {
      image: 'ghcr.io/a/b',
      insecure: true,
      provider: 'generic',
      secretRef: { name: 's' },
      accessFrom: { namespaceSelectors: [{}, { matchLabels: { team: 'a' } }] },
      exclusionList: [SECRET],
    };
    const { exclusionList: _, ...expected } = spec;
    expect(keptOf(projectImageRepository('v1'), { metadata, spec, status: { lastScanResult: SECRET } })).toEqual({
      apiVersion: 'image.toolkit.fluxcd.io/v1',
      kind: 'ImageRepository',
      metadata: kept,
      spec: expected,
    });
  });

  it('a policy', () => {
    const spec = {
      imageRepositoryRef: { name: 'a', namespace: 'b' },
      digestReflectionPolicy: 'Always',
      filterTags: { pattern: SECRET },
    };
    expect(keptOf(projectImagePolicy('v1beta2'), { metadata, spec })).toMatchObject({
      apiVersion: 'image.toolkit.fluxcd.io/v1beta2',
      spec: { imageRepositoryRef: { name: 'a', namespace: 'b' }, digestReflectionPolicy: 'Always' },
    });
  });

  it('where an automation writes, and whether it signs', () => {
    const spec = {
      sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' },
      git: {
        checkout: { ref: { branch: 'main' } },
        commit: { author: { email: SECRET }, messageTemplate: SECRET, signingKey: { secretRef: { name: 'gpg' } } },
        push: { branch: 'bot', refspec: 'refs/x', options: { 'ci.skip': SECRET } },
      },
      update: { path: './apps', strategy: 'Setters' },
    };
    expect(keptOf(projectImageUpdateAutomation('v1'), { metadata, spec })['spec']).toEqual({
      sourceRef: { kind: 'GitRepository', name: 'fleet', namespace: 'flux-system' },
      git: {
        checkoutBranch: 'main',
        pushBranch: 'bot',
        pushRefspec: 'refs/x',
        pushOptions: ['ci.skip'],
        signingKey: { secretRef: { name: 'gpg' } },
      },
      updatePath: './apps',
    });
    expect(keptOf(projectImageUpdateAutomation('v1'), { metadata, spec: { git: {} } })['spec']).toEqual({ git: {} });
    expect(keptOf(projectImageUpdateAutomation('v1'), { metadata, spec: {} })['spec']).toEqual({});
  });
});

it('of an ArtifactGenerator its sources', () => {
  const sources = [{ alias: 'a', kind: 'GitRepository', name: 'x', namespace: 'y' }];
  const spec = { sources, artifacts: [{ name: SECRET, copy: [] }] };
  expect(keptOf(projectArtifactGenerator('v1beta1'), { metadata, spec })['spec']).toEqual({ sources });
});

it('of a ResourceSet and its inputs who acts and where they come from', () => {
  const set = { serviceAccountName: 'sa', resourcesTemplate: SECRET, inputs: [{ a: SECRET }] };
  const project = projectResourceSet('ResourceSet', 'v1');
  expect(keptOf(project, { metadata, spec: set, status: { inventory: { entries: [SECRET] } } })).toEqual({
    apiVersion: 'fluxcd.controlplane.io/v1',
    kind: 'ResourceSet',
    metadata: kept,
    spec: { serviceAccountName: 'sa' },
    status: {},
  });
  const input = {
    type: 'GitHubPullRequest',
    url: `https://u:${SECRET}@github.com/a/b?x=${SECRET}`,
    insecure: true,
    secretRef: { name: 's' },
    certSecretRef: { name: 'c' },
    filter: { labels: [SECRET] },
    defaultValues: { a: SECRET },
  };
  expect(keptOf(projectResourceSet('ResourceSetInputProvider', 'v1'), { metadata, spec: input })['spec']).toEqual({
    type: 'GitHubPullRequest',
    url: 'https://github.com/a/b',
    insecure: true,
    secretRef: { name: 's' },
    certSecretRef: { name: 'c' },
  });
});

it('of a SealedSecret its scope, outside and in the template', () => {
  const wide = { 'sealedsecrets.bitnami.com/cluster-wide': 'true' };
  const item = {
    metadata: { ...metadata, annotations: { ...wide, note: SECRET } },
    spec: {
      encryptedData: { password: SECRET },
      data: SECRET,
      template: { data: { a: SECRET }, metadata: { annotations: { ...wide, b: SECRET }, labels: { c: SECRET } } },
    },
  };
  expect(keptOf(projectSealedSecret('v1alpha1'), item)).toEqual({
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { ...kept, annotations: wide },
    spec: { templateAnnotations: wide, hasDeprecatedData: true },
  });
  const strict = { metadata, spec: { encryptedData: {}, data: '' } };
  expect(keptOf(projectSealedSecret('v1alpha1'), strict)['spec']).toEqual({});
});

describe('of alerting rules', () => {
  const project = projectAlertingRules('PrometheusRule', 'monitoring.coreos.com')('v1');

  it('those that alert, with where they stand', () => {
    const item = {
      metadata,
      spec: {
        groups: [
          { name: 'empty' },
          {
            name: 'flux',
            rules: [
              { record: 'x', expr: SECRET },
              { alert: 'A', expr: 'up == 0', for: '10m', labels: { a: SECRET }, annotations: { b: SECRET } },
              { alert: 'B', expr: 1 },
            ],
          },
        ],
      },
    };
    expect(keptOf(project, item)).toEqual({
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: kept,
      rules: [
        { alert: 'A', expr: 'up == 0', holdFor: '10m', pointer: '/spec/groups/1/rules/1' },
        { alert: 'B', expr: '1', pointer: '/spec/groups/1/rules/2' },
      ],
    });
    expect(keptOf(project, { metadata, spec: {} })['rules']).toEqual([]);
  });

  it('an expression that is too long in a form that nobody can take for a whole one', () => {
    const item = { metadata, spec: { groups: [{ rules: [{ alert: 'A', expr: `up ${'x'.repeat(10_000)}` }] }] } };
    const [rule] = keptOf(project, item)['rules'] as readonly { expr: string }[];
    expect(rule?.expr).toHaveLength(4_096);
    expect(rule?.expr.endsWith('…')).toBe(true);
  });

  it.each([
    [
      'more than can be meant',
      { groups: [{ rules: Array.from({ length: 5_001 }, () => ({ alert: 'A', expr: '1' })) }] },
    ],
    ['groups that are none', { groups: 'x' }],
    ['an expression that is none', { groups: [{ rules: [{ alert: 'A', expr: {} }] }] }],
  ])('not %s', (_title, spec) => {
    expect(() => project({ metadata, spec })).toThrow(ClusterError);
  });
});

describe('of an evaluator which rules it selects', () => {
  const prometheus = projectRuleEvaluator('Prometheus', 'monitoring.coreos.com')('v1');
  const alert = projectRuleEvaluator('VMAlert', 'operator.victoriametrics.com')('v1beta1');
  const some = { matchLabels: { a: 'b' } };

  it.each<[string, (item: unknown) => object, Json, Json]>([
    ['Prometheus: none', prometheus, {}, {}],
    ['Prometheus: all of its own', prometheus, { ruleSelector: {} }, { ruleSelector: {} }],
    [
      'Prometheus: some of some',
      prometheus,
      { ruleSelector: some, ruleNamespaceSelector: some },
      { ruleSelector: some, ruleNamespaceSelector: some },
    ],
    ['VMAlert: none', alert, {}, {}],
    ['VMAlert: all', alert, { selectAllByDefault: true }, { ruleSelector: {}, ruleNamespaceSelector: {} }],
    ['VMAlert: all of some', alert, { ruleNamespaceSelector: some }, { ruleSelector: {}, ruleNamespaceSelector: some }],
    ['VMAlert: some of its own', alert, { ruleSelector: some, selectAllByDefault: true }, { ruleSelector: some }],
  ])('%s', (_title, project, spec, expected) => {
    const {
      apiVersion: _version,
      kind: _kind,
      metadata: _metadata,
      ...selectors
    } = keptOf(project, { metadata, spec });
    expect(selectors).toEqual(expected);
  });
});

describe('of an event about an Alert', () => {
  const event = {
    metadata: { name: 'slack.1', namespace: 'team-a' },
    involvedObject: { kind: 'Alert', namespace: 'team-a', name: 'slack', uid: SECRET },
    reason: 'NotificationDispatchFailed',
    type: 'Warning',
    count: 3,
    lastTimestamp: '2026-11-01T00:00:00Z',
    source: { component: SECRET },
  };

  it.each([
    [
      `failed to send notification for Kustomization/a/b: Post "https://u:${SECRET}@hooks.slack.com/services/${SECRET}": timeout`,
      'failed to send notification for Kustomization/a/b: Post "https://hooks.slack.com/…": timeout',
    ],
    [`https://host?x=${SECRET} and https://host/${SECRET}/x`, 'https://host/… and https://host/…'],
    ['no route to https://host: refused', 'no route to https://host: refused'],
  ])('its message %s without what a URL may give away', (message, expected) => {
    expect(keptOf(projectAlertEvent, { ...event, message })).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'slack.1', namespace: 'team-a' },
      involvedObject: { kind: 'Alert', namespace: 'team-a', name: 'slack' },
      reason: 'NotificationDispatchFailed',
      type: 'Warning',
      message: expected,
      count: 3,
      lastSeen: '2026-11-01T00:00:00Z',
    });
  });

  it('its last time, wherever that stands', () => {
    const { lastTimestamp: _, ...rest } = event;
    expect(projectAlertEvent({ ...rest, eventTime: 't' })).toMatchObject({ lastSeen: 't', count: 3 });
    const series = { count: 9, lastObservedTime: 'l' };
    expect(projectAlertEvent({ ...rest, eventTime: 't', series })).toMatchObject({ lastSeen: 'l', count: 9 });
  });

  it('no more of its message than says something', () => {
    expect(projectAlertEvent({ ...event, message: 'x'.repeat(10_000) })?.message).toHaveLength(1_024);
  });

  it.each([{ kind: 'Pod', name: 'x' }, { kind: 'Alert' }, {}])('nothing where it is about %j', (involvedObject) => {
    expect(projectAlertEvent({ ...event, involvedObject })).toBeUndefined();
  });
});

it.each<[string, (item: unknown) => unknown]>([
  ['Receiver', projectReceiver('v1')],
  ['ImageRepository', projectImageRepository('v1')],
  ['ImagePolicy', projectImagePolicy('v1')],
  ['ImageUpdateAutomation', projectImageUpdateAutomation('v1')],
  ['ArtifactGenerator', projectArtifactGenerator('v1beta1')],
  ['ResourceSet', projectResourceSet('ResourceSet', 'v1')],
  ['SealedSecret', projectSealedSecret('v1alpha1')],
  ['PrometheusRule', projectAlertingRules('PrometheusRule', 'monitoring.coreos.com')('v1')],
  ['Prometheus', projectRuleEvaluator('Prometheus', 'monitoring.coreos.com')('v1')],
  ['Event', projectAlertEvent],
])('a %s of the wrong shape is refused as malformed', (_kind, project) => {
  for (const item of [null, 'x', [], {}, { metadata: {} }, { metadata, spec: 'x' }, { metadata: [], spec: {} }]) {
    expect(() => project(item)).toThrow(ClusterError);
  }
});
