import { describe, expect, it } from 'vitest';
import {
  DOWN,
  EVENTS,
  NOT_READY,
  PAGER,
  RULES,
  SUSPENDED,
  alert,
  emitters,
  infra,
  kubeStateMetrics,
  rule,
  web,
} from '../../../../test/support/alerting-objects.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { controller } from '../../../../test/support/flux-installation.js';
import { chart, fleet } from '../../../../test/support/remote-apply-objects.js';
import { failuresAreAlerted as control } from './ra-04-failures-are-alerted.js';

const judges = tableOf(control);
const base = [infra(), fleet(), ...emitters()];
const ofHelm = [web(), chart(), ...emitters()];
describe('who sends the events', () => {
  const one = (args: readonly string[], more: readonly object[] = []) => [
    infra(),
    fleet(),
    ...emitters({ kustomize: args }),
    ...more,
    alert(),
    ...PAGER,
    ...RULES,
  ];
  judges([
    [
      'a bare name is a Service of the own namespace',
      one(['--events-addr=http://notification-controller/']),
      'pass ALERTED',
    ],
    ['a name with its namespace', one(['--events-addr=http://notification-controller.flux-system:80']), 'pass ALERTED'],
    [
      'another host',
      [infra(), fleet(), ...emitters({ kustomize: ['--events-addr=http://events.example.com'] }), alert(), ...PAGER],
      'fail EVENTS_ADDR_UNKNOWN',
    ],
    [
      'no URL',
      [infra(), fleet(), ...emitters({ kustomize: ['--events-addr=notification'] }), alert(), ...PAGER],
      'fail EVENTS_ADDR_UNKNOWN',
    ],
    [
      'loopback without a notification-controller in the pod',
      [infra(), fleet(), ...emitters({ kustomize: ['--events-addr=http://localhost:9090'] }), alert(), ...PAGER],
      'fail EVENTS_ADDR_LOOPBACK',
    ],
    [
      'notification-controller is not ready',
      [infra(), fleet(), ...emitters({ state: 'crashLoop' }), alert(), ...PAGER],
      'fail NOTIFICATION_CONTROLLER_DOWN',
    ],
    [
      'notification-controller is scaled to zero',
      [infra(), fleet(), ...emitters({ state: 'scaledToZero' }), alert(), ...PAGER],
      'fail NOTIFICATION_CONTROLLER_DOWN',
    ],
    ['nobody serves the object', [infra(), fleet(), alert(), ...PAGER], 'fail NOT_SERVED'],
    [
      'a shard that sends nothing, for the objects it serves',
      [
        infra({ metadata: { labels: { shard: 'a' } } }),
        fleet(),
        ...emitters({ kustomize: [EVENTS, '--watch-label-selector=shard notin (a)'] }),
        ...controller('kustomize-controller', ['--watch-label-selector=shard=a'], { name: 'kustomize-controller-a' }),
        alert(),
        ...PAGER,
      ],
      'fail NO_EVENTS_ADDR',
      { message: /kustomize-controller-a/ },
    ],
  ]);

  const container = (name: string, args: readonly string[], ready = true) => ({
    spec: { name, image: `ghcr.io/fluxcd/${name}:v1.9.3`, args },
    status: { name, ready },
  });
  const allInOne = (ready: boolean) => {
    const parts = [
      container('kustomize-controller', ['--events-addr=http://localhost:9690']),
      container('source-controller', ['--events-addr=http://localhost:9690']),
      container('notification-controller', ['--events-addr=:9690'], ready),
    ];
    return [
      infra(),
      fleet(),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'flux-0', namespace: 'flux-system' },
        spec: { containers: parts.map(({ spec }) => spec) },
        status: { phase: 'Running', containerStatuses: parts.map(({ status }) => status) },
      },
      alert(),
      ...PAGER,
      rule([NOT_READY], [SUSPENDED], ['up{job="flux",pod="flux-0"} == 0']),
      kubeStateMetrics(),
    ];
  };
  judges([
    [
      'all controllers in one pod, notification-controller ready there',
      allInOne(true),
      'warn EXPRESSION_NOT_UNDERSTOOD',
    ],
    ['all controllers in one pod, notification-controller not ready', allInOne(false), 'warn EVENTS_ADDR_LOOPBACK'],
  ]);
});

describe('a HelmRelease', () => {
  judges([
    [
      'a perfect Alert alone: its worst failures send no event',
      [...ofHelm, alert(), ...PAGER],
      'fail SILENT_FAILURE',
      { message: /sends no event/ },
    ],
    ['with rules on metrics', [...ofHelm, alert(), ...PAGER, ...RULES], 'pass ALERTED'],
    ['rules alone', [...ofHelm, ...RULES], 'pass ALERTED'],
    [
      'a chart in another namespace freezes it without any sign',
      [
        web({
          spec: {
            chartRef: undefined,
            chart: {
              spec: { chart: 'web', sourceRef: { kind: 'HelmRepository', name: 'charts', namespace: 'charts' } },
            },
          },
        }),
        ...emitters(),
        ...RULES,
      ],
      'warn SILENT_FAILURE',
      { message: /references are blocked/ },
    ],
    [
      'rules for Kustomizations only',
      [
        ...ofHelm,
        alert(),
        ...PAGER,
        rule(['gotk_resource_info{customresource_kind="Kustomization",ready!="True"} == 1']),
        kubeStateMetrics(),
      ],
      'fail SILENT_FAILURE',
    ],
    [
      'rules for another namespace only',
      [
        ...ofHelm,
        alert(),
        ...PAGER,
        rule(['gotk_resource_info{exported_namespace="spoke-b",ready!="True"} == 1']),
        kubeStateMetrics(),
      ],
      'fail SILENT_FAILURE',
    ],
    [
      'kube-state-metrics knows nothing of Flux',
      [...ofHelm, alert(), ...PAGER, RULES[0] ?? {}, kubeStateMetrics([])],
      'fail METRIC_NOT_EXPORTED',
    ],
    [
      'kube-state-metrics is configured for other kinds',
      [
        ...ofHelm,
        alert(),
        ...PAGER,
        RULES[0] ?? {},
        kubeStateMetrics([
          '--custom-resource-state-config',
          'kind: CustomResourceStateMetrics\nspec: {resources: [{groupVersionKind: {group: x, kind: Kustomization}}]}',
        ]),
      ],
      'fail METRIC_NOT_EXPORTED',
    ],
    [
      'kube-state-metrics is configured for it',
      [
        ...ofHelm,
        RULES[0] ?? {},
        kubeStateMetrics([
          '--custom-resource-state-config=kind: CustomResourceStateMetrics\nspec: {resources: [{kind: HelmRelease}, {kind: OCIRepository}]}',
        ]),
      ],
      'pass ALERTED',
    ],
    ['no kube-state-metrics', [...ofHelm, alert(), ...PAGER, RULES[0] ?? {}], 'fail METRIC_NOT_EXPORTED'],
    [
      'metrics of the Flux Operator',
      [
        ...ofHelm,
        rule(
          ['flux_resource_info{ready!="True"} == 1', '5m'],
          ['flux_resource_info{suspended="True"}'],
          ['absent(up{job="helm-controller"} == 1)'],
        ),
        { ...kubeStateMetrics(), program: 'flux-operator' },
      ],
      'pass ALERTED',
    ],
    [
      'metrics of the Flux Operator, which does not run',
      [...ofHelm, rule(['flux_resource_info{ready!="True"} == 1', '5m'])],
      'fail METRIC_NOT_EXPORTED',
    ],
    [
      'an expression that is not understood',
      [...ofHelm, rule(['gotk_resource_info{ready!="True"} * on(name) group_left owners > 0']), kubeStateMetrics()],
      'warn EXPRESSION_NOT_UNDERSTOOD',
    ],
    [
      'an expression that is no PromQL',
      [...ofHelm, rule(['gotk_resource_info{{ $x }}']), kubeStateMetrics()],
      'warn EXPRESSION_NOT_UNDERSTOOD',
    ],
    [
      'an alert that always fires',
      [...ofHelm, rule(['gotk_resource_info == 1']), kubeStateMetrics()],
      'warn ALWAYS_FIRING',
    ],
    [
      'a rule that no Prometheus selects',
      [
        ...ofHelm,
        ...RULES,
        {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'Prometheus',
          metadata: { name: 'p', namespace: 'monitoring' },
          ruleSelector: { matchLabels: { release: 'other' } },
        },
      ],
      'fail RULE_NOT_SELECTED',
    ],
    [
      'a rule that a Prometheus selects',
      [
        ...ofHelm,
        ...RULES,
        {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'Prometheus',
          metadata: { name: 'p', namespace: 'monitoring' },
          ruleSelector: { matchLabels: { release: 'prometheus' } },
        },
      ],
      'pass ALERTED',
    ],
  ]);
});

describe('a configuration of kube-state-metrics in a ConfigMap', () => {
  const mounted = { ...kubeStateMetrics(), configMaps: ['ksm'] };
  const config = (...kinds: readonly string[]) => ({
    apiVersion: 'v1',
    kind: 'PlatformConfigMap',
    metadata: { name: 'ksm', namespace: 'monitoring' },
    data: { 'config.yaml': ['CustomResourceStateMetrics', ...kinds].map((kind) => `kind: "${kind}"`).join('\n') },
  });
  const rules = RULES[0] ?? {};
  judges([
    ['names the kinds', [...ofHelm, rules, mounted, config('HelmRelease', 'OCIRepository')], 'pass ALERTED'],
    ['names every kind', [...ofHelm, rules, mounted, config('*')], 'pass ALERTED'],
    [
      'names other kinds',
      [...ofHelm, alert(), ...PAGER, rules, mounted, config('Kustomization')],
      'fail METRIC_NOT_EXPORTED',
    ],
    [
      'may not be read',
      [...ofHelm, alert(), ...PAGER, rules, mounted, config('HelmRelease')],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { platformConfigMaps: { 'monitoring/ksm': 'forbidden' } } },
    ],
    ['was not looked for: nothing speaks against it', [...ofHelm, rules, mounted], 'pass ALERTED'],
    ['no arguments are known', [...ofHelm, rules, kubeStateMetrics(null)], 'pass ALERTED'],
  ]);
});

describe('metrics that are gone', () => {
  const old = rule(
    ['gotk_reconcile_condition{type="Ready",status="False"} == 1'],
    ['gotk_suspend_status == 1'],
    [DOWN],
  );
  const flux24 = {
    'kustomize-controller': 'ghcr.io/fluxcd/kustomize-controller:v1.4.0',
    'source-controller': 'ghcr.io/fluxcd/source-controller:v1.4.1',
  };
  judges([
    [
      'on Flux 2.9',
      [...base, old, kubeStateMetrics([])],
      'fail DEAD_METRIC',
      { message: /gotk_reconcile_condition is not exported/ },
    ],
    [
      'on Flux 2.9 beside an Alert that works',
      [...base, alert(), ...PAGER, old, kubeStateMetrics([])],
      'fail DEAD_METRIC',
    ],
    [
      'on Flux 2.4, which exports them',
      [infra(), fleet(), ...emitters({ images: flux24 }), alert(), ...PAGER, old, kubeStateMetrics([])],
      'pass ALERTED',
    ],
    [
      'of unknown version',
      [
        infra(),
        fleet(),
        ...emitters({ images: { 'kustomize-controller': 'ghcr.io/fluxcd/kustomize-controller:latest' } }),
        old,
        kubeStateMetrics([]),
      ],
      'fail DEAD_METRIC',
    ],
    [
      'beside one that lives',
      [
        ...base,
        rule(
          ['gotk_reconcile_condition{type="Ready",status="False"} == 1 or gotk_resource_info{ready!="True"} == 1'],
          [SUSPENDED],
          [DOWN],
        ),
        alert(),
        ...PAGER,
        kubeStateMetrics(),
      ],
      'pass ALERTED',
    ],
  ]);
});

it('points at the rule as the snapshot holds it', () => {
  const dead = rule(['up == 0'], ['gotk_reconcile_condition{status="False"} == 1']);
  const { observations } = judge(control, [...base, dead, kubeStateMetrics([])]);
  const places = observations
    .flatMap(({ evidence }) => evidence)
    .filter(({ object }) => object?.kind === 'PrometheusRule');
  expect(places.map(({ pointer }) => pointer)).toEqual(['/rules/1/expr']);
});
