import { describe, expect, it } from 'vitest';
import type { ResourceRequest } from '#libs/rbac';
import { userIdentity } from '#libs/rbac';
import { clusterPolicy, kyvernoWebhook, nativePolicy } from '../../../../test/support/admission-policies.js';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { SHARED, namespace } from '../../../../test/support/flux-installation.js';
import { fluxOn, node, podGroup } from '../../../../test/support/node-objects.js';
import { account, bindEverywhere, bindIn, clusterRole, group, rule } from '../../../../test/support/rbac-objects.js';
import { questionOf } from '../access/access.js';
import { noPrivilegedPods as control } from './node-02-no-privileged-pods.js';

const registration = {
  ...SHARED,
  tenants: [{ ...SHARED.tenants[0], principals: { groups: ['team-a'], users: ['ann'] } }, SHARED.tenants[1]],
};
const shared = { registration };
const guarded = (level: string) => ({ 'pod-security.kubernetes.io/enforce': level });
const restricted = [namespace('team-a', guarded('restricted')), namespace('team-b', guarded('restricted'))];
const bare = [namespace('team-a', { tenant: 'a' }), namespace('team-b', { tenant: 'b' })];
const teamA = group('team-a');
const BASELINE = { podSecurity: { level: 'baseline', version: 'latest' } };
const baseline = (options: Parameters<typeof clusterPolicy>[2] = {}) => clusterPolicy(['Pod'], BASELINE, options);
/** Ann's right, as the API server answers it. */
const review = (request: ResourceRequest, allowed: boolean | null) => ({
  kind: 'AccessReview',
  question: questionOf(userIdentity('ann'), request),
  allowed,
});
const may = (verbs: string, resources: string, groups = '') => clusterRole('r', [rule(verbs, resources, groups)]);

describe('FLUX-NODE-02', () => {
  const judges = tableOf(control);

  describe('by Pod Security Admission', () => {
    judges([
      [
        'restricted everywhere',
        restricted,
        'pass PSA_ENFORCED',
        { ...shared, verdicts: ['pass PSA_ENFORCED Namespace/team-a', 'pass PSA_ENFORCED Namespace/team-b'] },
      ],
      ['baseline', [namespace('team-a', guarded('baseline')), restricted[1] ?? {}], 'pass PSA_ENFORCED', shared],
      [
        'a version of its own',
        [namespace('team-a', { ...guarded('baseline'), 'pod-security.kubernetes.io/enforce-version': 'v1.25' })],
        'pass PSA_ENFORCED',
        { ...shared, message: /at the state of v1.25/ },
      ],
      [
        'no label',
        [...bare],
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, severity: 'high', message: /no label for Pod Security Admission/ },
      ],
      [
        'no label at all',
        [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team-a' } }],
        'fail PRIVILEGED_PODS_ADMITTED',
        shared,
      ],
      [
        'warnings only',
        [namespace('team-a', { 'pod-security.kubernetes.io/warn': 'restricted' })],
        'fail PRIVILEGED_PODS_ADMITTED',
        shared,
      ],
      [
        'a level that is none',
        [namespace('team-a', guarded('strict'))],
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, message: /no level, strict/ },
      ],
      [
        'on a node of Flux',
        [...bare, node('f'), fluxOn('f'), podGroup('team-a', { f: 60 })],
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, severity: 'critical' },
      ],
      [
        'what it would refuse',
        [...bare, podGroup('team-a', { f: 60 }, { risks: ['hostPath'] })],
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, message: /It would refuse what runs there now: Deployment web \(hostPath\)/ },
      ],
      ['no namespace of a tenant', [namespace('flux-system')], 'notApplicable NO_TENANT_NAMESPACES', shared],
      ['a standalone cluster', bare, 'notApplicable NO_TENANT_BOUNDARY', { registration: { role: 'standalone' } }],
      [
        'a dedicated cluster',
        bare,
        'fail PRIVILEGED_PODS_ADMITTED',
        { registration: { role: 'tenant', tenancy: 'dedicated', tenants: [SHARED.tenants[0]] } },
      ],
    ]);
  });

  describe('that the tenant can relax', () => {
    judges([
      [
        'a group may patch its Namespace',
        [...restricted, may('patch', 'namespaces'), bindEverywhere('r', teamA)],
        'fail TENANT_CAN_RELAX_PSA',
        { ...shared, severity: 'high', message: /group team-a may patch namespaces/ },
      ],
      [
        'by a Role in the namespace',
        [...restricted, may('patch', 'namespaces'), bindIn('team-a', 'r', teamA)],
        'fail TENANT_CAN_RELAX_PSA',
        shared,
      ],
      [
        'by a Role in another namespace',
        [...restricted, may('patch', 'namespaces'), bindIn('other', 'r', teamA)],
        'pass PSA_ENFORCED',
        shared,
      ],
      [
        'by status only',
        [...restricted, may('patch', 'namespaces/status'), bindIn('team-a', 'r', teamA)],
        'fail TENANT_CAN_RELAX_PSA',
        shared,
      ],
      [
        'by finalize only',
        [...restricted, may('update', 'namespaces/finalize'), bindIn('team-a', 'r', teamA)],
        'fail TENANT_CAN_RELAX_PSA',
        shared,
      ],
      [
        'an account of the namespace may, as cluster-admin of it',
        [...restricted, may('*', '*', '*'), bindIn('team-b', 'r', account('team-b/reconciler'))],
        'fail TENANT_CAN_RELAX_PSA',
        { ...shared, verdicts: ['fail TENANT_CAN_RELAX_PSA Namespace/team-b', 'pass PSA_ENFORCED Namespace/team-a'] },
      ],
      [
        'somebody may only read it',
        [...restricted, may('get list', 'namespaces'), bindEverywhere('r', teamA)],
        'pass PSA_ENFORCED',
        shared,
      ],
      [
        'the API server says so',
        [...restricted, review({ verb: 'patch', resource: 'namespaces', name: 'team-a' }, true)],
        'fail TENANT_CAN_RELAX_PSA',
        { ...shared, message: /user ann/ },
      ],
      [
        'the API server says no',
        [...restricted, review({ verb: 'patch', resource: 'namespaces', name: 'team-a' }, false)],
        'pass PSA_ENFORCED',
        shared,
      ],
      [
        'RBAC could not be read',
        restricted,
        'notEvaluated RBAC_DENIED_READ',
        { ...shared, unavailable: { rbac: 'forbidden' } },
      ],
    ]);
  });

  describe('by a policy engine', () => {
    judges([
      [
        'Kyverno enforces',
        [...bare, kyvernoWebhook(), baseline()],
        'warn NOT_PROVEN',
        { ...shared, message: /was not tried/ },
      ],
      [
        'Kyverno audits, and the level is privileged',
        [namespace('team-a', guarded('privileged')), kyvernoWebhook(), baseline({ action: 'Audit' })],
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, message: /does not refuse this/ },
      ],
      [
        'Kyverno leaves a tenant out',
        [...bare, kyvernoWebhook(), baseline({ excluded: ['team-b'] })],
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, verdicts: ['fail PRIVILEGED_PODS_ADMITTED Namespace/team-b', 'warn NOT_PROVEN Namespace/team-a'] },
      ],
      [
        'Kyverno refuses privileged containers only',
        [
          ...bare,
          kyvernoWebhook(),
          clusterPolicy(['Pod'], {
            pattern: {
              spec: {
                '=(initContainers)': [{ '=(securityContext)': { '=(privileged)': 'false' } }],
                containers: [{ '=(securityContext)': { '=(privileged)': 'false' } }],
              },
            },
          }),
        ],
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, message: /refuses pods with the process ids of the node/ },
      ],
      [
        'Kyverno is not understood',
        [...bare, kyvernoWebhook(), clusterPolicy(['Pod'], { assert: { object: {} } })],
        'notEvaluated POLICY_NOT_UNDERSTOOD',
        shared,
      ],
      [
        'a policy about something else',
        [...bare, ...nativePolicy("has(object.metadata.labels) && 'team' in object.metadata.labels", ['pods'])],
        'fail PRIVILEGED_PODS_ADMITTED',
        shared,
      ],
      [
        'the tenant may create exceptions',
        [
          ...bare,
          kyvernoWebhook(),
          baseline(),
          may('create', 'policyexceptions', 'kyverno.io'),
          bindIn('team-a', 'r', teamA),
        ],
        'fail TENANT_CAN_EXEMPT',
        { ...shared, verdicts: ['fail TENANT_CAN_EXEMPT Namespace/team-a', 'warn NOT_PROVEN Namespace/team-b'] },
      ],
      [
        'the tenant may label its namespace, which matters to no policy',
        [...bare, kyvernoWebhook(), baseline(), may('patch', 'namespaces'), bindIn('team-a', 'r', teamA)],
        'warn NOT_PROVEN',
        shared,
      ],
      [
        'the tenant may label its namespace out of the webhook',
        [...bare, labelledWebhook(), baseline(), may('patch', 'namespaces'), bindIn('team-a', 'r', teamA)],
        'fail TENANT_CAN_EXEMPT',
        shared,
      ],
      [
        'policies could not be read',
        bare,
        'notEvaluated RBAC_DENIED_READ',
        { ...shared, unavailable: { enginePolicies: 'forbidden' } },
      ],
      [
        'RBAC could not be read',
        [...bare, kyvernoWebhook(), baseline()],
        'notEvaluated RBAC_DENIED_READ',
        { ...shared, unavailable: { rbac: 'forbidden' } },
      ],
      [
        'RBAC could not be read, and nothing guards',
        bare,
        'fail PRIVILEGED_PODS_ADMITTED',
        { ...shared, unavailable: { rbac: 'forbidden' } },
      ],
      [
        'what is served could not be read',
        bare,
        'notEvaluated TRANSIENT',
        { ...shared, unavailable: { discovery: 'transient' } },
      ],
    ]);
  });

  it('gives a command for the namespace, and calls itself a guess', () => {
    const [observation] = judge(control, bare, shared).observations;
    expect(observation).toMatchObject({
      confidence: 'heuristic',
      evidence: [{ pointer: '/metadata/labels/pod-security.kubernetes.io~1enforce', observed: null }],
    });
    expect(observation?.fixes?.[0]?.content).toContain(
      'kubectl label --overwrite ns team-a pod-security.kubernetes.io/enforce=restricted',
    );
  });

  it('is proven where the API server answered', () => {
    const [observation] = judge(
      control,
      [
        ...restricted,
        review({ verb: 'update', resource: 'namespaces', subresource: 'finalize', name: 'team-a' }, true),
      ],
      shared,
    ).observations;
    expect(observation).toMatchObject({ reason: 'TENANT_CAN_RELAX_PSA', confidence: 'proven' });
  });
});

function labelledWebhook(): object {
  const webhook = kyvernoWebhook() as { webhooks: object[] };
  const namespaceSelector = { matchExpressions: [{ key: 'unguarded', operator: 'DoesNotExist' }] };
  return { ...webhook, webhooks: webhook.webhooks.map((each) => ({ ...each, namespaceSelector })) };
}
