import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import {
  DOWN,
  NOT_READY,
  PAGER,
  RULES,
  SUSPENDED,
  alert,
  emitters,
  infra,
  kubeStateMetrics,
  provider,
  rule,
  secret,
  web,
} from '../../../../test/support/alerting-objects.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { ago, chart, fleet } from '../../../../test/support/remote-apply-objects.js';
import { failuresAreAlerted as control } from './ra-04-failures-are-alerted.js';

const judges = tableOf(control);
const KS = 'Kustomization/spoke-a/infra';
const base = [infra(), fleet(), ...emitters()];
const ofHelm = [web(), chart(), ...emitters()];
const away = { namespace: 'flux-system' };
const elsewhere = (spec: object = {}, name = 'central') => [
  alert({ eventSources: [{ kind: 'Kustomization', name: '*', namespace: 'spoke-a' }], ...spec }, { ...away, name }),
  provider({}, away),
  secret('pager', 'flux-system'),
];

describe('applicability', () => {
  judges([
    ['an empty cluster', [], 'notApplicable NO_REMOTE_APPLY'],
    [
      'only local objects',
      [infra({ spec: { kubeConfig: undefined } }), ...PAGER, alert()],
      'notApplicable NO_REMOTE_APPLY',
    ],
  ]);
});

describe('a Kustomization', () => {
  judges([
    [
      'Alert, Provider and rules for what sends no event',
      [...base, alert(), ...PAGER, ...RULES],
      'pass ALERTED',
      { verdicts: [`pass ALERTED ${KS}`] },
    ],
    ['no Alert at all', base, 'fail NO_ALERT', { severity: 'high', message: /FLUX|Alert/ }],
    [
      'an Alert for the namespace "*"',
      [...base, ...elsewhere({ eventSources: [{ kind: 'Kustomization', name: '*', namespace: '*' }] })],
      'fail ALERT_NAMESPACE_WILDCARD',
      { message: /flux-system\/central has the namespace "\*"/ },
    ],
    [
      'an Alert of another namespace, which references are blocked to',
      [infra(), fleet(), ...emitters({ notification: ['--no-cross-namespace-refs=true'] }), ...elsewhere()],
      'fail ALERT_CROSS_NAMESPACE',
    ],
    ['an Alert of another namespace, without that', [...base, ...elsewhere()], 'warn SILENT_FAILURE'],
    [
      'all messages excluded',
      [...base, alert({ exclusionList: ['.*'] }), ...PAGER, ...RULES.slice(1)],
      'fail EXCLUDED',
    ],
    [
      'an inclusion list of which nothing is valid',
      [...base, alert({ inclusionList: ['['] }), ...PAGER],
      'fail INCLUSION_INVALID',
    ],
    [
      'a Provider that marks commits',
      [...base, alert(), provider({ type: 'github' }), secret()],
      'fail PROVIDER_NOT_PAGEABLE',
    ],
    [
      'a Provider that comments on changes',
      [...base, alert(), provider({ type: 'gitlabmergerequestcomment' }), secret()],
      'fail PROVIDER_NOT_PAGEABLE',
    ],
    [
      'its controller sends no events',
      [infra(), fleet(), ...emitters({ kustomize: [] }), alert(), ...PAGER],
      'fail NO_EVENTS_ADDR',
      { message: /--events-addr/ },
    ],
    [
      'an entry for another kind only',
      [...base, alert({ eventSources: [{ kind: 'HelmRelease', name: '*' }] }), ...PAGER],
      'fail ALERT_OTHER_KIND',
    ],
    [
      'labels that the object lacks',
      [
        ...base,
        alert({ eventSources: [{ kind: 'Kustomization', name: '*', matchLabels: { tier: 'prod' } }] }),
        ...PAGER,
      ],
      'fail ALERT_OTHER_LABELS',
    ],
    ['the Provider is suspended', [...base, alert(), provider({ suspend: true }), secret()], 'fail PROVIDER_SUSPENDED'],
    ['the Secret of the Provider does not exist', [...base, alert(), provider()], 'fail PROVIDER_SECRET_MISSING'],
    ['the Provider does not exist', [...base, alert()], 'fail PROVIDER_MISSING'],
    [
      'the severity is left out, which means info',
      [...base, alert({ eventSeverity: undefined }), ...PAGER, ...RULES],
      'pass ALERTED',
    ],
    [
      'messages on one line excluded: not those of an apply, which end with a line break',
      [...base, alert({ exclusionList: ['^.*$'] }), ...PAGER],
      'fail EXCLUDED',
      { message: /kubeconfig is missing/ },
    ],
    [
      'an invalid exclusion excludes nothing',
      [...base, alert({ exclusionList: ['['] }), ...PAGER, ...RULES],
      'pass ALERTED',
    ],
    [
      'a name with a star in it',
      [...base, alert({ eventSources: [{ kind: 'Kustomization', name: 'infra*' }] }), ...PAGER],
      'fail ALERT_NAME_LITERAL',
    ],
    [
      'only a rule that each try restarts',
      [...base, rule(['gotk_resource_info{ready="False"} == 1', '10m']), kubeStateMetrics()],
      'warn RESTARTED_BY_PROGRESS',
    ],
    [
      'the same rule without a time to wait',
      [...base, rule(['gotk_resource_info{ready="False"} == 1'], [SUSPENDED], [DOWN]), kubeStateMetrics()],
      'warn NO_ALERT',
      { message: /cannot be removed/ },
    ],
    ['the Alert is suspended', [...base, alert({ suspend: true }), ...PAGER], 'fail ALERT_SUSPENDED'],
    [
      'by its own name',
      [
        ...base,
        alert({
          eventSources: [
            { kind: 'Kustomization', name: 'infra' },
            { kind: 'GitRepository', name: 'fleet' },
          ],
        }),
        ...PAGER,
        ...RULES,
      ],
      'pass ALERTED',
    ],
    [
      'by another name',
      [...base, alert({ eventSources: [{ kind: 'Kustomization', name: 'apps' }] }), ...PAGER],
      'fail ALERT_OTHER_NAME',
    ],
    ['an Alert of nothing', [...base, alert({ eventSources: undefined }), ...PAGER], 'fail NO_ALERT'],
    [
      'empty labels match everything',
      [
        ...base,
        alert({
          eventSources: [
            { kind: 'Kustomization', name: '*', matchLabels: {} },
            { kind: 'GitRepository', name: '*' },
          ],
        }),
        ...PAGER,
        ...RULES,
      ],
      'pass ALERTED',
    ],
    [
      'a Provider that records',
      [...base, alert(), provider({ type: 'grafana', address: 'https://grafana.example' }), secret()],
      'warn PROVIDER_NO_PAGER',
    ],
    [
      'a Provider without an address',
      [...base, alert(), provider({ secretRef: undefined })],
      'fail PROVIDER_NO_ADDRESS',
    ],
    [
      'an empty address in the Secret wins over the field',
      [
        ...base,
        alert(),
        provider({ address: 'https://a.example' }),
        secret('pager', 'spoke-a', { lengths: { address: 0 }, address: undefined }),
      ],
      'fail PROVIDER_NO_ADDRESS',
    ],
    [
      'a signed webhook without its key',
      [...base, alert(), provider({ type: 'generic-hmac' }), secret()],
      'fail PROVIDER_NO_TOKEN',
    ],
    [
      'a certificate Secret that does not exist',
      [...base, alert(), provider({ certSecretRef: { name: 'ca' } }), secret()],
      'fail PROVIDER_SECRET_MISSING',
    ],
    [
      'two Alerts, of which one works',
      [...base, alert({ suspend: true }), alert({}, { name: 'second' }), ...PAGER, ...RULES],
      'pass ALERTED',
    ],
    [
      'a pattern that is not understood',
      [...base, alert({ exclusionList: ['\\pN'] }), ...PAGER],
      'warn PATTERN_NOT_UNDERSTOOD',
    ],
    [
      'an inclusion list beside rules: only what no metric shows is lost',
      [...base, alert({ inclusionList: ['dry-run failed', 'kube client'] }), ...PAGER, ...RULES],
      'warn NOT_INCLUDED',
      { message: /cannot be removed/ },
    ],
    [
      'an inclusion list that lets some of an apply through',
      [...base, alert({ inclusionList: ['dry-run failed', 'kube client'] }), ...PAGER],
      'warn NOT_INCLUDED_IN_PART',
    ],
    [
      'an inclusion list of errors that a target cluster which hangs does not make',
      [...base, alert({ inclusionList: ['Forbidden|Unauthorized|refused|i/o timeout', 'kube client'] }), ...PAGER],
      'warn NOT_INCLUDED_IN_PART',
      { message: /refuses the apply or cannot be reached/ },
    ],
    [
      'sources without an Alert',
      [
        ...base,
        alert({ eventSources: [{ kind: 'Kustomization', name: '*' }] }),
        ...PAGER,
        rule([NOT_READY.replace('|.*Repository', '')], [SUSPENDED], [DOWN]),
        kubeStateMetrics(),
      ],
      'warn ALERT_OTHER_KIND',
      { message: /source itself fails/ },
    ],
    [
      'suspension without a rule is tolerated',
      [...base, alert(), ...PAGER, rule([NOT_READY], [DOWN]), kubeStateMetrics()],
      'warn SILENT_FAILURE',
      { severity: 'low' },
    ],
    [
      'the label of suspension in another case',
      [...base, alert(), ...PAGER, rule([NOT_READY], [SUSPENDED.replace('true', 'True')], [DOWN]), kubeStateMetrics()],
      'pass ALERTED',
    ],
    [
      'waiting for another object tells info only',
      [
        ...base,
        infra({ metadata: { name: 'later' }, spec: { dependsOn: [{ name: 'infra' }] } }),
        alert(),
        ...PAGER,
        rule([SUSPENDED], [DOWN]),
        kubeStateMetrics(),
      ],
      'warn SILENT_FAILURE',
    ],
  ]);
});

describe('a watcher', () => {
  const watched = (testedAt?: string) => ({ registration: { watcher: { ...(testedAt && { testedAt }) } } });
  judges([
    ['tested 6 days ago', base, 'pass WATCHED', watched(ago('6d'))],
    ['tested 8 days ago', base, 'fail NO_ALERT', watched(ago('8d'))],
    ['never tested', base, 'fail NO_ALERT', watched()],
    ['tested in the future', base, 'fail NO_ALERT', watched('2027-01-01T00:00:00Z')],
    ['tested at no time', base, 'fail NO_ALERT', watched('soon')],
  ]);
});

describe('what could not be read', () => {
  const whole = [...base, alert(), ...PAGER, ...RULES];
  judges([
    [
      'the Secret of the Provider',
      [...base, alert(), ...PAGER],
      'notEvaluated RBAC_DENIED_READ',
      { unavailableEntries: { secretFacts: { 'spoke-a/pager': 'forbidden' } } },
    ],
    ['all Secrets', [...base, alert(), ...PAGER], 'notEvaluated TIMEOUT', { unavailable: { secretFacts: 'timeout' } }],
    [
      'Services, where rules tell everything essential all the same',
      whole,
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { services: 'forbidden' } },
    ],
    ['rules', whole, 'notEvaluated RBAC_DENIED_READ', { unavailable: { alertingRules: 'forbidden' } }],
    ['who evaluates rules', whole, 'notEvaluated TIMEOUT', { unavailable: { ruleEvaluators: 'timeout' } }],
    ['kube-state-metrics', whole, 'notEvaluated TIMEOUT', { unavailable: { operatorPods: 'timeout' } }],
    [
      'sources of the kind',
      whole,
      'notEvaluated RBAC_DENIED_READ',
      { unavailableSources: { GitRepository: 'forbidden' } },
    ],
    [
      'the Secret does not matter where rules are enough',
      [...ofHelm, alert(), ...PAGER, ...RULES],
      'pass ALERTED',
      { unavailableEntries: { secretFacts: { 'spoke-a/pager': 'forbidden' } } },
    ],
  ]);

  it('names the Secret that the auditor may not get', () => {
    const result = judge(control, [...base, alert(), ...PAGER], {
      unavailableEntries: { secretFacts: { 'spoke-a/pager': 'forbidden' } },
    });
    expect(result.missing).toEqual([
      { verb: 'get', group: '', resource: 'secrets', namespace: 'spoke-a', name: 'pager' },
    ]);
  });
});

describe('fixes', () => {
  /** What the fixes say, as the collectors would read it. */
  function applied(contents: readonly string[]): readonly object[] {
    return contents
      .flatMap((content) => parseAllDocuments(content))
      .flatMap((document): readonly object[] => {
        const object = document.toJS() as { kind: string; metadata: object; spec: { groups?: { rules: object[] }[] } };
        if (object.kind !== 'PrometheusRule') return [object];
        const rules = (object.spec.groups ?? []).flatMap((group) => group.rules);
        const read = rules.map((each, index) => ({ ...each, holdFor: '10m', pointer: `/rules/${index}` }));
        return [{ ...object, spec: undefined, rules: read }];
      });
  }

  it.each([
    ['a Kustomization', base],
    ['a HelmRelease', ofHelm],
  ])('make it pass: %s', (_what, objects) => {
    const before = [...objects, ...PAGER, kubeStateMetrics()];
    const after = [...before, ...applied(fixesOf(before).map(({ content }) => content))];
    expect([judge(control, before).outcome, judge(control, after).outcome]).toEqual(['fail', 'pass']);
  });

  const fixesOf = (objects: readonly object[]) =>
    judge(control, objects).observations.flatMap(({ fixes = [] }) => fixes);

  it('write the Alert with the real namespace and Provider', () => {
    const [alertFix, rules] = fixesOf([...base, provider({}, { name: 'on-call' }), secret()]);
    expect(alertFix?.content).toContain('namespace: spoke-a\nspec:\n  providerRef:\n    name: on-call');
    expect(rules?.content).toContain(
      'gotk_resource_info{customresource_kind=~"Kustomization|HelmRelease",ready!="True"}',
    );
    expect(rules?.content).toContain('namespace=~"flux-system"');
  });

  it('write a Provider where there is none that calls people', () => {
    const [alertFix] = fixesOf([...base, provider({ type: 'github' }), secret()]);
    expect(alertFix?.content).toMatch(/kind: Provider[\s\S]*kind: Alert/);
  });

  it('do not overwrite an Alert of that name', () => {
    const [alertFix] = fixesOf([...base, alert({ suspend: true }), ...PAGER]);
    expect(alertFix?.content).toContain('name: remote-apply-errors');
  });

  it('use metrics of the Flux Operator where it runs', () => {
    const fixes = fixesOf([...base, { ...kubeStateMetrics(), program: 'flux-operator' }]);
    expect(fixes.at(-1)?.content).toContain('flux_resource_info{suspended="True"}');
  });
});

it('judges 2,000 objects with 200 Alerts in time', () => {
  const objects = Array.from({ length: 2000 }, (_, index) =>
    infra({ metadata: { name: `k${index}`, namespace: `ns-${index % 200}` } }),
  );
  const alerts = Array.from({ length: 200 }, (_, index) =>
    alert({ exclusionList: [`(a+)+${index}$`, '.*waiting.*'] }, { namespace: `ns-${index}` }),
  );
  const start = performance.now();
  expect(judge(control, [...objects, ...emitters(), ...alerts, ...RULES]).counts.fail).toBe(0);
  expect(performance.now() - start).toBeLessThan(3000);
});
