import { describe, expect, it } from 'vitest';
import { nativePolicy } from '../../../../test/support/admission-policies.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED } from '../../../../test/support/flux-installation.js';
import { fluxOn, node, podGroup, runtimeClass } from '../../../../test/support/node-objects.js';
import { sandboxedPods as control } from './node-03-sandboxed-pods.js';

const shared = {
  registration: { ...SHARED, tenants: [SHARED.tenants[0], { ...SHARED.tenants[1], isolation: 'low' as const }] },
};
const nodes = [node('f'), node('w')];
const gvisor = runtimeClass('gvisor', 'runsc');
const sandboxed = podGroup('team-a', { f: 60 }, { runtimeClassName: 'gvisor' });
const demanded = nativePolicy("object.spec.?runtimeClassName.orValue('') != ''", ['pods']);

describe('FLUX-NODE-03', () => {
  tableOf(control)([
    [
      'nodes are shared, no RuntimeClass',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 60 })],
      'fail NO_RUNTIME_CLASS',
      { ...shared, severity: 'medium', verdicts: ['fail NO_RUNTIME_CLASS Tenant/team-a'] },
    ],
    [
      'nodes are not shared',
      [...nodes, fluxOn('f'), podGroup('team-a', { w: 60 })],
      'notApplicable NODES_NOT_SHARED',
      shared,
    ],
    [
      'a RuntimeClass that nobody uses',
      [...nodes, fluxOn('f'), gvisor, podGroup('team-a', { f: 60 })],
      'fail NOT_SANDBOXED',
      { ...shared, message: /Deployment team-a\/web on f/ },
    ],
    [
      'one of two pods uses it',
      [
        ...nodes,
        fluxOn('f'),
        gvisor,
        sandboxed,
        podGroup('team-a', { f: 60 }, { owner: { kind: 'Job', name: 'plain' } }),
      ],
      'fail NOT_SANDBOXED',
      { ...shared, message: /Job team-a\/plain/ },
    ],
    ['sandboxed, and nothing forces it', [...nodes, fluxOn('f'), gvisor, sandboxed], 'warn SANDBOX_NOT_FORCED', shared],
    ['sandboxed, and demanded', [...nodes, fluxOn('f'), gvisor, sandboxed, ...demanded], 'pass SANDBOXED', shared],
    [
      'demanded, but another class is no sandbox',
      [...nodes, fluxOn('f'), gvisor, runtimeClass('gpu', 'nvidia'), sandboxed, ...demanded],
      'warn SANDBOX_NOT_FORCED',
      { ...shared, message: /gpu are no known sandboxes/ },
    ],
    [
      'sandboxed, and policies could not be read',
      [...nodes, fluxOn('f'), gvisor, sandboxed, ...demanded],
      'warn SANDBOX_NOT_FORCED',
      { ...shared, unavailable: { admissionPolicies: 'forbidden' } },
    ],
    [
      'an unknown handler',
      [
        ...nodes,
        fluxOn('f'),
        runtimeClass('own', 'walled'),
        podGroup('team-a', { f: 60 }, { runtimeClassName: 'own' }),
      ],
      'warn UNKNOWN_HANDLER',
      shared,
    ],
    [
      'a handler of the registry',
      [
        ...nodes,
        fluxOn('f'),
        runtimeClass('own', 'walled'),
        podGroup('team-a', { f: 60 }, { runtimeClassName: 'own' }),
        ...demanded,
      ],
      'pass SANDBOXED',
      { registration: { ...shared.registration, sandboxHandlers: ['walled'] } },
    ],
    [
      'a tenant of low isolation',
      [...nodes, fluxOn('f'), podGroup('team-b', { f: 60 })],
      'notApplicable NODES_NOT_SHARED',
      shared,
    ],
    [
      'beside another tenant',
      [...nodes, fluxOn('f'), podGroup('team-a', { w: 60 }), podGroup('team-b', { w: 60 })],
      'fail NO_RUNTIME_CLASS',
      { ...shared, verdicts: ['fail NO_RUNTIME_CLASS Tenant/team-a'] },
    ],
    [
      'beside Flux for a minute',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 1 })],
      'warn RECENT',
      { ...shared, severity: 'low', verdicts: ['warn RECENT Tenant/team-a'] },
    ],
    [
      'pods of 2 minutes, on a node shared for 4 hours',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 })],
      'fail NO_RUNTIME_CLASS',
      { ...shared, sightings: { 'FLUX-NODE-03/flux/f/team-a': '2026-11-01T08:00:00Z' } },
    ],
    [
      'pods of 2 minutes, seen 5 minutes ago',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 })],
      'warn RECENT',
      { ...shared, sightings: { 'FLUX-NODE-03/flux/f/team-a': '2026-11-01T11:55:00Z' } },
    ],
    [
      'beside another tenant for a minute',
      [...nodes, fluxOn('f'), podGroup('team-a', { w: 60 }), podGroup('team-b', { w: 1 })],
      'warn RECENT',
      shared,
    ],
    [
      'on one node for an hour, on another for a minute',
      [...nodes, fluxOn('f'), fluxOn('w', { name: 'second' }), podGroup('team-a', { f: 60, w: 1 })],
      'fail NO_RUNTIME_CLASS',
      shared,
    ],
    [
      'sandboxed for a minute, and nothing forces it',
      [...nodes, fluxOn('f'), gvisor, podGroup('team-a', { f: 1 }, { runtimeClassName: 'gvisor' })],
      'warn SANDBOX_NOT_FORCED',
      shared,
    ],
    [
      'beside Flux for a time that nobody knows',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: undefined })],
      'fail NO_RUNTIME_CLASS',
      shared,
    ],
    [
      'a node of GKE that sandboxes',
      [node('f', {}, { 'sandbox.gke.io/runtime': 'gvisor' }), fluxOn('f'), podGroup('team-a', { f: 60 })],
      'warn SANDBOX_NOT_FORCED',
      shared,
    ],
    ['no pod of a tenant', [...nodes, fluxOn('f')], 'notApplicable NO_TENANT_WORKLOADS', shared],
    ['no Flux that is recognised', [...nodes, podGroup('team-a', { f: 60 })], 'notEvaluated FLUX_NOT_FOUND', shared],
    [
      'a standalone cluster',
      [...nodes, fluxOn('f'), podGroup('team-a', { f: 60 })],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
    [
      'runtime classes that could not be read',
      [...nodes, fluxOn('f'), sandboxed],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { runtimeClasses: 'forbidden' } },
    ],
  ]);

  it('remembers since when pods run without a sandbox, and keeps on where it fails', () => {
    const input = [...nodes, fluxOn('f'), podGroup('team-a', { f: 2 })];
    const key = 'FLUX-NODE-03/flux/f/team-a';
    expect(judge(control, input, shared).sightings).toEqual([key]);
    const sightings = { [key]: '2026-11-01T08:00:00Z' };
    expect(judge(control, input, { ...shared, sightings }).sightings).toEqual([key]);
    expect(judge(control, [...nodes, fluxOn('f'), gvisor, sandboxed], shared).sightings).toEqual([]);
  });
});
