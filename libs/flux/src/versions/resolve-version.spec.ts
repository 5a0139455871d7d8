import { describe, expect, it } from 'vitest';
import { DIGESTS } from '../images/digests.generated.js';
import { parseImageReference } from '../images/image-reference.js';
import { type VersionEvidence, describeVersion, resolveVersion } from './resolve-version.js';

const known = `sha256:${DIGESTS['helm-controller']?.['1.6.3']?.split(' ')[0]}`;
const unknown = `sha256:${'0'.repeat(64)}`;

function resolve(image: string, more: Partial<VersionEvidence> = {}) {
  return resolveVersion('helm-controller', { image: parseImageReference(image), ...more });
}

describe('the version of a controller', () => {
  it.each<[string, string, Partial<VersionEvidence>, object]>([
    [
      'a tag',
      'ghcr.io/fluxcd/helm-controller:v1.6.3',
      {},
      { version: '1.6.3', method: 'tag', confidence: 'proven', exactFlags: true },
    ],
    [
      'a distributor',
      'ghcr.io/controlplaneio-fluxcd/alpine/helm-controller:v1.5.0-flux.2',
      {},
      { version: '1.5.0', method: 'tag', exactFlags: false },
    ],
    ['no v', 'fluxcd/helm-controller:1.6.0', {}, { version: '1.6.0', exactFlags: true }],
    [
      'a fork',
      'ghcr.io/somebody/helm-controller:v1.6.3',
      {},
      { version: '1.6.3', confidence: 'derived', fork: true, exactFlags: false },
    ],
    [
      'a known digest',
      `registry.local/x@${known}`,
      {},
      { version: '1.6.3', method: 'digest', confidence: 'proven', fork: false },
    ],
    [
      'a known digest beside another tag',
      `ghcr.io/fluxcd/helm-controller:v1.0.0@${known}`,
      {},
      { version: '1.6.3', method: 'digest' },
    ],
    [
      'a tag beside an unknown digest',
      `ghcr.io/fluxcd/helm-controller:v1.6.3@${unknown}`,
      {},
      { version: '1.6.3', method: 'tag', confidence: 'derived' },
    ],
    [
      'the digest that runs',
      'registry.local/helm-controller:latest',
      { imageId: `registry.local/x@${known}` },
      { version: '1.6.3', method: 'digest' },
    ],
    [
      'the digest of another controller',
      'ghcr.io/fluxcd/helm-controller:v1.5.0',
      { imageId: `x@sha256:${DIGESTS['source-controller']?.['1.9.4']?.split(' ')[0]}` },
      { version: '1.5.0', method: 'tag' },
    ],
    [
      'a label',
      'ghcr.io/fluxcd/helm-controller:latest',
      { versionLabel: 'v2.9.4' },
      { version: '1.6.3', method: 'label', confidence: 'derived' },
    ],
    [
      'a label that is not in the table',
      'ghcr.io/fluxcd/helm-controller:latest',
      { versionLabel: 'v9.9.9' },
      { method: 'unknown' },
    ],
    ['nothing', 'ghcr.io/fluxcd/helm-controller', {}, { method: 'unknown', newer: false, exactFlags: false }],
    [
      'a newer minor',
      'ghcr.io/fluxcd/helm-controller:v1.7.0',
      {},
      { version: '1.7.0', newer: true, exactFlags: false },
    ],
    ['a newer patch', 'ghcr.io/fluxcd/helm-controller:v1.6.9', {}, { version: '1.6.9', newer: true, exactFlags: true }],
    ['a branch', 'ghcr.io/fluxcd/helm-controller:main-abc1234', {}, { method: 'unknown' }],
  ])('%s', (_title, image, more, expected) => {
    expect({ version: undefined, ...resolve(image, more) }).toMatchObject({ version: undefined, ...expected });
  });

  it('is told in words', () => {
    expect(describeVersion(resolve('ghcr.io/fluxcd/helm-controller:v1.6.3'))).toBe('v1.6.3 by its tag');
    expect(describeVersion(resolve('ghcr.io/fluxcd/helm-controller:edge'))).toBe('of unknown version');
  });
});
