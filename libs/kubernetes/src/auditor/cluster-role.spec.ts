import { describe, expect, it } from 'vitest';
import { ARTIFACT_READS } from '#libs/core';
import { auditorClusterRole, policyRules } from './cluster-role.js';

const everything = { reads: Object.values(ARTIFACT_READS).flat() };

describe("the auditor's ClusterRole", () => {
  it('holds what the controls read and the identity of the cluster', () => {
    expect(auditorClusterRole([{ reads: ARTIFACT_READS.sources }, { reads: ARTIFACT_READS.pods }])).toEqual({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'plimsoll-reader', labels: { 'app.kubernetes.io/part-of': 'plimsoll' } },
      rules: [
        { apiGroups: [''], resources: ['namespaces'], resourceNames: ['kube-system'], verbs: ['get'] },
        {
          apiGroups: ['source.toolkit.fluxcd.io'],
          resources: [
            'gitrepositories',
            'ocirepositories',
            'helmrepositories',
            'helmcharts',
            'buckets',
            'externalartifacts',
          ],
          verbs: ['list'],
        },
        { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
      ],
    });
  });

  it('grants every read of every artifact, each once', () => {
    const { rules } = auditorClusterRole([everything, everything]);
    const granted = rules.flatMap(({ apiGroups, resources }) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${resource}.${group}`)),
    );
    for (const { group, resource } of everything.reads) expect(granted).toContain(`${resource}.${group}`);
    const named = rules.filter(({ resourceNames }) => resourceNames === undefined);
    expect(new Set(granted).size).toBe(granted.length - (rules.length - named.length));
  });

  it('never grants a write, a Secret or everything', () => {
    const { rules } = auditorClusterRole([everything]);
    // A review is answered and not stored, so that to "create" one is to ask.
    const writes = rules.filter(({ verbs }) => verbs.some((verb) => verb !== 'get' && verb !== 'list'));
    expect(writes).toEqual([
      { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
    ]);
    // Every template of Gatekeeper makes a kind of constraint with a name of its own.
    const wildcards = rules.filter((rule) => JSON.stringify(rule).includes('*'));
    expect(wildcards).toEqual([{ apiGroups: ['constraints.gatekeeper.sh'], resources: ['*'], verbs: ['list'] }]);
    const words = rules.flatMap(({ apiGroups, resources }) => [...apiGroups, ...resources]);
    expect(words.filter((word) => word.includes('secret'))).toEqual(['sealedsecrets']);
  });

  it('joins verbs of one resource', () => {
    const rule = { group: 'apps', resource: 'deployments' };
    expect(
      policyRules([
        { verb: 'get', ...rule },
        { verb: 'list', ...rule },
      ]),
    ).toEqual([{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'list'] }]);
  });
});
