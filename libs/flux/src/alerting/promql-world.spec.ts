import { describe, expect, it } from 'vitest';
import { metricsOf, parsePromQL } from './promql.js';
import { type World, fires } from './promql-world.js';

const world = (ready: string, suspended = 'false'): World => ({
  metrics: ['gotk_resource_info'],
  series: [
    {
      metric: 'gotk_resource_info',
      value: 1,
      labels: { customresource_kind: 'Kustomization', exported_namespace: 'spoke-a', name: 'apps', ready, suspended },
    },
  ],
});
const state = (expression: string, where: World): string =>
  fires(parsePromQL(expression), where, { left: 100_000 }).state;

describe('an alert for what is not ready', () => {
  it.each([
    ['gotk_resource_info{ready!="True"} == 1'],
    ['gotk_resource_info{ready="False"} > 0'],
    ['1 == gotk_resource_info{ready=~"False|Unknown"}'],
    [
      'max by (exported_namespace, name) (gotk_resource_info{customresource_kind=~"Kustomization|HelmRelease",ready!="True"}) == 1',
    ],
    ['sum(gotk_resource_info{ready!="True"}) without (ready) > 0'],
    ['count(gotk_resource_info{ready!="True"}) >= 1'],
    ['{__name__="gotk_resource_info", ready="False"}'],
    ['gotk_resource_info{ready!~`True`} offset 5m'],
    ['max_over_time(gotk_resource_info{ready!="True"}[5m]) == 1'],
    ['label_replace(gotk_resource_info{ready!="True"}, "a", "$1", "name", "(.*)")'],
    ['gotk_resource_info{ready!="True"} unless on(name) gotk_resource_info{suspended="true"}'],
    ['gotk_resource_info{ready!="True"} and on(name, exported_namespace) gotk_resource_info{suspended="false"}'],
    ['gotk_resource_info{ready!="True"} or something_else == 1'],
    ['(gotk_resource_info{ready!="True"} # and so on\n) == 1'],
  ])('%s', (expression) => {
    expect([state(expression, world('False')), state(expression, world('True'))]).toEqual([
      'fires',
      expression.includes('something_else') ? 'notUnderstood' : 'silent',
    ]);
  });

  it.each([
    ['another kind', 'gotk_resource_info{customresource_kind="HelmRelease",ready!="True"} == 1'],
    ['another namespace', 'gotk_resource_info{exported_namespace=~"spoke-[bc]",ready!="True"}'],
    ['part of a name', 'gotk_resource_info{name=~"app",ready!="True"}'],
    ['more than one object', 'count(gotk_resource_info{ready!="True"}) > 3'],
    ['a value that it never has', 'gotk_resource_info{ready!="True"} == 2'],
    ['only while it is suspended', 'gotk_resource_info{ready!="True"} and gotk_resource_info{suspended="true"}'],
    [
      'not while it is active',
      'gotk_resource_info{ready!="True"} unless on(name) gotk_resource_info{suspended="false"}',
    ],
    ['labels that do not match', 'max by (name) (gotk_resource_info{ready!="True"}) and gotk_resource_info'],
    ['absence', 'absent(gotk_resource_info{name="apps"})'],
  ])('is silent: %s', (_what, expression) => {
    expect(state(expression, world('False'))).toBe('silent');
  });

  it.each([
    ['a label of which nothing is known', 'gotk_resource_info{cluster="hub",ready!="True"}'],
    ['another metric', 'kube_something{ready!="True"}'],
    ['another metric in a join', 'gotk_resource_info{ready!="True"} * on(name) group_left(team) owners'],
    ['a metric by pattern', '{__name__=~"gotk_.*"}'],
    ['functions of time', 'rate(gotk_resource_info{ready!="True"}[5m]) > 0'],
    ['bool', 'gotk_resource_info{ready!="True"} == bool 1'],
    ['topk', 'topk(3, gotk_resource_info{ready!="True"})'],
    ['a number', '1'],
    ['no PromQL', 'gotk_resource_info{'],
    ['nothing', ''],
    ['a template of Helm', '{{ .Values.expr }}'],
    ['patterns that are not understood', 'gotk_resource_info{ready=~"\\\\p{L}+"}'],
    ['a very long one', `a${' + a'.repeat(2000)}`],
    ['a deep one', `${'('.repeat(100)}a${')'.repeat(100)}`],
  ])('is not understood: %s', (_what, expression) => {
    expect(state(expression, world('False'))).toBe('notUnderstood');
  });
});

it('adds and multiplies series that match, as the rule of older Flux releases does', () => {
  const labels = { name: 'apps', namespace: 'spoke-a', kind: 'Kustomization', type: 'Ready' };
  const conditions = (status: string): World => ({
    metrics: ['gotk_reconcile_condition'],
    series: ['True', 'False', 'Unknown', 'Deleted'].map((each) => ({
      metric: 'gotk_reconcile_condition',
      value: each === status ? 1 : 0,
      labels: { ...labels, status: each },
    })),
  });
  const expression =
    'max(gotk_reconcile_condition{status="False",type="Ready"}) by (namespace, name, kind)' +
    ' + on(namespace, name, kind) (max(gotk_reconcile_condition{status="Deleted"}) by (namespace, name, kind)) * 2 == 1';
  expect(['False', 'True', 'Deleted'].map((status) => state(expression, conditions(status)))).toEqual([
    'fires',
    'silent',
    'silent',
  ]);
});

it('fires on absence', () => {
  expect(state('absent(up{job="x"} == 1)', { metrics: ['up'], series: [] })).toBe('fires');
});

it('names the metrics that are read', () => {
  expect(metricsOf(parsePromQL('max(a) by (x) + on(x) absent(b) == 1 or c unless d'))).toEqual(['a', 'b', 'c', 'd']);
});
