import { accessRuleKey, collected, provenAbsent, unavailable, type AccessRule, type Collected } from '#libs/core';

/**
 * Lists that make one artifact together: complete, or unavailable as a whole with everything that is missing. Proven
 * absent only where all of them are.
 */
export function combined<T>(parts: readonly Collected<readonly T[]>[]): Collected<readonly T[]> {
  const gaps = parts.flatMap((part) => (part.state === 'unavailable' ? [part] : []));
  const requests = parts.flatMap((part) => part.requests ?? []);
  // A permission that is missing is what somebody can do something about.
  const gap = gaps.find(({ reason }) => reason === 'forbidden') ?? gaps[0];
  if (gap) {
    const missing = new Map<string, AccessRule>();
    for (const rule of gaps.flatMap((part) => part.missing)) missing.set(accessRuleKey(rule), rule);
    const more =
      gaps.length === 1 ? '' : ` (${gaps.length - 1} more of the lists that belong to it could not be read.)`;
    return unavailable(
      gap.reason,
      `${gap.message}${more}`,
      [...missing.values()],
      gaps.flatMap((part) => part.requests ?? []),
    );
  }
  const found = parts.filter((part) => part.state === 'collected');
  if (parts.length > 0 && found.every((part) => part.provenAbsent !== undefined)) return provenAbsent([]);
  return collected(
    found.flatMap((part) => part.value),
    requests,
  );
}
