import { describe, expect, it } from 'vitest';
import type { HelmRelease, Kustomization } from '#libs/core';
import { classifyCause } from '../status/classify-cause.js';
import { failureModesOf } from './failure-modes.js';

const metadata = { namespace: 'spoke-a', name: 'x' };
const kustomization = (spec: Kustomization['spec'] = {}): Kustomization => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata,
  spec,
});
const helmRelease = (spec: HelmRelease['spec'] = {}): HelmRelease => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata,
  spec,
});
const names = (object: Kustomization | HelmRelease) => failureModesOf(object).map(({ mode }) => mode);
const all = [...failureModesOf(kustomization({ dependsOn: [{ name: 'a' }] })), ...failureModesOf(helmRelease())];

describe('how an object can fail', () => {
  it('waits for others only where it names some', () => {
    expect(names(kustomization())).not.toContain('DEPENDENCY');
    expect(names(kustomization({ dependsOn: [] }))).not.toContain('DEPENDENCY');
    expect(names(helmRelease({ dependsOn: [{ name: 'a' }] }))).toContain('DEPENDENCY');
  });

  it.each([
    ['another namespace', 'charts', true],
    ['the own namespace', 'spoke-a', false],
    ['no namespace', undefined, false],
    ['an empty one', '', false],
  ])('freezes over a chart in %s: %j', (_what, namespace, frozen) => {
    const sourceRef = { kind: 'HelmRepository', name: 'a', ...(namespace !== undefined && { namespace }) };
    expect(names(helmRelease({ chart: { spec: { chart: 'a', sourceRef } } })).includes('FROZEN')).toBe(frozen);
  });

  it('tells which failures lose the target cluster', () => {
    expect([...new Set(all.filter(({ essential }) => essential).map(({ mode }) => mode))]).toEqual([
      'APPLY_DENIED',
      'KUBECLIENT_FAIL',
      'STATE_ERROR',
      'REST_CLIENT',
    ]);
  });
});

describe('sample messages', () => {
  const errors = all.filter(({ event }) => event?.severity === 'error');

  it('are at least three for each error', () => {
    expect(errors.length).toBeGreaterThan(8);
    expect(errors.filter(({ event }) => new Set(event?.samples).size < 3)).toEqual([]);
  });

  it('of an apply end with a line break, the others do not', () => {
    for (const { mode, event } of all) {
      for (const sample of event?.samples ?? []) expect(sample.endsWith('\n')).toBe(mode === 'APPLY_DENIED');
    }
  });

  it('of lost access are such as the causes are told from', () => {
    for (const { essential, event } of all) {
      for (const sample of essential ? (event?.samples ?? []) : []) expect(classifyCause(sample)).toBeDefined();
    }
  });
});
