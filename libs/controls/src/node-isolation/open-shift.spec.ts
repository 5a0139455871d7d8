import { describe, expect, it } from 'vitest';
import { hasConstraints, judgeConstraints } from './open-shift.js';
import { accessOf } from '../access/access.js';
import { admissionView } from '../admission/admission-view.js';
import { tenantModel } from '../tenants/tenant-model.js';
import { collected, type RbacObject } from '#libs/core';
import { SHARED, namespace } from '../../../../test/support/flux-installation.js';
import { account, bindIn, clusterRole, rule } from '../../../../test/support/rbac-objects.js';

const model = tenantModel({ registration: { name: 'c', ...SHARED } });
const none = collected([]);
const view = admissionView({
  webhookConfigurations: none,
  admissionPolicies: none,
  enginePolicies: none,
  namespaces: none,
});

function say(rbac: readonly RbacObject[]): string {
  const [tenant] = model.tenants;
  if (!tenant) throw new TypeError('There is a tenant.');
  const access = accessOf(rbac, none);
  const { outcome, reason } = judgeConstraints(namespace('team-a'), tenant, {
    model,
    view,
    access,
    unread: undefined,
    severity: 'high',
    refused: () => undefined,
  });
  return `${outcome} ${reason}`;
}

describe('pods on OpenShift', () => {
  const use = (name: string): RbacObject =>
    clusterRole('scc', [
      { ...rule('use', 'securitycontextconstraints', 'security.openshift.io'), resourceNames: [name] },
    ]);
  const own = bindIn('team-a', 'scc', account('team-a/builder'));

  it.each<[string, readonly RbacObject[], string]>([
    ['nobody may use a wide constraint', [], 'warn NOT_PROVEN'],
    ['an account of the tenant may', [use('privileged'), own], 'fail SCC_TOO_WIDE'],
    ['it may use another one', [use('restricted-v2'), own], 'warn NOT_PROVEN'],
    [
      'an account of another tenant may',
      [use('privileged'), bindIn('team-b', 'scc', account('team-b/builder'))],
      'warn NOT_PROVEN',
    ],
  ])('%s', (_, rbac, expected) => {
    expect(say(rbac)).toBe(expected);
  });

  it.each([
    [['security.openshift.io/v1/securitycontextconstraints'], true],
    [['apps/v1/deployments'], false],
  ])('are governed by constraints where %j is served: %s', (resources, expected) => {
    expect(hasConstraints({ serverVersion: 'v1.36.3', resources, stale: [] })).toBe(expected);
  });
});
