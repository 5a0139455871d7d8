import { describe, expect, it } from 'vitest';
import { itJudges, judge } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import { kubeconfigFlagCases } from '../../../../test/support/kubeconfig-flag-cases.js';
import { helmKubeconfigExec as control } from './hc-01-kubeconfig-exec.js';

const FLAG = '--insecure-kubeconfig-exec=true';
const helm = (args: readonly string[], options?: ControllerOptions) => controller('helm-controller', args, options);

describe('FLUX-HC-01', () => {
  itJudges(
    control,
    kubeconfigFlagCases({
      component: 'helm-controller',
      flag: 'insecure-kubeconfig-exec',
      unsafe: '0.18.2',
      digest: 'sha256:16ada99456385100698a5d7adf90aba8a2089d987ab541c9566b6d7b0e897038',
      severity: 'critical',
    }),
  );

  describe('severity', () => {
    const alone = { outcome: 'fail', reason: 'FLAG_TRUE', severity: 'high' } as const;
    itJudges(control, [
      {
        state: 'dedicated: high',
        input: helm([FLAG]),
        options: { registration: { role: 'tenant', tenancy: 'dedicated' } },
        ...alone,
      },
      { state: 'standalone: high', input: helm([FLAG]), options: { registration: { role: 'standalone' } }, ...alone },
      { state: 'nothing stated, no tenant seen: high', input: helm([FLAG]), ...alone },
      {
        state: 'nothing stated, two tenants seen: critical',
        input: [
          ...helm([FLAG]),
          namespace('a', { 'toolkit.fluxcd.io/tenant': 'a' }),
          namespace('b', { 'toolkit.fluxcd.io/tenant': 'b' }),
        ],
        ...alone,
        severity: 'critical',
      },
      {
        state: 'nothing stated, and nobody could look: critical',
        input: helm([FLAG]),
        options: { unavailable: { namespaces: 'forbidden' } },
        ...alone,
        severity: 'critical',
      },
      {
        state: 'management with tenants: critical',
        input: helm([FLAG]),
        options: { registration: { ...SHARED, role: 'management' } },
        ...alone,
        severity: 'critical',
      },
    ]);
  });

  it('says where the argument is, and what runs', () => {
    const [observation] = judge(control, helm([FLAG])).observations;
    expect(observation?.evidence).toMatchObject([
      {
        object: { kind: 'Pod', namespace: 'flux-system', name: 'helm-controller-5c9f-aaaaa' },
        pointer: '/spec/containers/0/args/4',
        observed: FLAG,
        expected: 'absent, or false',
      },
      {
        pointer: '/spec/containers/0/image',
        observed: 'ghcr.io/fluxcd/helm-controller:v1.6.3',
        expected: 'v0.19.0 or later',
        note: 'v1.6.3 by its tag',
      },
    ]);
    expect(observation?.message).toMatch(
      /^helm-controller flux-system\/helm-controller \(v1\.6\.3 by its tag\) runs with/,
    );
  });

  it('shows the names of the arguments where the flag is absent, not their values', () => {
    const [observation] = judge(control, helm(['--events-addr=http://u:p@x/'])).observations;
    expect(observation?.evidence[0]).toMatchObject({
      pointer: '/spec/containers/0/args',
      observed: [
        '--watch-all-namespaces',
        '--log-level',
        '--log-encoding',
        '--enable-leader-election',
        '--events-addr',
      ],
    });
  });

  it('shows the template where a pod differs from it', () => {
    const [observation] = judge(control, helm([], { podArgs: [FLAG] })).observations;
    expect(observation?.evidence).toMatchObject([
      { object: { kind: 'Pod' }, note: expect.stringMatching(/^ROLLOUT_OR_MUTATION.*changed on its way/) as unknown },
      { pointer: '/spec/containers/0/image' },
      { object: { kind: 'Deployment' }, pointer: '/spec/template/spec/containers/0/args' },
    ]);
    expect(observation?.fixes?.[0]?.content).toContain('rollout restart deployment/helm-controller');
  });

  it('says which permission is missing', () => {
    const env = [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }];
    const result = judge(control, helm(['--insecure-kubeconfig-exec=$(A)'], { env }), {
      unavailableConfigMaps: { 'flux-system/settings': 'forbidden' },
    });
    expect(result).toMatchObject({
      outcome: 'notEvaluated',
      cause: 'forbidden',
      missing: [{ verb: 'get', resource: 'configmaps', namespace: 'flux-system', name: 'settings' }],
    });
  });

  it('is sure of the version of a published image only', () => {
    const confidence = (image: string) => judge(control, helm([FLAG], { image })).observations[0]?.confidence;
    expect(confidence('ghcr.io/fluxcd/helm-controller:v1.6.3')).toBe('proven');
    expect(confidence('ghcr.io/somebody/helm-controller:v1.6.3')).toBe('derived');
  });

  it.each([
    ['an unknown way', {}, undefined, 'kustomizePatch'],
    ['the Helm chart', { 'helm.sh/chart': 'flux2-2.18.3' }, undefined, 'helmValues'],
    ['the Flux Operator', { 'app.kubernetes.io/managed-by': 'flux-operator' }, undefined, 'fluxOperatorPatch'],
    ['the Azure extension', {}, 'mcr.microsoft.com/oss/fluxcd/helm-controller:v1.6.3', 'steps'],
  ] as const)('offers a fix for %s', (_title, labels, image, form) => {
    const [observation] = judge(control, helm([FLAG], { labels, ...(image && { image }) })).observations;
    expect(observation?.fixes?.map((fix) => fix.form)).toEqual([form]);
  });

  it('removes the argument by its place', () => {
    const [observation] = judge(control, helm([FLAG])).observations;
    expect(observation?.fixes?.[0]?.content).toBe(`# kustomization.yaml that holds the manifests of Flux
patches:
  - target:
      kind: Deployment
      name: helm-controller
    patch: |
      - op: test
        path: /spec/template/spec/containers/0/args/4
        value: --insecure-kubeconfig-exec=true
      - op: remove
        path: /spec/template/spec/containers/0/args/4
`);
  });
});
