import { describe, expect, it } from 'vitest';
import { FLUX_IMAGE, podObject, SECRET, type Json } from '../../test/objects.js';
import { ClusterError } from '../cluster-error.js';
import { fluxContainerFilter } from './flux-containers.js';
import { projectFluxPod, projectRecordedPod } from './pods.js';

const project = (item: unknown, owners: Readonly<Record<string, Record<string, string>>> = {}) =>
  projectFluxPod(fluxContainerFilter(), new Map(Object.entries(owners)))(item);
const onlyContainer = (item: unknown) => project(item)?.spec.containers[0];

describe('a pod is kept', () => {
  it.each<[string, Json, Json | undefined, boolean]>([
    ['by the name of its image', { image: FLUX_IMAGE }, undefined, true],
    [
      'by the end of a mirrored name',
      { image: 'r:5000/rancher/mirrored-fluxcd-source-controller@sha256:ab' },
      undefined,
      true,
    ],
    ['by its command', { image: 'r/x:v1', command: ['/sbin/tini', '--', '/usr/bin/helm-controller'] }, undefined, true],
    ['by its first argument', { image: 'r/x:v1', args: ['source-watcher'] }, undefined, true],
    ['by a part-of label', { image: 'r/x:v1' }, { 'app.kubernetes.io/part-of': 'flux' }, true],
    ['by a component label', { image: 'r/x:v1' }, { 'app.kubernetes.io/component': 'helm-controller' }, true],
    ['by an app label of a shard', { image: 'r/x:v1' }, { app: 'kustomize-controller-shard1' }, true],
    ['not for another image', { image: 'nginx:1' }, undefined, false],
    ['not for a name in the middle', { image: 'r/helm-controller-tools:v1' }, undefined, false],
    ['not for a name in the registry', { image: 'helm-controller/nginx:v1' }, undefined, false],
    [
      'not for an argument that mentions one',
      { image: 'kubectl:v1', args: ['rollout', 'source-controller'] },
      undefined,
      false,
    ],
    ['not for another part-of label', { image: 'r/x' }, { 'app.kubernetes.io/part-of': 'fluxion' }, false],
    ['not for an image without a name', {}, undefined, false],
  ])('%s', (_title, container, labels, kept) => {
    expect(project(podObject([container], { labels })) !== undefined).toBe(kept);
  });

  it('by the labels of its Deployment', () => {
    const item = podObject([{ image: 'r/x:v1', args: ['--a'] }], { owner: 'kc' });
    expect(project(item)).toBeUndefined();
    const owners = { 'flux-system/kc': { 'app.kubernetes.io/part-of': 'flux' } };
    expect(project(item, owners)?.spec.containers[0]?.args).toEqual(['--a']);
    expect(project(item, { 'other/kc': owners['flux-system/kc'] })).toBeUndefined();
  });

  it('by a digest that Flux published, whatever the image is called', () => {
    // kustomize-controller v1.2.0.
    const digest = 'a61dd20d2166b220bb13969b203784f614d19a309ef05882458a1f8ddf858738';
    expect(project(podObject([{ image: `r/x@sha256:${digest}` }]))).toBeDefined();
    expect(project(podObject([{ image: `r/x@sha256:${'0'.repeat(64)}` }]))).toBeUndefined();
  });
});

describe('of a pod is kept', () => {
  it('what tells how Flux runs in it', () => {
    const item = podObject(
      [{ image: FLUX_IMAGE, args: ['--a'], ports: [{ containerPort: 80 }], securityContext: { a: 1 } }],
      {
        owner: 'kc',
        status: {
          phase: 'Running',
          podIP: '10.0.0.1',
          conditions: [{ type: 'Ready', status: 'True', lastProbeTime: null }],
          containerStatuses: [
            {
              name: 'manager',
              imageID: 'x',
              ready: true,
              restartCount: 0,
              state: { running: { startedAt: 't' } },
              lastState: {},
            },
          ],
        },
      },
    );
    expect(project(item)).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: 'pod',
        namespace: 'flux-system',
        uid: 'uid',
        labels: { 'pod-template-hash': 'abc12' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'kc-abc12', uid: 'rs' }],
      },
      spec: {
        containers: [
          {
            name: 'manager',
            image: FLUX_IMAGE,
            args: ['--a'],
            ports: [{ containerPort: 80 }],
            securityContext: { a: 1 },
          },
        ],
      },
      status: {
        phase: 'Running',
        podIP: '10.0.0.1',
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [
          { name: 'manager', imageID: 'x', ready: true, restartCount: 0, state: { running: { startedAt: 't' } } },
        ],
      },
    });
  });

  it('nothing of a sidecar but its name and image', () => {
    const sidecar = {
      name: 'proxy',
      image: 'envoy',
      args: [SECRET],
      command: [SECRET],
      env: [{ name: 'A', value: SECRET }],
      envFrom: [],
    };
    const pod = project(
      podObject([{ image: FLUX_IMAGE }, sidecar], { labels: { 'app.kubernetes.io/part-of': 'flux' } }),
    );
    expect(pod?.spec.containers[1]).toEqual({ name: 'proxy', image: 'envoy' });
  });

  it('no output of a container', () => {
    const status = {
      containerStatuses: [
        { name: 'manager', state: { terminated: { exitCode: 1, reason: 'Error', message: SECRET } } },
      ],
    };
    expect(JSON.stringify(project(podObject([{ image: FLUX_IMAGE }], { status })))).not.toContain(SECRET);
  });

  it('no credential in a URL of an argument', () => {
    const args = [`--events-addr=http://user:${SECRET}@host/`, '--name=a@b', 'oci://x'];
    expect(onlyContainer(podObject([{ image: FLUX_IMAGE, args }]))?.args).toEqual([
      '--events-addr=http://host/',
      '--name=a@b',
      'oci://x',
    ]);
  });
});

describe('of the environment is kept', () => {
  const secretRef = { secretKeyRef: { name: 's', key: 'k' } };
  it.each<[string, readonly string[], readonly Json[], readonly Json[] | undefined]>([
    ['nothing that no argument refers to', ['--a'], [{ name: 'A', value: SECRET }], undefined],
    [
      'what an argument refers to',
      ['--a=$(A)'],
      [
        { name: 'A', value: 'x' },
        { name: 'B', value: SECRET },
      ],
      [{ name: 'A', value: 'x' }],
    ],
    [
      'what that refers to',
      ['$(A)'],
      [
        { name: 'C', value: '3' },
        { name: 'B', value: '$(C)' },
        { name: 'A', value: '$(B)' },
      ],
      [
        { name: 'C', value: '3' },
        { name: 'B', value: '$(C)' },
        { name: 'A', value: '$(B)' },
      ],
    ],
    [
      'every value of a name that stands twice',
      ['$(A)'],
      [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
      [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    ],
    ['nothing for a name that is only written', ['$A ${A} $((A'], [{ name: 'A', value: SECRET }], undefined],
    ['an empty value', ['$(A)'], [{ name: 'A', value: '' }], [{ name: 'A', value: '' }]],
    [
      'where a value comes from',
      ['$(A)'],
      [{ name: 'A', valueFrom: secretRef }],
      [{ name: 'A', valueFrom: secretRef }],
    ],
    [
      'of a cloud identity the name',
      [],
      [
        { name: 'AWS_SECRET_ACCESS_KEY', value: SECRET },
        { name: 'AZURE_CLIENT_SECRET', valueFrom: secretRef },
        { name: 'GOOGLE_APPLICATION_CREDENTIALS', value: SECRET },
      ],
      [
        { name: 'AWS_SECRET_ACCESS_KEY' },
        { name: 'AZURE_CLIENT_SECRET', valueFrom: secretRef },
        { name: 'GOOGLE_APPLICATION_CREDENTIALS' },
      ],
    ],
    [
      'not what is only called like one',
      [],
      [
        { name: 'MY_AWS_KEY', value: SECRET },
        { name: 'aws_key', value: SECRET },
      ],
      undefined,
    ],
    [
      'a setting of Flux',
      [],
      [{ name: 'RUNTIME_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } }],
      [{ name: 'RUNTIME_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } }],
    ],
    ['no proxy', [], [{ name: 'HTTPS_PROXY', value: `http://a:${SECRET}@b` }], undefined],
  ])('%s', (_title, args, env, expected) => {
    expect(onlyContainer(podObject([{ image: FLUX_IMAGE, args, env }]))?.env).toEqual(expected);
  });

  it('what an argument refers to after an escaped dollar', () => {
    const env = [{ name: 'B', value: 'b' }];
    expect(onlyContainer(podObject([{ image: FLUX_IMAGE, args: ['$$($(B)'], env }]))?.env).toEqual(env);
  });

  it('the source of further variables', () => {
    const envFrom = [{ prefix: 'P_', configMapRef: { name: 'a' } }, { secretRef: { name: 'b', optional: true } }];
    expect(onlyContainer(podObject([{ image: FLUX_IMAGE, envFrom }]))?.envFrom).toEqual(envFrom);
  });

  it('the annotation that it comes from', () => {
    const env = [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.annotations['shard']" } } }];
    const pod = project(
      podObject([{ image: FLUX_IMAGE, args: ['$(A)'], env }], { annotations: { shard: '1', other: SECRET } }),
    );
    expect(pod?.metadata.annotations).toEqual({ shard: '1' });
  });
});

describe('a pod that cannot be understood', () => {
  it.each<[string, unknown]>([
    ['null', null],
    ['a text', 'pod'],
    ['a list', []],
    ['no metadata', { spec: { containers: [] } }],
    ['no name', { metadata: { namespace: 'a' }, spec: {} }],
    ['no namespace', { metadata: { name: 'a' }, spec: {} }],
    ['no spec', { metadata: { name: 'a', namespace: 'b' } }],
    ['containers that are no list', { metadata: { name: 'a', namespace: 'b' }, spec: { containers: {} } }],
    ['an image that is no text', podObject([{ image: 5 }])],
    ['args that are no texts', podObject([{ image: FLUX_IMAGE, args: [5] }])],
    ['args that are no list', podObject([{ image: FLUX_IMAGE, args: '--a' }])],
    ['a label that is no text', podObject([{ image: FLUX_IMAGE }], { labels: { a: 1 } })],
    [
      'a condition with another status',
      podObject([{ image: FLUX_IMAGE }], { status: { conditions: [{ type: 'a', status: 'yes' }] } }),
    ],
    ['an argument of a megabyte', podObject([{ image: FLUX_IMAGE, args: ['a'.repeat(1024 ** 2)] }])],
  ])('%s is malformed', (_title, item) => {
    expect(() => project(item)).toThrow(ClusterError);
  });

  it('names the field, and nothing of its value', () => {
    const item = podObject([{ image: FLUX_IMAGE, args: { [SECRET]: SECRET } }]);
    expect(() => project(item)).toThrow(
      expect.objectContaining({ code: 'malformed', detail: 'spec.containers.0.args' }),
    );
  });

  it('takes null for absent, as Go writes it', () => {
    const item = podObject([{ image: FLUX_IMAGE, args: null, command: null, env: null }]);
    expect(onlyContainer(item)).toEqual({ name: 'manager', image: FLUX_IMAGE });
  });
});

it('is quick with hostile texts', () => {
  const args = ['$('.repeat(100_000), '$(A'.repeat(60_000), 'a://'.repeat(50_000), '$'.repeat(200_000)];
  const started = performance.now();
  project(podObject([{ image: FLUX_IMAGE, args, env: [{ name: 'A', value: '$('.repeat(100_000) }] }]));
  expect(performance.now() - started).toBeLessThan(8_000);
});

it('projecting twice changes nothing', () => {
  const env = [
    { name: 'A', value: '$(B)' },
    { name: 'B', value: 'b' },
    { name: 'AWS_X', value: SECRET },
  ];
  const once = project(
    podObject([
      { image: FLUX_IMAGE, args: ['--a=$(A)'], env },
      { name: 'x', image: 'y', args: [SECRET] },
    ]),
  );
  expect(projectRecordedPod(once)).toEqual(once);
});
