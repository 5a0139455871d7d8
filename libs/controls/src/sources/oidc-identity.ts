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

/** Tells the weakest point of each pattern of an identity. */
export type IdentityJudge = (identity: Identity) => readonly IdentityFlaw[];

/**
 * Makes a judge that remembers patterns: those of a fleet are often the same. Patterns are Go's regular expressions,
 * looked for anywhere in the identity.
 * https://fluxcd.io/flux/components/source/ocirepositories/#keyless-verification
 *
 * @param budget of all patterns together; what is judged after it is spent is unknown
 */
export function identityJudge(budget: MatchBudget): IdentityJudge {
  const known = new Map<string, IdentityFlaw | undefined>();
  return (identity) =>
    (['issuer', 'subject'] as const).flatMap((field) => {
      const pattern = identity[field] ?? '';
      const key = `${field} ${pattern}`;
      if (!known.has(key)) known.set(key, flawOf(field, pattern, budget));
      return known.get(key) ?? [];
    });
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
  const { start = false, end = false } = anchorsOf(pattern) ?? {};
  for (const stranger of STRANGERS[field]) {
    // Between anchors there is but one place to match, which is soon ruled out.
    const matches = matchesGoPattern(compiled.program, stranger, budget, start && end);
    if (matches === undefined) return { field, problem: 'unknown', what: `${shown} takes too long to try` };
    if (matches) return { field, problem: 'tooBroad', what: `${shown} also matches the identities of strangers` };
  }
  if (start && end) return undefined;
  const missing = [...(start ? [] : ['^ at its start']), ...(end ? [] : ['$ at its end'])];
  return {
    field,
    problem: 'unanchored',
    what: `${shown} has no ${missing.join(' and no ')}, so it also matches longer names that hold it`,
  };
}
