import type { EnginePolicy } from '#libs/core';
import { listAt, textAt, textsAt } from '../json-access.js';
import type { Situation } from '../situation.js';
import { matchesBlock } from './match.js';
import { matchesWildcard } from './wildcard.js';

/**
 * Whether a PolicyException may exempt requests from a rule. Its conditions are not looked at: an exception that may
 * hold counts. https://kyverno.io/docs/policy-types/cluster-policy/exceptions/
 */
export function isExcepted(
  policy: EnginePolicy,
  rule: string,
  exceptions: readonly EnginePolicy[],
  situation: Situation,
): boolean {
  const { namespace, name } = policy.metadata;
  const names = [name, `${namespace ?? ''}/${name}`];
  return exceptions.some(({ spec }) => {
    const meant = (listAt(spec, 'exceptions') ?? []).some(
      (each) =>
        names.includes(textAt(each, 'policyName') ?? '') &&
        (textsAt(each, 'ruleNames') ?? []).some((pattern) => matchesWildcard(pattern, rule)),
    );
    return meant && matchesBlock(spec['match'], situation) !== 'no';
  });
}
