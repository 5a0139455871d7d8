import { describe, expect, it, vi } from 'vitest';
import { collected, unavailable, type FleetCluster, type HelmRelease, type Kustomization } from '#libs/core';
import type { FoundArtifacts } from './found-artifacts.js';
import { collectFleet } from './fleet.js';

const spoke: FleetCluster = { name: 'spoke', server: 'https://spoke:443', tenants: ['team-a'] };
const hub: FleetCluster = { name: 'hub', server: 'https://hub:443', uid: 'hub-uid', tenants: [] };

const metadata = { namespace: 'a', name: 'x' };
const kustomization = (spec: Kustomization['spec']): Kustomization => ({
  apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
  kind: 'Kustomization',
  metadata,
  spec,
});
const helmRelease = (spec: HelmRelease['spec']): HelmRelease => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata,
  spec,
});
const local: FoundArtifacts = {
  kustomizations: collected([kustomization({})]),
  helmReleases: collected([helmRelease({})]),
};
const remote = { kubeConfig: { configMapRef: { name: 'm' } } };

describe('the fleet', () => {
  it.each<[string, FoundArtifacts, 'management' | 'tenant' | undefined, boolean]>([
    ['nothing is applied elsewhere', local, undefined, false],
    ['nothing is applied elsewhere, as a tenant', local, 'tenant', false],
    ['nothing is applied elsewhere, from a management cluster', local, 'management', true],
    ['a Kustomization is', { ...local, kustomizations: collected([kustomization(remote)]) }, 'tenant', true],
    ['a HelmRelease is', { ...local, helmReleases: collected([helmRelease(remote)]) }, undefined, true],
    ['that is not known', { ...local, helmReleases: unavailable('forbidden', 'No.') }, 'tenant', true],
    ['that was not looked at', {}, 'tenant', true],
  ])('where %s', async (_title, found, role, isAsked) => {
    const ask = vi.fn(() => Promise.resolve([spoke]));
    const fleet = await collectFleet(ask, { name: 'c', ...(role && { role }) }, found, 'uid');
    expect(ask).toHaveBeenCalledTimes(isAsked ? 1 : 0);
    expect(fleet).toEqual(collected(isAsked ? [spoke] : []));
  });

  it('knows the audited cluster by its identity', async () => {
    const fleet = await collectFleet(
      () => Promise.resolve([hub, spoke]),
      { name: 'c', role: 'management' },
      {},
      'hub-uid',
    );
    expect(fleet).toEqual(collected([{ ...hub, self: true }, spoke]));
  });

  it('is not there without a registry, or where that fails', async () => {
    const management = { name: 'c', role: 'management' } as const;
    expect(await collectFleet(undefined, management, {}, 'uid')).toMatchObject({ reason: 'notCollected' });
    const failing = () => Promise.reject(new Error('postgres://user:password@host'));
    const fleet = await collectFleet(failing, management, {}, 'uid');
    expect(fleet).toMatchObject({ state: 'unavailable', reason: 'transient' });
    expect(JSON.stringify(fleet)).not.toContain('password');
  });
});
