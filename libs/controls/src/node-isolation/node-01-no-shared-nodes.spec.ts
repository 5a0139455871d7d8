import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller, namespace } from '../../../../test/support/flux-installation.js';
import { fluxOn, node, podGroup, runtimeClass } from '../../../../test/support/node-objects.js';
import { noSharedNodes as control } from './node-01-no-shared-nodes.js';

const shared = { registration: SHARED };
const low = {
  registration: { ...SHARED, tenants: SHARED.tenants.map((tenant) => ({ ...tenant, isolation: 'low' as const })) },
};
const TAINT = { key: 'dedicated', value: 'flux', effect: 'NoSchedule' };
const nodes = [node('f', { taints: [TAINT] }), node('w')];
const gvisor = runtimeClass('gvisor', 'runsc');

describe('FLUX-NODE-01', () => {
  const judges = tableOf(control);

  judges([
    [
      'Flux on a tainted node, no tenant there',
      [...nodes, fluxOn('f'), podGroup('team-a', { w: 180 })],
      'pass SEPARATED',
      { ...shared, message: /observed now, and enforced/ },
    ],
    [
      'Flux on a node without a taint, no tenant there',
      [node('f'), node('w'), fluxOn('f'), podGroup('team-a', { w: 180 })],
      'warn OBSERVED_ONLY',
      shared,
    ],
    [
      'only a taint of a node that is not ready',
      [
        node('f', { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] }),
        node('w'),
        fluxOn('f'),
        podGroup('team-a', { w: 180 }),
      ],
      'warn OBSERVED_ONLY',
      shared,
    ],
    [
      'a taint that only asks',
      [
        node('f', { taints: [{ ...TAINT, effect: 'PreferNoSchedule' }] }),
        node('w'),
        fluxOn('f'),
        podGroup('team-a', { w: 180 }),
      ],
      'warn OBSERVED_ONLY',
      shared,
    ],
    [
      'a tenant on a node of Flux for 3 hours',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 180 }, { risks: ['privileged'] })],
      'fail FLUX_NODE_SHARED',
      {
        ...shared,
        severity: 'high',
        verdicts: ['fail FLUX_NODE_SHARED Tenant/team-a flux'],
        message: /f with Deployment team-a\/web \(privileged\)/,
      },
    ],
    ['for 2 minutes, first seen', [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 })], 'warn RECENT', shared],
    [
      'for 2 minutes, and seen an hour ago',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 })],
      'fail FLUX_NODE_SHARED',
      { ...shared, sightings: { 'FLUX-NODE-01/flux/f/team-a': '2026-11-01T11:00:00Z' } },
    ],
    [
      'for 2 minutes, and seen 5 minutes ago',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 })],
      'warn RECENT',
      { ...shared, sightings: { 'FLUX-NODE-01/flux/f/team-a': '2026-11-01T11:55:00Z' } },
    ],
    [
      'for a time that nobody knows',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: undefined })],
      'warn RECENT',
      shared,
    ],
    ['for exactly 10 minutes', [...nodes, fluxOn('f'), podGroup('team-a', { f: 10 })], 'fail FLUX_NODE_SHARED', shared],
    [
      'one node for all',
      [node('f'), fluxOn('f'), podGroup('team-a', { f: 60 })],
      'fail FLUX_NODE_SHARED',
      { ...shared, message: /one node, which cannot keep them apart/ },
    ],
    [
      'one node, and no pod of a tenant',
      [node('f'), fluxOn('f'), podGroup('flux-system', { f: 60 })],
      'notApplicable NO_TENANT_WORKLOADS',
      shared,
    ],
    [
      'no pod of a tenant runs yet',
      [node('f'), fluxOn('f'), podGroup('team-a', { '': undefined })],
      'warn OBSERVED_ONLY',
      shared,
    ],
    [
      'in a sandbox',
      [...nodes, fluxOn('f'), gvisor, podGroup('team-a', { f: 180 }, { runtimeClassName: 'gvisor' })],
      'warn FLUX_NODE_SHARED',
      { ...shared, severity: 'medium' },
    ],
    [
      'in a sandbox of its own name',
      [
        ...nodes,
        fluxOn('f'),
        runtimeClass('own', 'walled'),
        podGroup('team-a', { f: 180 }, { runtimeClassName: 'own' }),
      ],
      'warn FLUX_NODE_SHARED',
      { registration: { ...SHARED, sandboxHandlers: ['walled'] } },
    ],
    [
      'in a runtime of no sandbox',
      [
        ...nodes,
        fluxOn('f'),
        runtimeClass('own', 'nvidia'),
        podGroup('team-a', { f: 180 }, { runtimeClassName: 'own' }),
      ],
      'fail FLUX_NODE_SHARED',
      shared,
    ],
    [
      'in a runtime class that is gone',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 180 }, { runtimeClassName: 'gvisor' })],
      'fail FLUX_NODE_SHARED',
      shared,
    ],
    [
      'on a node of GKE that sandboxes',
      [node('f', {}, { 'sandbox.gke.io/runtime': 'gvisor' }), fluxOn('f'), podGroup('team-a', { f: 180 })],
      'warn FLUX_NODE_SHARED',
      shared,
    ],
    [
      'one of two pods in a sandbox',
      [
        ...nodes,
        fluxOn('f'),
        gvisor,
        podGroup('team-a', { f: 180 }, { runtimeClassName: 'gvisor' }),
        podGroup('team-a', { f: 180 }, { owner: { kind: 'Job', name: 'plain' } }),
      ],
      'fail FLUX_NODE_SHARED',
      { ...shared, message: /Job team-a\/plain/ },
    ],
    [
      'only DaemonSets of the platform',
      [
        ...nodes,
        fluxOn('f'),
        podGroup('monitoring', { f: 180 }, { owner: { kind: 'DaemonSet', name: 'agent' } }),
        podGroup('team-a', { w: 9 }),
      ],
      'pass SEPARATED',
      { registration: { ...SHARED, platformNamespaces: ['monitoring'] } },
    ],
    [
      'a DaemonSet of a tenant',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 180 }, { owner: { kind: 'DaemonSet', name: 'agent' } })],
      'fail FLUX_NODE_SHARED',
      shared,
    ],
    [
      'static pods',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 180 }, { mirror: true }), podGroup('team-a', { w: 9 })],
      'pass SEPARATED',
      shared,
    ],
    [
      'Fargate: a machine for each pod',
      [node('f', {}, { 'eks.amazonaws.com/compute-type': 'fargate' }), fluxOn('f'), podGroup('team-a', { f: 180 })],
      'pass SEPARATED',
      shared,
    ],
    [
      'a virtual kubelet',
      [
        node('f', { taints: [{ key: 'virtual-kubelet.io/provider', value: 'azure', effect: 'NoSchedule' }] }),
        fluxOn('f'),
        podGroup('team-a', { f: 180 }),
      ],
      'pass SEPARATED',
      shared,
    ],
    [
      'no Flux controller that is recognised',
      [...nodes, podGroup('team-a', { w: 180 })],
      'notEvaluated FLUX_NOT_FOUND',
      shared,
    ],
    [
      'a standalone cluster',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 180 })],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
    [
      'a dedicated cluster',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 180 })],
      'fail FLUX_NODE_SHARED',
      { severity: 'medium', registration: { role: 'tenant', tenancy: 'dedicated', tenants: [SHARED.tenants[0]] } },
    ],
    [
      'runtime classes that could not be read',
      [...nodes, fluxOn('f'), gvisor, podGroup('team-a', { f: 180 }, { runtimeClassName: 'gvisor' })],
      'notEvaluated RBAC_DENIED_READ',
      {
        ...shared,
        unavailable: { runtimeClasses: 'forbidden' },
        verdicts: ['notEvaluated RBAC_DENIED_READ Tenant/team-a flux'],
      },
    ],
    [
      'runtime classes that could not be read, and another pod names none',
      [
        ...nodes,
        fluxOn('f'),
        podGroup('team-a', { f: 180 }, { runtimeClassName: 'gvisor' }),
        podGroup('team-a', { f: 180 }, { owner: { kind: 'Job', name: 'plain' } }),
      ],
      'fail FLUX_NODE_SHARED',
      { ...shared, unavailable: { runtimeClasses: 'forbidden' } },
    ],
    [
      'runtime classes that could not be read, and another pod names none for a minute',
      [
        ...nodes,
        fluxOn('f'),
        fluxOn('w', { name: 'second' }),
        podGroup('team-a', { f: 180 }, { runtimeClassName: 'gvisor' }),
        podGroup('team-a', { w: 1 }, { owner: { kind: 'Job', name: 'plain' } }),
      ],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { runtimeClasses: 'forbidden' } },
    ],
    [
      'runtime classes that could not be read, and nobody uses',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 180 })],
      'fail FLUX_NODE_SHARED',
      { ...shared, unavailable: { runtimeClasses: 'forbidden' } },
    ],
  ]);

  describe('among tenants', () => {
    const both = [...nodes, fluxOn('f'), podGroup('team-a', { w: 180 }), podGroup('team-b', { w: 60 })];
    judges([
      [
        'two of high isolation',
        both,
        'fail TENANTS_SHARE_NODE',
        {
          ...shared,
          severity: 'medium',
          verdicts: ['fail TENANTS_SHARE_NODE Tenant/team-a tenants', 'fail TENANTS_SHARE_NODE Tenant/team-b tenants'],
        },
      ],
      [
        'one of high isolation',
        both,
        'fail TENANTS_SHARE_NODE',
        {
          registration: { ...SHARED, tenants: [SHARED.tenants[0], { ...SHARED.tenants[1], isolation: 'low' }] },
          verdicts: ['fail TENANTS_SHARE_NODE Tenant/team-a tenants'],
        },
      ],
      ['two of low isolation', both, 'pass SEPARATED', low],
      [
        'the second came a minute ago',
        [...nodes, fluxOn('f'), podGroup('team-a', { w: 180 }), podGroup('team-b', { w: 1 })],
        'warn RECENT',
        shared,
      ],
      [
        'both in a sandbox',
        [
          ...nodes,
          fluxOn('f'),
          gvisor,
          podGroup('team-a', { w: 180 }, { runtimeClassName: 'gvisor' }),
          podGroup('team-b', { w: 60 }, { runtimeClassName: 'gvisor' }),
        ],
        'pass SEPARATED',
        {
          ...shared,
          verdicts: [
            'pass SEPARATED Cluster/cluster',
            'pass SANDBOXED Tenant/team-a tenants',
            'pass SANDBOXED Tenant/team-b tenants',
          ],
        },
      ],
      [
        'one of them in a sandbox',
        [
          ...nodes,
          fluxOn('f'),
          gvisor,
          podGroup('team-a', { w: 180 }, { runtimeClassName: 'gvisor' }),
          podGroup('team-b', { w: 60 }),
        ],
        'fail TENANTS_SHARE_NODE',
        shared,
      ],
      [
        'both with runtime classes that could not be read',
        [
          ...nodes,
          fluxOn('f'),
          podGroup('team-a', { w: 180 }, { runtimeClassName: 'plain' }),
          podGroup('team-b', { w: 60 }, { runtimeClassName: 'plain' }),
        ],
        'notEvaluated RBAC_DENIED_READ',
        {
          ...shared,
          unavailable: { runtimeClasses: 'forbidden' },
          verdicts: [
            'notEvaluated RBAC_DENIED_READ Tenant/team-a tenants',
            'notEvaluated RBAC_DENIED_READ Tenant/team-b tenants',
          ],
        },
      ],
      [
        'one with a runtime class that could not be read, the other without',
        [
          ...nodes,
          fluxOn('f'),
          podGroup('team-a', { w: 180 }, { runtimeClassName: 'plain' }),
          podGroup('team-b', { w: 60 }),
        ],
        'fail TENANTS_SHARE_NODE',
        { ...shared, unavailable: { runtimeClasses: 'forbidden' } },
      ],
      [
        'on nodes of their own',
        [...nodes, node('v'), fluxOn('f'), podGroup('team-a', { w: 180 }), podGroup('team-b', { v: 60 })],
        'pass SEPARATED',
        shared,
      ],
    ]);
  });

  it('remembers since when, and keeps on where it fails', () => {
    const input = [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 })];
    expect(judge(control, input, shared).sightings).toEqual(['FLUX-NODE-01/flux/f/team-a']);
    const sightings = { 'FLUX-NODE-01/flux/f/team-a': '2026-11-01T11:00:00Z' };
    expect(judge(control, input, { ...shared, sightings }).sightings).toEqual(['FLUX-NODE-01/flux/f/team-a']);
  });

  it('remembers since when where runtime classes could not be read', () => {
    const input = [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 }, { runtimeClassName: 'gvisor' })];
    const unread = { ...shared, unavailable: { runtimeClasses: 'forbidden' } } as const;
    expect(judge(control, input, unread).sightings).toEqual(['FLUX-NODE-01/flux/f/team-a']);
  });

  it('names ten nodes and counts the rest', () => {
    const names = Array.from({ length: 30 }, (_, index) => `node-${String(index).padStart(2, '0')}`);
    const input = [
      ...names.map((name) => node(name)),
      ...names.flatMap((name, index) =>
        controller('kustomize-controller', [], { name: `kc-${index}` }).map((object) =>
          (object as { kind: string }).kind === 'Pod' ? placed(object, name) : object,
        ),
      ),
      podGroup('team-a', Object.fromEntries(names.map((name) => [name, 60]))),
    ];
    const result = judge(control, input, shared);
    expect(result.message).toMatch(/30 nodes .* and 25 more/);
    expect(result.observations[0]?.evidence).toHaveLength(10);
  });

  it('is no surer than the tenants are known', () => {
    const labels = [
      namespace('a', { 'toolkit.fluxcd.io/tenant': 'a' }),
      namespace('b', { 'toolkit.fluxcd.io/tenant': 'b' }),
    ];
    expect(judge(control, [...labels, ...nodes, fluxOn('f'), podGroup('a', { f: 60 })]).observations[0]).toMatchObject({
      outcome: 'fail',
      confidence: 'heuristic',
    });
  });
});

function placed(object: object, nodeName: string): object {
  const { spec, ...others } = object as { spec: object };
  return { ...others, spec: { ...spec, nodeName } };
}
