/** A version of three numbers, such as `1.9.4`: no leading `v`, no suffix. */
export type Version = string;

const TAG = /^v?(\d+)\.(\d+)\.(\d+)(?:[-+_.](.*))?$/;

/**
 * Reads an image tag or a version label: `v1.9.4`, `1.9.4`, and distributors' forms with a suffix, such as
 * `v1.2.3-flux.1` or `v1.5.0-eks-a-24`. Undefined for tags that name no version (`latest`, `main-abc`).
 */
export function parseVersion(tag: string): { readonly version: Version; readonly suffix: string } | undefined {
  const [, major, minor, patch, suffix = ''] = TAG.exec(tag) ?? [];
  if (major === undefined) return undefined;
  return { version: `${Number(major)}.${Number(minor)}.${Number(patch)}`, suffix };
}

/** Negative where `a` is older. */
export function compareVersions(a: Version, b: Version): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let part = 0; part < 3; part++) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isOlder(a: Version, b: Version): boolean {
  return compareVersions(a, b) < 0;
}

/** `1.9` of `1.9.4`. */
export function minorOf(version: Version): string {
  return version.split('.').slice(0, 2).join('.');
}
