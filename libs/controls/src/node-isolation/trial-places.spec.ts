import { describe, expect, it } from 'vitest';
import type { JsonObject, ProbeVerdict } from '#libs/core';
import { nativePolicy } from '../../../../test/support/admission-policies.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import { fluxOn, node, podGroup, runtimeClass } from '../../../../test/support/node-objects.js';
import { ACCEPTED, type Answer, BY_PLUGIN, BY_QUOTA, byPolicy, tried } from '../../../../test/support/probe-results.js';
import { bindEverywhere, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { planProbes } from '../probes/plan-probes.js';
import { sandboxedPods } from './node-03-sandboxed-pods.js';
import { enforcedSeparation } from './node-04-enforced-separation.js';

const registration = {
  ...SHARED,
  tenants: [
    { ...SHARED.tenants[0], principals: { groups: ['tenants'] } },
    { ...SHARED.tenants[1], isolation: 'low' as const, principals: { groups: ['tenants'] } },
  ],
};
const options = { registration };
const people = [
  namespace('team-a'),
  namespace('team-b'),
  clusterRole('creator', [rule('create', 'pods')]),
  bindEverywhere('creator', group('tenants')),
];
/** By the variant, in any namespace or in one. */
const answers =
  (named: Readonly<Record<string, ReturnType<Answer>>>, otherwise: ProbeVerdict = BY_PLUGIN): Answer =>
  ({ key }) => {
    const variant = key.replace(/ in \S+$/, '');
    if (key in named) return named[key];
    if (variant in named) return named[variant];
    return variant === 'control pod' ? ACCEPTED : otherwise;
  };
const run = (objects: readonly object[], answer: Answer) => tried([...people, ...objects], answer, options);
const letIn = (shown: JsonObject) => ({ verdict: ACCEPTED, shown });

describe('FLUX-NODE-04, tried', () => {
  const taint = { key: 'role', value: 'flux', effect: 'NoSchedule' };
  const required = { nodeSelectorTerms: [{ matchExpressions: [{ key: 'role', operator: 'In', values: ['flux'] }] }] };
  const spec = {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    tolerations: [{ key: 'role', operator: 'Exists' }],
  };
  const [deployment] = controller('kustomize-controller', []) as [{ spec: { template: { spec: object } } }];
  const template = { ...deployment.spec.template, spec: { ...deployment.spec.template.spec, ...spec } };
  const kept = [{ ...deployment, spec: { ...deployment.spec, template } }, fluxOn('f')];
  const flux = [node('f', { taints: [taint] }, { role: 'flux' }), node('w'), ...kept];
  const policies = [
    ...nativePolicy("request.operation != 'CREATE' || !has(object.spec.nodeName)", ['pods'], { name: 'nodes' }),
    ...nativePolicy(
      "object.spec.?tolerations.orValue([]).all(t, t.?key.orValue('').startsWith('node.kubernetes.io/'))",
      ['pods'],
      { name: 'tolerations' },
    ),
  ];
  const TOLERATING = 'pod tolerating node f';
  const BOUND = 'pod on node f';

  tableOf(enforcedSeparation)([
    ['both refused', run(flux, answers({})), 'pass SEPARATED', { ...options, message: /dry-runs in every namespace/ }],
    [
      'the toleration is let in',
      run(flux, answers({ [TOLERATING]: ACCEPTED })),
      'warn TENANT_MAY_LAND',
      {
        ...options,
        severity: 'medium',
        message: /tolerations of the taints of f in team-a went through.*team-a, team-b/,
      },
    ],
    [
      'the name is let in, in one namespace',
      run(flux, answers({ [`${BOUND} in team-b`]: ACCEPTED })),
      'warn TENANT_MAY_LAND',
      { ...options, message: /spec.nodeName f in team-b/ },
    ],
    [
      'the name is let in, with a nodeSelector that the node lacks',
      run(flux, answers({ [BOUND]: letIn({ '/spec/nodeSelector': { pool: 'tenants' } }) })),
      'pass SEPARATED',
      options,
    ],
    [
      'the name is let in, with a nodeSelector that the node has',
      run(flux, answers({ [BOUND]: letIn({ '/spec/nodeSelector': { role: 'flux' } }) })),
      'warn TENANT_MAY_LAND',
      options,
    ],
    [
      'the toleration is taken away',
      run(flux, answers({ [TOLERATING]: letIn({ '/spec/tolerations': [{ key: 'other', operator: 'Exists' }] }) })),
      'pass SEPARATED',
      options,
    ],
    ['a quota alone keeps it out', run(flux, answers({ [TOLERATING]: BY_QUOTA })), 'warn TENANT_MAY_LAND', options],
    ['no pod is let in', run(flux, answers({ 'control pod': BY_PLUGIN })), 'warn NOT_PROVEN', options],
    [
      'no answer in one namespace',
      run(flux, answers({ [`${BOUND} in team-b`]: { kind: 'unreadable' } })),
      'warn NOT_PROVEN',
      options,
    ],
    ['may not create pods', run(flux, () => ({ kind: 'unauthorized' })), 'warn NOT_PROVEN', options],
    [
      'a policy that seemed to refuse, and does not',
      run([...flux, ...policies], answers({ [BOUND]: ACCEPTED })),
      'warn TENANT_MAY_LAND',
      options,
    ],
    ['nothing was tried, and a policy refuses', [...people, ...flux, ...policies], 'pass SEPARATED', options],
  ]);

  it('says how it was tried', () => {
    const result = judge(enforcedSeparation, run(flux, answers({ [TOLERATING]: ACCEPTED })), options);
    expect(result.observations[0]).toMatchObject({
      confidence: 'proven',
      evidence: [{ object: { kind: 'Node', name: 'f' }, note: expect.stringContaining('Audit-Id audit-1') as unknown }],
    });
  });

  it('tries one node for each set of taints, and three at most', () => {
    const names = (count: number, key: (index: number) => string) => {
      const nodes = Array.from({ length: count }, (_, index) =>
        node(`n${index}`, { taints: [{ ...taint, key: key(index) }] }, { role: 'flux' }),
      );
      const probes = planProbes(
        snapshotOf([...people, ...nodes, ...kept, ...nodes.map(({ metadata }) => fluxOn(metadata.name))], options)
          .artifacts,
      );
      return probes.flatMap(({ key: text }) => /^pod on node (\S+) in team-a$/.exec(text)?.[1] ?? []);
    };
    expect(names(3, () => 'role')).toEqual(['n0']);
    expect(names(5, (index) => `role-${index}`)).toHaveLength(3);
  });
});

describe('FLUX-NODE-03, tried', () => {
  const gvisor = runtimeClass('gvisor', 'runsc');
  const shared = [node('f'), fluxOn('f'), gvisor, podGroup('team-a', { f: 60 }, { runtimeClassName: 'gvisor' })];
  const demanded = nativePolicy("object.spec.?runtimeClassName.orValue('') != ''", ['pods']);
  const set = (name: string) => letIn({ '/spec/runtimeClassName': name });
  const CLASSED = 'pod of RuntimeClass gvisor';
  const control = 'control pod';

  tableOf(sandboxedPods)([
    [
      'let in without a class',
      run(shared, answers({})),
      'warn SANDBOX_NOT_FORCED',
      {
        ...options,
        message: /would let plimsoll:member \(tenants\) create one without in team-a, as a dry-run showed/,
      },
    ],
    ['let in, and a class is set', run(shared, answers({ [control]: set('gvisor') })), 'pass SANDBOXED', options],
    [
      'let in, and a class that is no sandbox is set',
      run([...shared, runtimeClass('gpu', 'nvidia')], answers({ [control]: set('gpu') })),
      'warn SANDBOX_NOT_FORCED',
      options,
    ],
    [
      'refused, and let in with a class',
      run(shared, answers({ [control]: byPolicy('p'), [CLASSED]: ACCEPTED })),
      'pass SANDBOXED',
      { ...options, message: /lets no pod go without/ },
    ],
    [
      'refused with and without a class',
      run(shared, answers({ [control]: byPolicy('p') })),
      'warn SANDBOX_NOT_FORCED',
      { ...options, message: /no admission policy that is understood/ },
    ],
    [
      'refused, and another class is no sandbox',
      run([...shared, runtimeClass('gpu', 'nvidia')], answers({ [control]: byPolicy('p'), [CLASSED]: ACCEPTED })),
      'warn SANDBOX_NOT_FORCED',
      options,
    ],
    [
      'a policy that seemed to demand one, and does not',
      run([...shared, ...demanded], answers({})),
      'warn SANDBOX_NOT_FORCED',
      { ...options, message: /as a dry-run showed/ },
    ],
    ['refused for a quota', run([...shared, ...demanded], answers({ [control]: BY_QUOTA })), 'pass SANDBOXED', options],
  ]);

  it('tries a class for tenants of high isolation alone', () => {
    const objects = [...people, ...shared, bindIn('team-b', 'creator', group('tenants'))];
    const keys = planProbes(snapshotOf(objects, options).artifacts).map(({ key }) => key);
    expect(keys.filter((key) => key.startsWith('pod of'))).toEqual([`${CLASSED} in team-a`]);
  });
});
