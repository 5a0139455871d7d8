import { describe, expect, it } from 'vitest';
import { digestOfImageId, isKnownSource, parseImageReference } from './image-reference.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('image references', () => {
  it.each<[string, ReturnType<typeof parseImageReference>]>([
    [
      'ghcr.io/fluxcd/helm-controller:v1.6.3',
      { registry: 'ghcr.io', repository: 'fluxcd/helm-controller', name: 'helm-controller', tag: 'v1.6.3' },
    ],
    [
      `registry.example/fluxcd/kustomize-controller:v1.9.4@${DIGEST}`,
      {
        registry: 'registry.example',
        repository: 'fluxcd/kustomize-controller',
        name: 'kustomize-controller',
        tag: 'v1.9.4',
        digest: DIGEST,
      },
    ],
    [`localhost:5000/x@${DIGEST}`, { registry: 'localhost:5000', repository: 'x', name: 'x', digest: DIGEST }],
    ['localhost/x', { registry: 'localhost', repository: 'x', name: 'x' }],
    [
      'fluxcd/helm-controller',
      { registry: 'docker.io', repository: 'fluxcd/helm-controller', name: 'helm-controller' },
    ],
    [
      'helm-controller:v1',
      { registry: 'docker.io', repository: 'helm-controller', name: 'helm-controller', tag: 'v1' },
    ],
    ['registry:5000/a/b/c:t', { registry: 'registry:5000', repository: 'a/b/c', name: 'c', tag: 't' }],
    ['', { registry: 'docker.io', repository: '', name: '' }],
  ])('%s', (image, expected) => {
    expect(parseImageReference(image)).toEqual(expected);
  });

  it.each([
    ['ghcr.io/fluxcd/helm-controller:v1', true],
    ['fluxcd/helm-controller:v1', true],
    ['ghcr.io/controlplaneio-fluxcd/distroless-fips/helm-controller:v1', true],
    ['mcr.microsoft.com/oss/fluxcd/helm-controller:v1', true],
    ['public.ecr.aws/eks-anywhere/fluxcd/helm-controller:v1', true],
    ['rancher/mirrored-fluxcd-helm-controller:v1', true],
    ['ghcr.io/somebody/helm-controller:v1', false],
    ['registry.example/fluxcd/helm-controller:v1', false],
    ['registry.example/ghcr.io/fluxcd/helm-controller:v1', false],
    ['ghcr.io/fluxcd/helm-controller/evil:v1', false],
  ])('%s is from a known source: %s', (image, known) => {
    expect(isKnownSource(parseImageReference(image))).toBe(known);
  });

  it.each([
    [`ghcr.io/fluxcd/x@${DIGEST}`, DIGEST],
    [`docker-pullable://ghcr.io/fluxcd/x@${DIGEST}`, DIGEST],
    [DIGEST, undefined],
    ['', undefined],
    [undefined, undefined],
  ])('the digest of the image id %s', (imageId, digest) => {
    expect(digestOfImageId(imageId)).toBe(digest);
  });
});
