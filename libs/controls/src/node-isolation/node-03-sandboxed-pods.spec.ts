import { describe } from 'vitest';
import { nativePolicy } from '../../../../test/support/admission-policies.js';
import { tableOf } from '../../../../test/support/expect-control.js';
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
      'notApplicable NODES_NOT_SHARED',
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
});
