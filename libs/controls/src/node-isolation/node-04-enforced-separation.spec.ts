import { describe } from 'vitest';
import { nativePolicy } from '../../../../test/support/admission-policies.js';
import { tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, controller } from '../../../../test/support/flux-installation.js';
import { fluxOn, node, podGroup } from '../../../../test/support/node-objects.js';
import { account, bindEverywhere, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { enforcedSeparation as control } from './node-04-enforced-separation.js';

const registration = {
  ...SHARED,
  tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'] } }, SHARED.tenants[1]],
};
const shared = { registration };
const taint = { key: 'role', value: 'flux', effect: 'NoSchedule' };
const pool = node('f', { taints: [taint] }, { role: 'flux' });
const nodes = [pool, node('w')];
const TOLERATES = [{ key: 'role', operator: 'Equal', value: 'flux', effect: 'NoSchedule' }];
const affine = (values: readonly string[] = ['flux']) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'role', operator: 'In', values }] }],
    },
  },
});

/** kustomize-controller with its Deployment, whose pods are placed so, on a node. */
function placed(spec: object, on = 'f'): object[] {
  const [deployment] = controller('kustomize-controller', []) as [{ spec: { template: { spec: object } } }];
  const template = { ...deployment.spec.template, spec: { ...deployment.spec.template.spec, ...spec } };
  return [{ ...deployment, spec: { ...deployment.spec, template } }, fluxOn(on)];
}
const kept = placed({ affinity: affine(), tolerations: TOLERATES });
const refused = [
  ...nativePolicy("request.operation != 'CREATE' || !has(object.spec.nodeName)", ['pods'], { name: 'nodes' }),
  ...nativePolicy(
    "object.spec.?tolerations.orValue([]).all(t, t.?key.orValue('').startsWith('node.kubernetes.io/'))",
    ['pods'],
    { name: 'tolerations' },
  ),
];
const may = (verbs: string, resources: string) => clusterRole('r', [rule(verbs, resources)]);
const DEPLOYMENT = 'Deployment/flux-system/kustomize-controller';

describe('FLUX-NODE-04', () => {
  tableOf(control)([
    [
      'no taint, the operating system only',
      [node('f'), ...placed({ nodeSelector: { 'kubernetes.io/os': 'linux' } })],
      'fail NO_TAINT',
      { ...shared, severity: 'medium', verdicts: [`fail NO_TAINT ${DEPLOYMENT}`] },
    ],
    [
      'affinity, and no taint',
      [node('f', {}, { role: 'flux' }), node('w'), ...placed({ affinity: affine() })],
      'fail NO_TAINT',
      shared,
    ],
    [
      'only a taint about the state of the node',
      [node('f', { taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] }), ...placed({})],
      'fail NO_TAINT',
      shared,
    ],
    ['taint and affinity, and a policy about placement', [...nodes, ...kept, ...refused], 'pass SEPARATED', shared],
    ['taint and affinity', [...nodes, ...kept], 'warn NOT_PROVEN', { ...shared, severity: 'low' }],
    [
      'taint and affinity, and a policy about tolerations only',
      [...nodes, ...kept, ...refused.slice(2)],
      'warn NOT_PROVEN',
      shared,
    ],
    [
      'taint and affinity, and a policy that only audits',
      [...nodes, ...kept, ...nativePolicy('false', ['pods'], { actions: ['Audit'] })],
      'warn NOT_PROVEN',
      { ...shared, message: /does not refuse this/ },
    ],
    [
      'a toleration without affinity',
      [...nodes, ...placed({ tolerations: TOLERATES })],
      'warn MAY_LEAVE_POOL',
      { ...shared, message: /such as w/ },
    ],
    [
      'affinity that allows other nodes',
      [
        ...nodes,
        node('x', {}, { role: 'spare' }),
        ...placed({ affinity: affine(['flux', 'spare']), tolerations: TOLERATES }),
      ],
      'warn MAY_LEAVE_POOL',
      shared,
    ],
    [
      'a nodeSelector',
      [...nodes, ...placed({ nodeSelector: { role: 'flux' }, tolerations: TOLERATES }), ...refused],
      'pass SEPARATED',
      shared,
    ],
    [
      'one of two nodes has a taint',
      [pool, node('g', {}, { role: 'flux' }), ...kept, named(fluxOn('g'), 'kustomize-controller-5c9f-bbbbb')],
      'warn PARTLY_TAINTED',
      { ...shared, message: /these have no taint that keeps other pods away: g\./ },
    ],
    [
      'it fits nowhere',
      [node('w'), ...placed({ nodeSelector: { role: 'flux' } }).slice(0, 1)],
      'fail NO_TAINT',
      { ...shared, message: /fits on no node/ },
    ],
    ['no pod runs, and it fits on the pool', [...nodes, ...kept.slice(0, 1), ...refused], 'pass SEPARATED', shared],
    [
      'Fargate',
      [node('f', {}, { 'eks.amazonaws.com/compute-type': 'fargate' }), ...placed({})],
      'pass SEPARATED',
      shared,
    ],
    ['no controller', nodes, 'notEvaluated FLUX_NOT_FOUND', shared],
    [
      'a standalone cluster',
      [node('f'), ...placed({})],
      'notApplicable NO_TENANT_BOUNDARY',
      { registration: { role: 'standalone' } },
    ],
    [
      'a tenant may change nodes',
      [...nodes, ...kept, ...refused, may('patch', 'nodes'), bindEverywhere('r', group('team-a'))],
      'fail TENANT_CAN_CHANGE_NODES',
      { ...shared, verdicts: ['fail TENANT_CAN_CHANGE_NODES Tenant/team-a nodes', `pass SEPARATED ${DEPLOYMENT}`] },
    ],
    [
      'an account of a tenant may change their status',
      [...nodes, ...kept, ...refused, may('update', 'nodes/status'), bindEverywhere('r', account('team-b/agent'))],
      'fail TENANT_CAN_CHANGE_NODES',
      shared,
    ],
    [
      'a tenant may read nodes',
      [...nodes, ...kept, ...refused, may('get list', 'nodes'), bindEverywhere('r', group('team-a'))],
      'pass SEPARATED',
      shared,
    ],
    [
      'pods of a tenant tolerate everything',
      [...nodes, ...kept, ...refused, podGroup('team-a', { w: 9 }, { tolerations: [{ operator: 'Exists' }] })],
      'warn TOLERATES_FLUX_TAINT',
      { ...shared, verdicts: ['warn TOLERATES_FLUX_TAINT Tenant/team-a tolerations', `pass SEPARATED ${DEPLOYMENT}`] },
    ],
    [
      'pods of a tenant tolerate the taint',
      [...nodes, ...kept, ...refused, podGroup('team-a', { w: 9 }, { tolerations: TOLERATES })],
      'warn TOLERATES_FLUX_TAINT',
      shared,
    ],
    [
      'pods of a tenant tolerate another value',
      [
        ...nodes,
        ...kept,
        ...refused,
        podGroup('team-a', { w: 9 }, { tolerations: [{ key: 'role', value: 'gpu', effect: 'NoSchedule' }] }),
      ],
      'pass SEPARATED',
      shared,
    ],
    [
      'pods of the platform tolerate everything',
      [...nodes, ...kept, ...refused, podGroup('kube-system', { f: 9 }, { tolerations: [{ operator: 'Exists' }] })],
      'pass SEPARATED',
      shared,
    ],
    [
      'RBAC could not be read',
      [...nodes, ...kept, ...refused],
      'notEvaluated RBAC_DENIED_READ',
      { ...shared, unavailable: { rbac: 'forbidden' } },
    ],
    [
      'policies could not be read',
      [...nodes, ...kept, ...refused],
      'warn NOT_PROVEN',
      { ...shared, unavailable: { admissionPolicies: 'forbidden' } },
    ],
  ]);
});

function named(object: object, name: string): object {
  const { metadata, ...others } = object as { metadata: object };
  return { ...others, metadata: { ...metadata, name } };
}
