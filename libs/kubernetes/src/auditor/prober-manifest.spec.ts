import { describe, expect, it } from 'vitest';
import { proberManifest, type ProberOptions } from './prober-manifest.js';

const OPTIONS: ProberOptions = {
  users: ['ann', 'plimsoll:member'],
  groups: ['team-a'],
  serviceAccounts: [
    { namespace: 'team-a', name: 'default' },
    { namespace: 'team-a', name: 'deployer' },
    { namespace: 'team-b', name: 'default' },
  ],
  reach: [
    { verb: 'delete', group: 'apps', resource: 'deployments' },
    { verb: 'patch', group: 'apps', resource: 'deployments' },
  ],
  auditor: { namespace: 'plimsoll', name: 'reader' },
};
interface Item {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly object[];
  readonly subjects?: readonly object[];
}
const items = (more: Partial<ProberOptions> = {}) => proberManifest({ ...OPTIONS, ...more }) as readonly Item[];
const rulesIn = (objects: readonly Item[], kind: string, namespace?: string) =>
  objects.find(
    (each) =>
      each.kind === kind && each.metadata.name === 'plimsoll-impersonate' && each.metadata.namespace === namespace,
  )?.rules;
const rule = (apiGroup: string, resource: string, names: readonly string[], ...verbs: readonly string[]) => ({
  apiGroups: [apiGroup],
  resources: [resource],
  resourceNames: names,
  verbs,
});
const AUTHENTICATION = 'authentication.k8s.io';
const mark = (...verbs: readonly string[]) => ({
  apiGroups: [AUTHENTICATION],
  resources: ['userextras/plimsoll/probe'],
  verbs,
});

describe('the rights of active verification', () => {
  it('are to act as exactly the named principals', () => {
    const objects = items({ serverVersion: 'v1.35.9' });
    expect(rulesIn(objects, 'ClusterRole')).toEqual([
      rule('', 'users', ['ann', 'plimsoll:member'], 'impersonate'),
      rule('', 'groups', ['team-a'], 'impersonate'),
      mark('impersonate'),
    ]);
    expect(rulesIn(objects, 'Role', 'team-a')).toEqual([
      rule('', 'serviceaccounts', ['default', 'deployer'], 'impersonate'),
    ]);
    expect(rulesIn(objects, 'Role', 'team-b')).toEqual([rule('', 'serviceaccounts', ['default'], 'impersonate')]);
    expect(rulesIn(objects, 'Role', 'plimsoll')).toEqual([
      rule('', 'serviceaccounts', ['plimsoll-self-test'], 'impersonate'),
    ]);
  });

  it('are bounded for people by what is tried, where the API server can do that', () => {
    const objects = items({ serverVersion: 'v1.36.3' });
    expect(rulesIn(objects, 'ClusterRole')).toEqual([
      rule(AUTHENTICATION, 'users', ['ann', 'plimsoll:member'], 'impersonate:user-info'),
      rule(AUTHENTICATION, 'groups', ['team-a'], 'impersonate:user-info'),
      mark('impersonate', 'impersonate:user-info'),
      {
        apiGroups: ['apps'],
        resources: ['deployments'],
        verbs: ['impersonate-on:user-info:delete', 'impersonate-on:user-info:patch'],
      },
    ]);
    // A service account cannot be marked that way.
    expect(rulesIn(objects, 'Role', 'team-b')).toEqual([rule('', 'serviceaccounts', ['default'], 'impersonate')]);
  });

  it.each([
    ['1.36', true],
    ['v1.40.0-eks-1', true],
    ['v2.0.0', true],
    ['v1.35.0', false],
    ['', false],
    ['latest', false],
    [undefined, false],
  ])('know the version %s', (serverVersion, constrained) => {
    const rules = JSON.stringify(
      rulesIn(items({ ...(serverVersion !== undefined && { serverVersion }) }), 'ClusterRole'),
    );
    expect(rules.includes('impersonate:user-info')).toBe(constrained);
  });

  it('are for nobody but service accounts where no people are declared', () => {
    const objects = items({ users: [], groups: [], serverVersion: 'v1.36.3' });
    expect(rulesIn(objects, 'ClusterRole')).toEqual([mark('impersonate')]);
  });

  it('come with the guard, and go to the auditor alone', () => {
    const objects = items();
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(
      expect.arrayContaining([
        'ValidatingAdmissionPolicy plimsoll-dryrun-only',
        'ValidatingAdmissionPolicyBinding plimsoll-dryrun-only',
      ]),
    );
    const bindings = objects.filter(
      ({ kind, metadata }) => kind.endsWith('Binding') && metadata.name === 'plimsoll-impersonate',
    );
    expect(bindings).toHaveLength(4);
    for (const { subjects } of bindings) {
      expect(subjects).toEqual([{ kind: 'ServiceAccount', namespace: 'plimsoll', name: 'reader' }]);
    }
    expect(JSON.stringify(objects.flatMap(({ rules }) => rules ?? []))).not.toContain('*');
  });
});
