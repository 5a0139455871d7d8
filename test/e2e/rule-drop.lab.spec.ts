import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { catalog, planAccessReviews } from '#libs/controls';
import {
  ARTIFACT_NAMES,
  ARTIFACT_READS,
  accessRuleKey,
  describeAccessRule,
  type AccessRule,
  type Assessment,
  type Outcome,
  type Registration,
  type Snapshot,
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

const CLEAN: readonly (Outcome | undefined)[] = ['pass', 'notApplicable'];

/** What was not clean became so, or what did not apply a pass. */
function looksBetter(before: Outcome | undefined, after: Outcome): boolean {
  return CLEAN.includes(before) ? before === 'notApplicable' && after === 'pass' : CLEAN.includes(after);
}

describe.skipIf(!inject('lab')?.flux)('an auditor that loses one permission [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let kubeconfig: string;
  let before: Assessment;
  /** `group resource` of what the API server serves. */
  let served: ReadonlySet<string>;

  async function read(): Promise<Snapshot> {
    const client = await ClusterClient.open(parseKubeconfig(kubeconfig), {
      egress: new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] }),
      userAgent: 'plimsoll-test',
      budget: { qps: 200, burst: 200 },
    });
    try {
      return await collectSnapshot(client, {
        name: 'rules',
        registration: REGISTRATION,
        sightings: { firstSeen: {} },
        needs: ARTIFACT_NAMES,
        planReviews: planAccessReviews,
        fleet: async () => [],
      });
    } finally {
      await client.close();
    }
  }

  function judged(snapshot: Snapshot): Assessment {
    return evaluate(catalog, { id: 'all@1', ruleSetVersion: '1', controls: catalog.map(({ id }) => id) }, snapshot);
  }
  const audit = async () => judged(await read());

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
    const whole = await read();
    before = judged(whole);
    const { discovery } = whole.artifacts;
    served = new Set(
      discovery.state === 'collected'
        ? discovery.value.resources.map((resource) => {
            const [group, , plural] = resource.split('/');
            return `${group} ${plural}`;
          })
        : [],
    );
  });
  afterAll(() => lab?.stop());

  it('first judges with every permission, and finds much', () => {
    expect(RULES.length).toBeGreaterThan(60);
    expect(before.results).toHaveLength(catalog.length);
    expect(before.results.filter(({ outcome }) => outcome === 'fail').length).toBeGreaterThan(12);
    expect(before.results.filter(({ outcome }) => outcome === 'error')).toEqual([]);
    expect(before.results.filter(({ cause }) => cause === 'forbidden').map(({ controlId }) => controlId)).toEqual(
      // The Secret of the kubeconfig: no role of the auditor grants Secrets.
      expect.arrayContaining(['FLUX-RA-01', 'FLUX-RA-02']),
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
      const outcomes = new Map(before.results.map(({ controlId, outcome }) => [controlId, outcome]));
      const better = results.filter(({ controlId, outcome }) => looksBetter(outcomes.get(controlId), outcome));
      expect(better.map(({ controlId, outcome }) => `${controlId} ${outcomes.get(controlId)} → ${outcome}`)).toEqual(
        [],
      );
      const isServed = dropped.resource === '*' ? false : served.has(`${dropped.group} ${dropped.resource}`);
      const blind = results.filter(({ controlId }) => isServed && cannotDoWithout(controlId, dropped));
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
