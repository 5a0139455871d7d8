import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  PROBED_RESOURCES,
  catalog,
  controlById,
  planAccessReviews,
  planProbes,
  probedPrincipals,
} from '#libs/controls';
import { ARTIFACT_NAMES, type Control, type ControlResult, type Registration, type Snapshot } from '#libs/core';
import { evaluate } from '#libs/engine';
import { ClusterClient, auditorClusterRole, collectSnapshot, proberManifest } from '#libs/kubernetes';
import { EgressPolicy } from '#libs/platform';
import type { Manifest } from './admin-client.js';
import { requestToken } from './identities.js';
import { startLab, type Lab, type RunningCluster } from './lab.js';
import { eventually } from './poll.js';

const shared = inject('lab');
const RBAC = 'rbac.authorization.k8s.io';
const AUDITOR = { namespace: 'plimsoll', name: 'plimsoll-reader' };
const LEVELS = { 'team-restricted': 'restricted', 'team-baseline': 'baseline', 'team-privileged': 'privileged' };
const NAMES = [...Object.keys(LEVELS), 'team-bare'];
const REGISTRATION: Registration = {
  name: 'shared',
  role: 'tenant',
  tenancy: 'shared',
  fluxNamespaces: ['flux-system'],
  tenants: NAMES.map((name) => ({ name, namespaces: { names: [name] }, principals: { groups: [name] } })),
  activeVerification: { enabled: true },
};

const bind = (name: string, namespace: string | undefined, subject: object): Manifest => ({
  apiVersion: `${RBAC}/v1`,
  kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name },
  subjects: [subject],
});

/** Namespaces at each level of the Pod Security Standards, with a group that may create pods in its own. */
const TENANTS: readonly Manifest[] = [
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: 'pod-creator' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['create'] }],
  },
  { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'plain' }, handler: 'runc' },
  ...NAMES.flatMap((name): Manifest[] => {
    const level = (LEVELS as Readonly<Record<string, string>>)[name];
    const labels = level === undefined ? {} : { 'pod-security.kubernetes.io/enforce': level };
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } },
      // No controller makes it here, and no pod is let in without.
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
      bind('pod-creator', name, { kind: 'Group', apiGroup: RBAC, name }),
    ];
  }),
];

describe.skipIf(!shared)('pods of tenants on a real API server [needs lab]', () => {
  let lab: Lab;
  let cluster: RunningCluster;
  let token: string;
  let audited: { readonly snapshot: Snapshot; readonly result: ControlResult };
  const control = controlById('FLUX-NODE-02') as Control;

  beforeAll(async () => {
    if (!shared) return;
    lab = await startLab({ programs: shared.programs, clusters: [{ name: 'shared', controllerManager: false }] });
    cluster = lab.cluster('shared');
    const { admin } = cluster;
    const { gitVersion } = (await admin.request('GET', '/version')).json as { readonly gitVersion: string };
    const prober = proberManifest({
      ...probedPrincipals(REGISTRATION),
      reach: PROBED_RESOURCES,
      serverVersion: gitVersion,
      auditor: AUDITOR,
    });
    const account = { kind: 'ServiceAccount', ...AUDITOR };
    const manifests = [
      ...TENANTS,
      ...prober,
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: AUDITOR },
      auditorClusterRole(catalog),
      bind('plimsoll-reader', undefined, account),
    ] as readonly Manifest[];
    for (const object of manifests) await admin.apply(object);
    token = await requestToken(admin, AUDITOR.namespace, AUDITOR.name);
    audited = await eventually('the guard is at work', async () => {
      const found = await audit();
      return found.snapshot.artifacts.probes.state === 'collected' ? found : undefined;
    });
  });
  afterAll(() => lab?.stop());

  async function audit(): Promise<typeof audited> {
    const egress = new EgressPolicy({ allowCidrs: ['127.0.0.0/8'], allowPorts: [] });
    const access = { server: cluster.server, caData: cluster.caPem, credential: { kind: 'token', token } } as const;
    const budget = { qps: 500, burst: 500 };
    const client = await ClusterClient.open(access, { egress, userAgent: 'plimsoll-test', budget });
    try {
      const snapshot = await collectSnapshot(client, {
        name: 'shared',
        registration: REGISTRATION,
        sightings: { firstSeen: {} },
        needs: ARTIFACT_NAMES.filter((name) => control.requires.includes(name) || control.optional.includes(name)),
        planReviews: planAccessReviews,
        probes: { plan: planProbes, marker: 'run_lab' },
      });
      const profile = { id: 'test@1', ruleSetVersion: 'test', controls: [control.id] };
      const [result] = evaluate([control], profile, snapshot).results;
      if (!result) throw new Error('no result');
      return { snapshot, result };
    } finally {
      await client.close();
    }
  }

  /** What was answered in one namespace, by the kind of pod. */
  function answersIn(namespace: string): Readonly<Record<string, string>> {
    const { probes } = audited.snapshot.artifacts;
    if (probes.state === 'unavailable') throw new Error(probes.message);
    const own = probes.value.results.filter(({ probe }) => probe.target.namespace === namespace);
    return Object.fromEntries(
      own.map(({ probe, verdict }) => [
        probe.key.replace(` in ${namespace}`, ''),
        verdict.kind === 'denied' ? verdict.by.mechanism : verdict.kind,
      ]),
    );
  }
  const ALL = [
    'privileged',
    'hostPID',
    'hostIPC',
    'hostNetwork',
    'hostPath',
    'SYS_ADMIN',
    'hostPort',
    'seccomp',
    'privileged with RuntimeClass plain',
  ];
  const each = (verdict: string) => Object.fromEntries(ALL.map((name) => [name, verdict]));

  it('sends pods that nothing but admission can refuse', () => {
    expect(answersIn('team-privileged')).toMatchObject({ 'control pod': 'accepted', ...each('accepted') });
    expect(answersIn('team-privileged')).toMatchObject({ procMount: 'accepted' });
  });

  it('sees what Pod Security Admission refuses', () => {
    expect(answersIn('team-restricted')).toMatchObject({ 'control pod': 'accepted', ...each('podSecurity') });
    expect(answersIn('team-baseline')).toMatchObject({ 'control pod': 'accepted', ...each('podSecurity') });
  });

  it('judges by what was let in', () => {
    const lines = audited.result.observations.map(
      ({ outcome, reason, confidence, subject }) => `${subject.name}: ${outcome} ${reason}, ${confidence}`,
    );
    expect(lines.toSorted()).toEqual([
      'team-bare: fail PRIVILEGED_PODS_ADMITTED, proven',
      'team-baseline: pass PODS_REFUSED, proven',
      'team-privileged: fail PRIVILEGED_PODS_ADMITTED, proven',
      'team-restricted: pass PODS_REFUSED, proven',
    ]);
  });

  it('creates no pod', async () => {
    const { json } = await cluster.admin.request('GET', '/api/v1/pods');
    expect(json).toMatchObject({ items: [] });
  });
});
