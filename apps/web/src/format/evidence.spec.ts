import { describe, expect, it } from 'vitest';
import { objectText, observedText, pointerPath } from './evidence.js';

describe('pointerPath', () => {
  it.each([
    ['/spec/template/spec/containers/0/args/3', 'spec.template.spec.containers[0].args[3]'],
    ['/metadata/labels/app.kubernetes.io~1part-of', 'metadata.labels["app.kubernetes.io/part-of"]'],
    ['/data/a~0b', 'data["a~b"]'],
    ['', ''],
  ])('%s → %s', (pointer, expected) => {
    expect(pointerPath(pointer)).toBe(expected);
  });
});

describe('observedText', () => {
  it.each([
    [null, '(absent)'],
    ['', '(empty)'],
    ['--no-remote-bases=true', '--no-remote-bases=true'],
    [[], '(empty list)'],
    [['delete', 'patch'], 'delete\npatch'],
    [[{ a: 1 }, 2], '{"a":1}\n2'],
    [true, 'true'],
    [{ replicas: 0 }, '{\n  "replicas": 0\n}'],
  ])('%j → %j', (value, expected) => {
    expect(observedText(value)).toBe(expected);
  });
});

describe('objectText', () => {
  it('leaves the namespace of a cluster-wide object out', () => {
    expect(objectText({ kind: 'ClusterRole', name: 'tenant-admin' })).toBe('ClusterRole tenant-admin');
    expect(objectText({ kind: 'Deployment', namespace: 'flux-system', name: 'x' })).toBe('Deployment flux-system/x');
  });
});
