import { type Evidence, type Fix, type Observation, fail, notEvaluated, pass, warn } from '#libs/core';
import {
  type ControllerInstance,
  type ControllerRun,
  RELEASES_AS_OF,
  digestOfImageId,
  excerpt,
  imageByDigest,
  isKnownSource,
  listsImagesOf,
} from '#libs/flux';
import { imageEvidence } from '../controller-flags/flag-evidence.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';

/** What is the same for all controllers of a cluster. */
export interface ImagePolicyFacts {
  /** Registries that the registry of clusters allows, each with or without a path: `registry.example/flux`. */
  readonly trusted: readonly string[];
  /** The container runtime may name the image of one platform where others name the image of all: CRI-O does. */
  readonly platformDigests: boolean;
}

interface Verdict {
  readonly outcome: 'fail' | 'warn' | 'pass';
  readonly reason: string;
  /** Continues "source-controller a/b runs the image x, ", up to the end of the sentence. */
  readonly what: string;
  /** Two sentences: why it matters and what to do. */
  readonly advice: string;
  readonly low?: boolean;
}

const RANK = ['fail', 'warn', 'pass'] as const;

/** One verdict for each controller: the worst of its pods, or of its template where it has none. */
export function judgeImages(instance: ControllerInstance, facts: ImagePolicyFacts): Observation {
  const subject = subjectOfInstance(instance);
  const title = `${instance.component} ${instance.namespace}/${instance.owner.name}`;
  const live = instance.pods.filter(({ terminating }) => !terminating);
  const runs = live.length > 0 || !instance.template ? live : [instance.template];
  const judged = runs.map((run) => ({ run, verdict: judgeRun(run, instance, facts) }));
  const [worst] = judged.toSorted((a, b) => RANK.indexOf(a.verdict.outcome) - RANK.indexOf(b.verdict.outcome));
  if (!worst) {
    const message = `${title} has no pod and no template, so its image is not known. Look whether it still exists.`;
    return notEvaluated(subject, 'undecidable', 'NO_POD', message);
  }
  const { outcome, reason, what, advice, low } = worst.verdict;
  const evidence: readonly [Evidence] = [imageEvidence(worst.run, 'an image of a Flux release, by its digest')];
  const message = `${title} runs the image ${excerpt(worst.run.container.image, 200)}, ${what}. ${advice}`;
  const details = {
    confidence: worst.run.image.digest === undefined && outcome !== 'pass' ? 'derived' : 'proven',
    evidence,
    fixes: pinFixes(worst.run, instance),
    ...(low && { severity: 'low' as const }),
  } as const;
  if (outcome === 'fail') return fail(subject, reason, message, details);
  if (outcome === 'warn') return warn(subject, reason, message, details);
  return pass(subject, reason, message);
}

function judgeRun(run: ControllerRun, { component }: ControllerInstance, facts: ImagePolicyFacts): Verdict {
  const { image, version } = run;
  const running = digestOfImageId(run.status?.imageID);
  const known = knownDigest(run, component);
  const allowed = isKnownSource(image) || isTrusted(run, facts.trusted);
  if (known !== undefined) {
    if (allowed || image.digest !== undefined) {
      const how = image.digest === undefined ? 'which runs' : 'which it is pinned to';
      return {
        outcome: 'pass',
        reason: 'KNOWN_IMAGE',
        what: `and the digest ${how} is the one that the Flux project published for v${known}`,
        advice: 'There is nothing to do.',
      };
    }
    return {
      outcome: 'warn',
      reason: 'UNTRUSTED_REGISTRY',
      what: `which is the one that the Flux project published for v${known}, from a registry that is not a known one`,
      advice:
        'The tag may lead to another image tomorrow, and nobody vouches for that registry. ' +
        'Pin the digest, use ghcr.io/fluxcd, or declare the registry in trustedRegistries of the cluster.',
      low: true,
    };
  }
  if (!allowed) {
    return {
      outcome: 'fail',
      reason: 'UNTRUSTED_REGISTRY',
      what: 'which is of no known release and from a registry that is neither known nor declared',
      advice:
        'What a controller of Flux does, it does with the rights over the cluster, so its image must come from somebody who is trusted with them. ' +
        'Use the images of ghcr.io/fluxcd, or declare the registry in trustedRegistries of the cluster.',
    };
  }
  const digest = image.digest ?? running;
  if (digest === undefined) {
    return {
      outcome: 'warn',
      reason: 'TAG_ONLY',
      what: 'by its tag alone, and no pod tells its digest',
      advice: 'A tag can be moved to another image. Pin the digest of the release.',
      low: true,
    };
  }
  const which = image.digest === undefined ? 'the digest which runs' : 'its digest';
  if (version.newer) {
    return {
      outcome: 'warn',
      reason: 'TABLE_OUTDATED',
      what: `which by its tag is newer than the releases that this version of Plimsoll knows (up to Flux v${RELEASES_AS_OF.flux})`,
      advice: 'So it is not known whether the image is that of the release. Upgrade Plimsoll.',
      low: true,
    };
  }
  const upstream = image.repository.startsWith('fluxcd/') && isKnownSource(image);
  const listed = version.version !== undefined && listsImagesOf(component, version.version);
  const maybePlatform = facts.platformDigests && image.digest === undefined;
  if (upstream && listed && !maybePlatform) {
    return {
      outcome: 'fail',
      reason: 'UNKNOWN_DIGEST',
      what: `and ${which} is none that the Flux project published for v${version.version}`,
      advice:
        'A tag that leads to another image than the one that was released and signed is a sign that somebody replaced it, here or in a mirror. ' +
        'Compare the digest with the release, verify its signature, and pin the digest of the release.',
    };
  }
  return {
    outcome: 'warn',
    reason: 'DIGEST_NOT_LISTED',
    what: maybePlatform
      ? `and ${which} is in no table, which may be because this container runtime names the image of one platform`
      : `and ${which} is in no table, because it is a build of a distributor or of a release that is not listed`,
    advice:
      'So nothing here vouches for its contents. ' +
      'Verify the signature of its publisher, and admit only images that are signed.',
    low: true,
  };
}

/** The version that the digest is known for; undefined where it is unknown, or of another controller. */
function knownDigest({ image, status }: ControllerRun, component: ControllerInstance['component']): string | undefined {
  return [image.digest, digestOfImageId(status?.imageID)]
    .map(imageByDigest)
    .find((candidate) => candidate?.component === component)?.version;
}

function isTrusted({ image }: ControllerRun, trusted: readonly string[]): boolean {
  const place = `${image.registry}/${image.repository}`;
  return trusted.some((entry) => {
    const wanted = entry.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '');
    return wanted !== '' && (place === wanted || place.startsWith(`${wanted}/`));
  });
}

/** The digest to pin, where it is known; else how to look whether the image is the release. */
function pinFixes(run: ControllerRun, { component }: ControllerInstance): readonly Fix[] {
  const { image } = run;
  const name = image.registry === 'docker.io' ? image.repository : `${image.registry}/${image.repository}`;
  const running = digestOfImageId(run.status?.imageID);
  if (image.digest === undefined && running !== undefined && imageByDigest(running)?.component === component) {
    const content = `# kustomization.yaml that holds the manifests of Flux\nimages:\n  - name: ${name}\n    digest: ${running}\n`;
    return [{ form: 'kustomizePatch', title: 'Pin the digest that runs', content }];
  }
  const tag = image.tag ?? `v${run.version.version ?? '…'}`;
  const content =
    `# Signed by the release workflow of the Flux project; prints the digest to pin.\n` +
    `cosign verify ghcr.io/fluxcd/${component}:${excerpt(tag, 60)} --certificate-identity-regexp='^https://github\\.com/fluxcd/.*$' --certificate-oidc-issuer=https://token.actions.githubusercontent.com\n`;
  return [{ form: 'steps', title: 'Verify the image of the release', content }];
}
