import { describe, expect, it } from 'vitest';
import { COMPONENTS } from '../components.js';
import { imageByDigest } from '../images/digest-table.js';
import { DIGESTS, DIGESTS_AS_OF } from '../images/digests.generated.js';
import { FLUX_RELEASES, RELEASES_AS_OF, componentVersion, newestKnown } from './releases.js';
import { compareVersions, parseVersion } from './version.js';

describe('the release table', () => {
  it('is in order, up to the release it names', () => {
    const versions = FLUX_RELEASES.map(({ flux }) => flux);
    expect(versions.length).toBeGreaterThan(40);
    expect(versions).toEqual(versions.toSorted(compareVersions));
    expect(FLUX_RELEASES.at(-1)).toMatchObject({ flux: RELEASES_AS_OF.flux, date: RELEASES_AS_OF.date });
  });

  it('has whole versions only', () => {
    const all = FLUX_RELEASES.flatMap(({ components }) => Object.values(components));
    expect(all.filter((version) => parseVersion(version)?.version !== version)).toEqual([]);
  });

  it.each([
    ['2.9.4', 'helm-controller', '1.6.3'],
    ['2.9.4', 'source-watcher', '2.2.3'],
    ['2.0.0', 'source-watcher', undefined],
    ['0.29.0', 'kustomize-controller', '0.24.0'],
    ['9.9.9', 'kustomize-controller', undefined],
  ] as const)('Flux %s ships %s %s', (flux, component, version) => {
    expect(componentVersion(flux, component)).toBe(version);
  });

  it('knows the newest version of each controller', () => {
    expect(Object.fromEntries(COMPONENTS.map((component) => [component, newestKnown(component)]))).toEqual({
      'source-controller': '1.9.4',
      'kustomize-controller': '1.9.4',
      'helm-controller': '1.6.3',
      'notification-controller': '1.9.3',
      'image-reflector-controller': '1.2.4',
      'image-automation-controller': '1.2.4',
      'source-watcher': '2.2.3',
    });
  });
});

describe('the digest table', () => {
  it('covers every controller of every release since 2.2', () => {
    const missing = FLUX_RELEASES.filter(({ flux }) => compareVersions(flux, '2.2.0') >= 0).flatMap(
      ({ flux, components }) =>
        Object.entries(components)
          .filter(([component, version]) => DIGESTS[component]?.[version] === undefined)
          .map(([component, version]) => `${flux} ${component} ${version}`),
    );
    expect(missing).toEqual([]);
    expect(DIGESTS_AS_OF >= RELEASES_AS_OF.date).toBe(true);
  });

  it('names each digest once', () => {
    const all = Object.values(DIGESTS).flatMap((versions) =>
      Object.values(versions).flatMap((digests) => digests.split(' ')),
    );
    expect(new Set(all).size).toBe(all.length);
    expect(all.filter((digest) => !/^[0-9a-f]{64}$/.test(digest))).toEqual([]);
  });

  it('finds a controller by what runs', () => {
    const digest = DIGESTS['helm-controller']?.['1.6.3']?.split(' ')[0] ?? '';
    expect(imageByDigest(`sha256:${digest}`)).toEqual({ component: 'helm-controller', version: '1.6.3' });
    expect(imageByDigest('sha256:0')).toBeUndefined();
    expect(imageByDigest(undefined)).toBeUndefined();
  });
});
