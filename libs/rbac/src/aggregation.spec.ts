import { describe, expect, it } from 'vitest';
import { membersOf } from './aggregation.js';
import type { RbacClusterRole } from '#libs/core';
import { indexRbac } from './rbac-index.js';

const named = (name: string, labels?: Record<string, string>): RbacClusterRole => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRole',
  metadata: { name, ...(labels && { labels }) },
  rules: [],
});
const toEdit = { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' };

describe('membersOf', () => {
  const edit: RbacClusterRole = {
    ...named('edit', toEdit),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: toEdit }, { matchLabels: { team: 'a' } }] },
  };
  const index = indexRbac([edit, named('view'), named('flux-edit', toEdit), named('team-a', { team: 'a' })]);
  it('finds the roles that any selector picks, itself apart', () => {
    expect(membersOf(index, edit).map(({ metadata }) => metadata.name)).toEqual(['flux-edit', 'team-a']);
  });
  it.each([
    ['no aggregation', named('view')],
    ['no selector', { ...named('x'), aggregationRule: { clusterRoleSelectors: [] } }],
    ['null', { ...named('x'), aggregationRule: null }],
  ])('finds none for %s', (_, role) => expect(membersOf(index, role)).toEqual([]));
});
