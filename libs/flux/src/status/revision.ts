interface Revision {
  /** Branch, tag, or version. */
  readonly name: string;
  readonly hash?: string;
}

/**
 * `main@sha1:<hex>`, `latest@sha256:<hex>`, `sha256:<hex>`, the form before Flux 2.0 `main/<hex>`, a chart version
 * `1.2.3`, or one from an OCIRepository `1.2.3+<first 12 digits of the digest>`
 * (https://fluxcd.io/flux/components/source/gitrepositories/#artifact).
 */
function parseRevision(text: string): Revision {
  const [, name, hash] =
    /^(?:(.*)@)?[a-z0-9]+:([0-9a-f]{12,})$/.exec(text) ??
    /^(?:(.*)\/)?([0-9a-f]{40}|[0-9a-f]{64})$/.exec(text) ??
    /^(.*)\+([0-9a-f]{12})$/.exec(text) ??
    [];
  return hash === undefined ? { name: text } : { name: name ?? '', hash };
}

/** Whether two revisions, in any two forms, name the same content. A hash decides where both have one. */
export function sameRevision(a: string, b: string): boolean {
  if (a === b) return true;
  const [left, right] = [parseRevision(a), parseRevision(b)];
  if (left.hash === undefined || right.hash === undefined) return false;
  const [short, long] = left.hash.length < right.hash.length ? [left.hash, right.hash] : [right.hash, left.hash];
  return short.length === long.length ? short === long : short.length === 12 && long.startsWith(short);
}
