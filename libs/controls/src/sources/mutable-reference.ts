import type { HelmRelease, ImagePolicy, KubernetesObject, Source } from '#libs/core';
import { excerpt } from '#libs/flux';
import { conditionOf } from '../remote-apply/remote-apply-object.js';
import { titleOf } from './source-verification.js';

/** How firmly an object says which revision, version or digest it means. */
export interface ReferenceVerdict {
  readonly object: KubernetesObject;
  readonly outcome: 'fail' | 'warn' | 'pass';
  readonly reason: string;
  /** A whole sentence: what is so. */
  readonly what: string;
  /** Two sentences: why it matters and what to do. Empty for a pass. */
  readonly advice: string;
  readonly pointer: string;
  readonly observed: string | null;
  readonly expected: string;
}

const MOVES = 'Whoever can write there decides what runs, and what ran yesterday cannot be told from the object.';
const RANGE = 'New versions are installed as soon as they are published, tested or not.';

/** source-controller verified what it serves, in a mode that covers what the reference leads to. */
function isVerified(source: Source, modes: readonly string[] = []): boolean {
  const { verify } = source.spec;
  if (!verify || conditionOf(source, 'SourceVerified')?.condition.status !== 'True') return false;
  return modes.length === 0 || modes.includes((verify.mode ?? 'HEAD').toLowerCase());
}

type Found = Omit<ReferenceVerdict, 'object' | 'pointer' | 'observed'> & { readonly at?: string };

function verdictOf(object: KubernetesObject, base: string, value: string | undefined, found: Found): ReferenceVerdict {
  const { at, ...rest } = found;
  const observed = value === undefined ? null : excerpt(value, 120);
  return { object, ...rest, pointer: at === undefined ? base : `${base}/${at}`, observed };
}

/** https://fluxcd.io/flux/components/source/gitrepositories/#reference */
export function judgeGitReference(source: Source): ReferenceVerdict {
  const { ref = {} } = source.spec;
  const title = titleOf(source);
  const { commit, name, semver, tag, branch } = ref;
  const verdict = (at: string | undefined, value: string | undefined, found: Omit<Found, 'at'>) =>
    verdictOf(source, '/spec/ref', value, { ...found, ...(at !== undefined && { at }) });
  if (commit) {
    return verdict('commit', commit, {
      outcome: 'pass',
      reason: 'PINNED',
      what: `${title} names a commit.`,
      advice: '',
      expected: 'a commit',
    });
  }
  const tagName = name?.startsWith('refs/tags/') ? name : name ? undefined : semver ? undefined : tag;
  if (semver && !name) return rangeVerdict(source, '/spec/ref/semver', semver, 'tags');
  if (tagName) {
    const at = name ? 'name' : 'tag';
    if (isVerified(source, ['tag', 'tagandhead', 'head'])) {
      return verdict(at, tagName, {
        outcome: 'pass',
        reason: 'TAG_VERIFIED',
        what: `${title} names a tag, and Flux verifies who signed it.`,
        advice: '',
        expected: 'a tag that is verified',
      });
    }
    return verdict(at, tagName, {
      outcome: 'warn',
      reason: 'MUTABLE_TAG',
      what: `${title} follows the tag ${excerpt(tagName, 80)}, which can be moved.`,
      advice: `${MOVES} Name a commit, or verify signatures with spec.verify.`,
      expected: 'a commit, or a tag that is verified',
    });
  }
  const [at, value] = name ? ['name', name] : branch ? ['branch', branch] : [undefined, undefined];
  if (isVerified(source, ['head', 'tagandhead'])) {
    return verdict(at, value, {
      outcome: 'pass',
      reason: 'BRANCH_VERIFIED',
      what: `${title} follows a branch, and Flux verifies who signed its commits.`,
      advice: '',
      expected: 'a branch whose commits are verified',
    });
  }
  const followed = value === undefined ? 'the default branch' : `the branch ${excerpt(value, 80)}`;
  return verdict(at, value, {
    outcome: 'fail',
    reason: 'BRANCH_NOT_VERIFIED',
    what: `${title} follows ${followed}, and its commits are not verified.`,
    advice: `${MOVES} Verify commits with spec.verify, or name a commit or a signed tag.`,
    expected: 'a branch whose commits are verified, or a commit',
  });
}

/** https://fluxcd.io/flux/components/source/ocirepositories/#reference: a digest wins over a range, and that over a tag. */
export function judgeArtifactReference(source: Source): ReferenceVerdict {
  const { ref = {} } = source.spec;
  const title = titleOf(source);
  const expected = 'a digest';
  const { digest, semver, tag } = ref;
  if (digest) {
    const what = `${title} names a digest.`;
    return verdictOf(source, '/spec/ref/digest', digest, {
      outcome: 'pass',
      reason: 'PINNED',
      what,
      advice: '',
      expected,
    });
  }
  if (semver) return rangeVerdict(source, '/spec/ref/semver', semver, 'tags');
  if (!tag || tag === 'latest') {
    return verdictOf(source, '/spec/ref', tag, {
      ...(tag ? { at: 'tag' } : {}),
      outcome: 'fail',
      reason: 'LATEST',
      what: `${title} follows the tag latest${tag ? '' : ', since it names none'}.`,
      advice: `${MOVES} Name a version and its digest.`,
      expected,
    });
  }
  const signed = isVerified(source);
  return verdictOf(source, '/spec/ref/tag', tag, {
    outcome: signed ? 'warn' : 'fail',
    reason: 'TAG_WITHOUT_DIGEST',
    what: `${title} follows the tag ${excerpt(tag, 80)} without a digest${signed ? '; Flux verifies who signed what it leads to' : ''}.`,
    advice: signed
      ? 'Somebody can still move the tag back to an older version that is signed as well. Set spec.ref.digest, and let a tool raise it.'
      : `${MOVES} Set spec.ref.digest, and let a tool raise it.`,
    expected,
  });
}

/** The version of a chart from a HelmRepository. */
export function judgeChartVersion(object: HelmRelease | Source): ReferenceVerdict {
  const version = object.kind === 'HelmRelease' ? object.spec.chart?.spec.version : object.spec.version;
  const pointer = object.kind === 'HelmRelease' ? '/spec/chart/spec/version' : '/spec/version';
  return rangeVerdict(object, pointer, version, 'versions');
}

/** https://fluxcd.io/flux/components/image/imagepolicies/#digest-reflection-policy */
export function judgeImagePolicy(policy: ImagePolicy): ReferenceVerdict {
  const { digestReflectionPolicy: reflection } = policy.spec;
  const title = titleOf(policy);
  const reflects = reflection === 'Always' || reflection === 'IfNotPresent';
  return verdictOf(policy, '/spec/digestReflectionPolicy', reflection, {
    outcome: reflects ? 'pass' : 'warn',
    reason: reflects ? 'DIGEST_REFLECTED' : 'NO_DIGEST',
    what: reflects
      ? `${title} tells the digest of the image that it chooses.`
      : `${title} tells the tag of the image that it chooses, and no digest.`,
    advice: reflects
      ? ''
      : 'What is written to Git can lead to another image later. Set digestReflectionPolicy to IfNotPresent, and write the digest with the tag.',
    expected: 'Always or IfNotPresent',
  });
}

const EXACT = /^\s*[=v]*\s*\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?\s*$/;

/** An alternative of a range that no version is too new for: `*`, `>=1.0`. */
function isUnbounded(range: string): boolean {
  return range.split('||').some((part) => {
    const text = part.trim();
    if (text === '' || /^[=v]*[xX*](?:\.[xX*])*$/.test(text)) return true;
    return text.includes('>') && !/[<~^]|\s-\s/.test(text);
  });
}

function rangeVerdict(
  object: KubernetesObject,
  pointer: string,
  version: string | undefined,
  of: 'tags' | 'versions',
): ReferenceVerdict {
  const title = titleOf(object);
  const expected = 'one version';
  const written = version?.trim() ?? '';
  if (EXACT.test(written)) {
    const what = `${title} names one version.`;
    return verdictOf(object, pointer, version, {
      outcome: 'pass',
      reason: 'EXACT_VERSION',
      what,
      advice: '',
      expected,
    });
  }
  if (isUnbounded(written)) {
    return verdictOf(object, pointer, version, {
      outcome: 'fail',
      reason: 'ANY_VERSION',
      what: `${title} takes the newest of all ${of}${written === '' ? ', since it names none' : ` ("${excerpt(written, 60)}")`}.`,
      advice: `${RANGE} Name one version, and let a tool raise it by a reviewed change.`,
      expected,
    });
  }
  return verdictOf(object, pointer, version, {
    outcome: 'warn',
    reason: 'VERSION_RANGE',
    what: `${title} takes the newest ${of} of the range "${excerpt(written, 60)}".`,
    advice: `${RANGE} Name one version, and let a tool raise it by a reviewed change.`,
    expected,
  });
}
