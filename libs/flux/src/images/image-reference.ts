import { basename } from '../components.js';

/** A container image reference, split (https://github.com/distribution/reference). */
export interface ImageReference {
  /** `docker.io` where none is written. */
  readonly registry: string;
  /** Without registry, tag and digest: `fluxcd/helm-controller`. */
  readonly repository: string;
  /** The last part of the repository. */
  readonly name: string;
  readonly tag?: string;
  /** `sha256:…`; where there is one, the tag has no effect on what runs. */
  readonly digest?: string;
}

/** Splits `[registry/]repository[:tag][@digest]`. Tag and digest may both be there. */
export function parseImageReference(image: string): ImageReference {
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  const tagged = at < 0 ? image : image.slice(0, at);
  const colon = tagged.lastIndexOf(':');
  const hasTag = colon > tagged.lastIndexOf('/');
  const path = hasTag ? tagged.slice(0, colon) : tagged;
  const [first = '', ...rest] = path.split('/');
  const hasRegistry = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = hasRegistry ? rest.join('/') : path;
  return {
    registry: hasRegistry ? first : 'docker.io',
    repository,
    name: basename(repository),
    ...(hasTag && { tag: tagged.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
  };
}

/** The manifest digest in `status.containerStatuses[].imageID`; undefined for a bare image id. */
export function digestOfImageId(imageId: string | undefined): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(imageId ?? '')?.[1];
}

/**
 * Where Flux and the distributions that ship it unchanged, or rebuilt with all its flags, publish images. An image
 * from elsewhere is taken for a fork: its tag is a claim.
 */
const KNOWN_SOURCES: readonly (readonly [registry: RegExp, repository: RegExp])[] = [
  [/^ghcr\.io$/, /^fluxcd\/[^/]+$/],
  [/^(docker\.io|registry-1\.docker\.io)$/, /^fluxcd\/[^/]+$/],
  [/^ghcr\.io$/, /^controlplaneio-fluxcd\/([^/]+\/)?[^/]+$/],
  [/^mcr\.microsoft\.com$/, /^oss\/(v2\/)?fluxcd\/[^/]+$/],
  [/^public\.ecr\.aws$/, /^eks-anywhere\/fluxcd\/[^/]+$/],
  [/^(docker\.io|registry\.rancher\.com)$/, /^rancher\/mirrored-fluxcd-[^/]+$/],
];

export function isKnownSource({ registry, repository }: ImageReference): boolean {
  return KNOWN_SOURCES.some(([host, path]) => host.test(registry) && path.test(repository));
}
