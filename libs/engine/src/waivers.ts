import { type Finding, type Waiver, isExpired, matchesWaiver } from '#libs/core';

export interface AppliedWaivers {
  /** Fingerprint of each waived finding → id of the waiver. The finding stays a failure. */
  readonly waivedBy: ReadonlyMap<string, string>;
  /** Waivers that would cover a finding, had they not expired: worth telling. */
  readonly expired: readonly Waiver[];
}

/** The longest one first; the id decides between equals, so that the answer does not depend on the order. */
function byExpiry(a: Waiver, b: Waiver): number {
  return Date.parse(b.expiresAt) - Date.parse(a.expiresAt) || (a.id < b.id ? -1 : 1);
}

/**
 * Which findings of a cluster are waived. Where several waivers match, the one that lasts longest counts.
 * @param cluster name and labels, as scopes of waivers state them
 * @param now milliseconds since the epoch
 */
export function applyWaivers(
  findings: readonly Finding[],
  waivers: readonly Waiver[],
  cluster: { readonly name: string; readonly labels: Readonly<Record<string, string>> },
  now: number,
): AppliedWaivers {
  const byControl = new Map<string, Waiver[]>();
  for (const waiver of waivers.toSorted(byExpiry)) {
    const group = byControl.get(waiver.controlId);
    if (group) group.push(waiver);
    else byControl.set(waiver.controlId, [waiver]);
  }
  const waivedBy = new Map<string, string>();
  const expired = new Set<Waiver>();
  for (const { controlId, fingerprint, subject } of findings) {
    const target = { controlId, fingerprint, subject, cluster: cluster.name, labels: cluster.labels };
    for (const waiver of byControl.get(controlId) ?? []) {
      if (isExpired(waiver, now)) {
        const beforeItExpired = Date.parse(waiver.expiresAt) - 1;
        if (!waivedBy.has(fingerprint) && matchesWaiver(waiver, target, beforeItExpired)) expired.add(waiver);
      } else if (!waivedBy.has(fingerprint) && matchesWaiver(waiver, target, now)) {
        waivedBy.set(fingerprint, waiver.id);
      }
    }
  }
  return { waivedBy, expired: [...expired] };
}
