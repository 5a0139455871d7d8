import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import type { AccessRule } from '#libs/core';
import { rulesAsYaml } from './access-rules.js';

const list = (group: string, resource: string, more: Partial<AccessRule> = {}): AccessRule => ({
  verb: 'list',
  group,
  resource,
  ...more,
});

describe('rulesAsYaml', () => {
  it('joins what one rule can grant', () => {
    const yaml = rulesAsYaml([
      list('', 'pods'),
      list('', 'namespaces'),
      list('apps', 'deployments'),
      { ...list('apps', 'deployments'), verb: 'get' },
    ]);
    expect(parse(yaml)).toEqual([
      { apiGroups: [''], resources: ['pods', 'namespaces'], verbs: ['list'] },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['list', 'get'] },
    ]);
  });

  it('keeps names and namespaces apart', () => {
    const yaml = rulesAsYaml([
      list('', 'configmaps', { verb: 'get', name: 'flux-env', namespace: 'flux-system' }),
      list('', 'configmaps'),
    ]);
    expect(yaml).toContain('# in a Role in namespace flux-system');
    expect(parse(yaml)).toEqual([
      { apiGroups: [''], resources: ['configmaps'], verbs: ['get'], resourceNames: ['flux-env'] },
      { apiGroups: [''], resources: ['configmaps'], verbs: ['list'] },
    ]);
  });

  it('is empty for no rules', () => {
    expect(rulesAsYaml([])).toBe('');
  });
});
