import { describe, expect, it } from 'vitest';
import { podObject, SECRET, type Json } from '../../test/objects.js';
import { Fields } from './fields.js';
import { operatorPod, projectRecordedOperatorPod } from './operator-pods.js';
import { operatorPrograms } from './operator-programs.js';

const project = (item: Json) => operatorPod(Fields.of(item), operatorPrograms());
const programOf = (...containers: readonly Json[]) => project(podObject(containers))?.program;

describe('a pod of another program is kept', () => {
  it.each<[string, Json, string | undefined]>([
    [
      'by the name of its image',
      { image: 'docker.io/bitnami/sealed-secrets-controller:0.38.4' },
      'sealed-secrets-controller',
    ],
    ['by digest and port', { image: 'r:5000/x/flux-operator@sha256:ab' }, 'flux-operator'],
    [
      'by a mirrored name',
      { image: 'rancher/mirrored-kube-state-metrics-kube-state-metrics:v2' },
      'kube-state-metrics',
    ],
    [
      'by its command',
      { image: 'r/own:1', command: ['/usr/bin/sealed-secrets-controller'] },
      'sealed-secrets-controller',
    ],
    [
      'by its first argument',
      { image: 'quay.io/argoproj/argocd:v3', args: ['/usr/local/bin/argocd-application-controller'] },
      'argocd-application-controller',
    ],
    ['as the engine', { image: 'ghcr.io/kyverno/kyverno:v1.18' }, 'kyverno'],
    [
      'as a part of the engine',
      { image: 'reg.kyverno.io/kyverno/background-controller:v1' },
      'kyverno-background-controller',
    ],
    [
      'with a hash in its name',
      { image: 'ghcr.io/tektoncd/pipeline/controller-10a3e3279:v1' },
      'tekton-pipelines-controller',
    ],
    ['as Gatekeeper', { image: 'openpolicyagent/gatekeeper:v3.23.0' }, 'gatekeeper'],
    ['not as the proxy of that name', { image: 'quay.io/gogatekeeper/gatekeeper:3' }, undefined],
    ['not as any controller', { image: 'r/x/controller:v1' }, undefined],
    ['not for the rest of Argo CD', { image: 'quay.io/argoproj/argocd:v3', args: ['argocd-server'] }, undefined],
    ['not for a name within a name', { image: 'r/my-flux-operator-tools:1' }, undefined],
    ['not for nginx', { image: 'nginx:1' }, undefined],
    ['not without an image', {}, undefined],
  ])('%s', (_title, container, expected) => {
    expect(programOf(container)).toBe(expected);
  });

  it('for the container that runs it, not the first one', () => {
    const item = podObject([
      { name: 'proxy', image: 'envoy', args: [SECRET] },
      { name: 'ksm', image: 'kube-state-metrics:v2', args: ['--a'] },
    ]);
    expect(project(item)?.container).toMatchObject({ name: 'ksm', args: ['--a'] });
    expect(JSON.stringify(project(item))).not.toContain(SECRET);
  });

  it.each(['Succeeded', 'Failed'])('not when it is finished: %s', (phase) => {
    expect(project(podObject([{ image: 'flux-operator' }], { status: { phase } }))).toBeUndefined();
  });
});

describe('of such a pod is kept', () => {
  const env = [
    { name: 'SEALED_SECRETS_KEY_RENEW_PERIOD', value: '0' },
    { name: 'SEALED_SECRETS_KEY_PREFIX', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } },
    { name: 'TOKEN', value: SECRET },
    { name: 'DEFAULT_SERVICE_ACCOUNT', value: SECRET },
  ];

  it('of the Sealed Secrets controller its flags and the variables that stand for flags', () => {
    const item = podObject(
      [{ image: 'sealed-secrets-controller', command: ['controller'], args: ['--update-status'], env, envFrom: [{}] }],
      { owner: 'sealed', status: { phase: 'Running', containerStatuses: [{ name: 'manager', ready: true }] } },
    );
    expect(project(item)).toMatchObject({
      apiVersion: 'v1',
      kind: 'Pod',
      program: 'sealed-secrets-controller',
      owner: { kind: 'Deployment', name: 'sealed' },
      container: {
        name: 'manager',
        image: 'sealed-secrets-controller',
        command: ['controller'],
        args: ['--update-status'],
        env: { SEALED_SECRETS_KEY_RENEW_PERIOD: '0', SEALED_SECRETS_KEY_PREFIX: null },
        hasEnvFrom: true,
        ready: true,
      },
    });
    expect(JSON.stringify(project(item))).not.toContain(SECRET);
  });

  it('of a program whose flags are not judged neither command, arguments nor environment', () => {
    const item = podObject([{ image: 'kyverno/kyverno', command: [SECRET], args: [SECRET], env, envFrom: [{}] }]);
    expect(project(item)?.container).toEqual({ name: 'manager', image: 'kyverno/kyverno' });
  });

  it('which ConfigMaps it mounts', () => {
    const object = podObject([{ image: 'kube-state-metrics' }]);
    const volumes = [
      { name: 'a', configMap: { name: 'custom-resource-state' } },
      {
        name: 'b',
        projected: { sources: [{ configMap: { name: 'more' } }, { configMap: { name: 'kube-root-ca.crt' } }] },
      },
      { name: 'c', secret: { secretName: 'no' } },
    ];
    const item = { ...object, spec: { ...(object['spec'] as Json), volumes, serviceAccountName: 'ksm' } };
    expect(project(item)).toMatchObject({
      configMaps: ['custom-resource-state', 'more'],
      serviceAccountName: 'ksm',
      owner: { kind: 'Pod', name: 'pod' },
    });
  });

  it('the same when it is recorded and read', () => {
    const images = ['sealed-secrets-controller', 'flux-operator', 'kube-state-metrics', 'kyverno/kyverno'];
    for (const image of images) {
      const found = project(podObject([{ image, args: ['--a'], env, envFrom: [{}] }], { owner: 'x' }));
      const recorded = JSON.parse(JSON.stringify(found)) as unknown;
      expect(projectRecordedOperatorPod(recorded)).toEqual(found);
    }
  });

  it('nothing that a record may add', () => {
    const found = project(podObject([{ image: 'kyverno/kyverno' }]));
    const more = { ...found, container: { ...found?.container, args: [SECRET], env: { TOKEN: SECRET } }, spec: SECRET };
    expect(projectRecordedOperatorPod(more)).toEqual(found);
  });
});
