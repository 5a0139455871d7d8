import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalog, DEFAULT_PROFILE, profileById } from '#libs/controls';
import {
  ARTIFACT_NAMES,
  ARTIFACT_READS,
  accessRuleKey,
  describeAccessRule,
  type AccessRule,
  type Assessment,
  type Registration,
} from '#libs/core';
import { evaluate } from '#libs/engine';
import { auditorClusterRole, ClusterClient, ClusterError, collectSnapshot, parseKubeconfig } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import { createServiceAccount, requestToken } from '../lab/identities.js';
import { installFlux } from '../lab/flux-install.js';
import { startLab, type Lab, type RunningCluster } from '../lab/lab.js';
import { eventually } from '../lab/poll.js';

const ROLE = auditorClusterRole(catalog);
const REGISTRATION: Registration = {
  name: 'rules',
  role: 'management',
  tenants: [
    { name: 'team-a', namespaces: { names: ['team-a'] } },
    { name: 'team-b', namespaces: { names: ['team-b'] } },
  ],
};
const kubernetesRule = (rule: AccessRule) => ({
  apiGroups: [rule.group],
  resources: [rule.resource],
  verbs: [rule.verb],
});
const role = (rules: readonly unknown[]) => ({ ...ROLE, metadata: { name: 'plimsoll-auditor' }, rules });

/** Every rule of the role, one verb and resource each. */
const RULES: readonly AccessRule[] = ROLE.rules.flatMap(({ apiGroups, resources, verbs, resourceNames }) =>
  apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.map((verb) => ({
        verb,
        group,
        resource,
        ...(resourceNames?.[0] !== undefined && { name: resourceNames[0] }),
      })),
    ),
  ),
);

/** The control requires an artifact that this rule is for. (Sources come kind by kind: only those referred to matter.) */
function cannotDoWithout(controlId: string, dropped: AccessRule): boolean {
  const requires = catalog.find(({ id }) => id === controlId)?.requires ?? [];
  return requires
    .filter((name) => name !== 'sources')
    .some((name) => ARTIFACT_READS[name].some((rule) => accessRuleKey(rule) === accessRuleKey(dropped)));
}

describe.skipIf(!inject('lab')?.flux)('an auditor that loses one permission [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let kubeconfig: string;
  let before: Assessment;

  async function audit(): Promise<Assessment> {
    const client = await ClusterClient.open(parseKubeconfig(kubeconfig), {
      egress: new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] }),
      userAgent: 'plimsoll-test',
      budget: { qps: 200, burst: 200 },
    });
    try {
      const snapshot = await collectSnapshot(client, {
        name: 'rules',
        registration: REGISTRATION,
        sightings: { firstSeen: {} },
        needs: ARTIFACT_NAMES,
      });
      const profile = profileById(DEFAULT_PROFILE);
      if (!profile) throw new Error('no default profile');
      return evaluate(catalog, profile, snapshot);
    } finally {
      await client.close();
    }
  }

  async function grant(rules: readonly AccessRule[]): Promise<void> {
    const manifest = role(
      rules.map((rule) => ({
        ...kubernetesRule(rule),
        ...(rule.name !== undefined && { resourceNames: [rule.name] }),
      })),
    );
    await cluster.admin.patch(manifest, { rules: manifest.rules });
  }

  /** The authorizer learns of a changed role a moment later. */
  async function untilAnswered(rule: AccessRule, allowed: boolean): Promise<void> {
    await eventually(`${describeAccessRule(rule)} is ${allowed ? 'allowed' : 'denied'}`, async () => {
      const review = await cluster.admin.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SubjectAccessReview',
        spec: {
          user: 'system:serviceaccount:plimsoll:auditor',
          groups: ['system:serviceaccounts', 'system:serviceaccounts:plimsoll', 'system:authenticated'],
          resourceAttributes: {
            verb: rule.verb,
            group: rule.group,
            resource: rule.resource,
            ...(rule.name && { name: rule.name }),
          },
        },
      });
      const { status } = review.json as { status?: { allowed?: boolean } };
      return status?.allowed === allowed || undefined;
    });
  }

  beforeAll(async () => {
    const handle = inject('lab');
    lab = await startLab({ clusters: [{ name: 'rules' }], ...(handle && { programs: handle.programs }) });
    cluster = lab.cluster('rules');
    const { admin } = cluster;
    await installFlux(cluster, handle?.crdFolder ?? null, {
      lockDown: 'none',
      editArguments: (component, args) =>
        component === 'kustomize-controller' || component === 'helm-controller'
          ? [...args, '--insecure-kubeconfig-exec=true', '--insecure-kubeconfig-tls=true']
          : args,
    });
    for (const name of ['team-a', 'team-b']) {
      await admin.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { 'toolkit.fluxcd.io/tenant': name } },
      });
    }
    const object = await admin.apply({
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'apps', namespace: 'team-a' },
      spec: {
        interval: '10m',
        path: './',
        prune: true,
        sourceRef: { kind: 'GitRepository', name: 'missing' },
        kubeConfig: { secretRef: { name: 'spoke' } },
      },
    });
    await admin.patchStatus(object, {
      observedGeneration: 1,
      conditions: [
        {
          type: 'Stalled',
          status: 'True',
          reason: 'AccessDenied',
          message: "can't access 'GitRepository/flux-system/missing', cross-namespace references have been blocked",
          lastTransitionTime: new Date().toISOString(),
        },
        {
          type: 'Ready',
          status: 'False',
          reason: 'AccessDenied',
          message: "can't access 'GitRepository/flux-system/missing', cross-namespace references have been blocked",
          lastTransitionTime: new Date().toISOString(),
        },
      ],
    });
    await createServiceAccount(admin, { namespace: 'plimsoll', name: 'auditor' });
    await admin.apply(role(ROLE.rules));
    await admin.apply({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'plimsoll-auditor' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'plimsoll-auditor' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'plimsoll', name: 'auditor' }],
    });
    kubeconfig = await cluster.kubeconfig({ token: await requestToken(admin, 'plimsoll', 'auditor') });
    await untilAnswered(RULES.at(-1) as AccessRule, true);
    before = await audit();
  });
  afterAll(() => lab?.stop());

  it('first judges everything, and finds every control failing', () => {
    expect(RULES.length).toBeGreaterThan(10);
    expect(before.coverage).toMatchObject({ evaluated: catalog.length, ratio: 1 });
    expect(before.results.map(({ controlId, outcome }) => `${controlId} ${outcome}`)).toEqual(
      before.results.map(({ controlId }) => `${controlId} fail`),
    );
  });

  async function without<T>(dropped: AccessRule, look: () => Promise<T>): Promise<T> {
    await grant(RULES.filter((rule) => accessRuleKey(rule) !== accessRuleKey(dropped)));
    await untilAnswered(dropped, false);
    try {
      return await look();
    } finally {
      await grant(RULES);
      await untilAnswered(dropped, true);
    }
  }

  it('judges nothing where the identity of the cluster cannot be read', async () => {
    const identity = RULES.find(({ name }) => name === 'kube-system');
    if (!identity) throw new Error('the role has no rule for kube-system');
    await expect(without(identity, audit)).rejects.toThrow(ClusterError);
  });

  it.each(RULES.filter(({ name }) => name === undefined).map((rule) => [describeAccessRule(rule), rule] as const))(
    'without "%s" nothing turns into a pass, and what is blind says which rule it lacks',
    async (_name, dropped) => {
      const { results } = await without(dropped, audit);
      expect(results.filter(({ outcome }) => outcome !== 'fail' && outcome !== 'notEvaluated')).toEqual([]);
      const blind = results.filter(({ controlId }) => cannotDoWithout(controlId, dropped));
      const told = blind.map(({ controlId, outcome, cause, missing }) => ({
        controlId,
        outcome,
        cause,
        namesTheRule: missing.some((rule) => accessRuleKey(rule) === accessRuleKey(dropped)),
      }));
      expect(told).toEqual(
        blind.map(({ controlId }) => ({ controlId, outcome: 'notEvaluated', cause: 'forbidden', namesTheRule: true })),
      );
    },
  );
});
