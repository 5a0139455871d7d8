import type { SourceVerification } from '#libs/core';
import { type MatchBudget, anchorsOf, compileGoPattern, excerpt, matchesGoPattern } from '#libs/flux';

type Identity = NonNullable<SourceVerification['matchOIDCIdentity']>[number];
type Field = 'issuer' | 'subject';

/** What is wrong with one pattern of an identity that signatures must be of. */
export interface IdentityFlaw {
  readonly field: Field;
  readonly problem: 'tooBroad' | 'unanchored' | 'unknown';
  /** Continues "the subject …": `"x" also matches …`. */
  readonly what: string;
}

/** Identities that nobody means: whoever matches them, matches everybody. */
const STRANGERS: Readonly<Record<Field, readonly string[]>> = {
  issuer: ['https://issuer.stranger.invalid'],
  subject: [
    'https://github.com/stranger-0/stranger-1/.github/workflows/stranger-2.yml@refs/heads/stranger-3',
    'https://gitlab.com/stranger-0/stranger-1//.gitlab-ci.yml@refs/heads/stranger-3',
    'stranger@stranger.invalid',
  ],
};

/**
 * The weakest point of each pattern. Patterns are Go's regular expressions, looked for anywhere in the identity.
 * https://fluxcd.io/flux/components/source/ocirepositories/#keyless-verification
 */
export function identityFlaws(identity: Identity, budget: MatchBudget): readonly IdentityFlaw[] {
  return (['issuer', 'subject'] as const).flatMap((field) => flawOf(field, identity[field] ?? '', budget) ?? []);
}

function flawOf(field: Field, pattern: string, budget: MatchBudget): IdentityFlaw | undefined {
  const shown = `"${excerpt(pattern, 120)}"`;
  if (pattern === '') return { field, problem: 'tooBroad', what: 'is empty and matches everybody' };
  const compiled = compileGoPattern(pattern);
  if (compiled.state !== 'valid') {
    const why = compiled.state === 'invalid' ? 'Go refuses it' : 'it is not understood here';
    return {
      field,
      problem: 'unknown',
      what: `${shown} cannot be judged, because ${why} (${excerpt(compiled.why, 80)})`,
    };
  }
  for (const stranger of STRANGERS[field]) {
    const matches = matchesGoPattern(compiled.program, stranger, budget);
    if (matches === undefined) {
      return { field, problem: 'unknown', what: `${shown} takes too long to try` };
    }
    if (matches) return { field, problem: 'tooBroad', what: `${shown} also matches the identities of strangers` };
  }
  const anchors = anchorsOf(pattern);
  if (anchors?.start && anchors.end) return undefined;
  const missing = [...(anchors?.start ? [] : ['^ at its start']), ...(anchors?.end ? [] : ['$ at its end'])];
  return {
    field,
    problem: 'unanchored',
    what: `${shown} has no ${missing.join(' and no ')}, so it also matches longer names that hold it`,
  };
}
