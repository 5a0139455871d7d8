import { type Fix, type Observation, SEVERITIES, fail, notEvaluated, pass, warn } from '#libs/core';
import {
  ADVISORIES_AS_OF,
  type AffectingAdvisory,
  type ControllerInstance,
  type ControllerRun,
  RELEASES_AS_OF,
  SUPPORTED,
  advisoriesFor,
  describeInstall,
  describeVersion,
  isOlder,
  releasePlaceOf,
} from '#libs/flux';
import { imageEvidence } from '../controller-flags/flag-evidence.js';
import { type Inspection, fixTarget } from '../controller-flags/inspect-controllers.js';
import { subjectOfInstance } from '../controller-flags/instance-subject.js';

const LATEST = `v${RELEASES_AS_OF.flux}`;

/** Running pods, or the template where there are none; of several builds each once, the oldest first. */
export function buildsOf({ pods, template }: ControllerInstance): readonly ControllerRun[] {
  const live = pods.filter(({ terminating }) => !terminating);
  const runs = live.length > 0 || !template ? live : [template];
  const distinct = new Map(runs.map((run) => [`${run.version.version ?? ''} ${run.version.fork}`, run] as const));
  return [...distinct.values()].toSorted((a, b) => {
    const [left = '0.0.0', right = '0.0.0'] = [a.version.version, b.version.version];
    return isOlder(left, right) ? -1 : Number(isOlder(right, left));
  });
}

/** What is to be said about the release of one controller. */
export function judgeRelease(instance: ControllerInstance, inspection: Inspection): readonly Observation[] {
  const subject = subjectOfInstance(instance);
  const title = `${instance.component} ${instance.namespace}/${instance.owner.name}`;
  const [oldest] = buildsOf(instance);
  if (!oldest) {
    const message = `${title} has no pod and no template, so its version is not known. Look whether it still exists.`;
    return [notEvaluated(subject, 'undecidable', 'NO_POD', message)];
  }
  const { version, confidence, newer } = oldest.version;
  const runs = `${title} is ${describeVersion(oldest.version)}`;
  const evidence = [imageEvidence(oldest, `a controller of Flux ${LATEST}, or of a later release`)] as const;
  if (version === undefined) {
    const message =
      `${runs}, so it cannot be told whether it is supported and patched. ` +
      'Use a tag that names the release, such as v1.9.4, or the digest of a release image.';
    return [notEvaluated(subject, 'undecidable', 'VERSION_UNKNOWN', message, { evidence })];
  }
  if (newer) {
    const message =
      `${runs}, which is newer than the releases that this version of Plimsoll knows (up to Flux ${LATEST} of ${RELEASES_AS_OF.date}). ` +
      'Whether it is still supported and whether there are advisories about it is not known here. Upgrade Plimsoll.';
    return [warn(subject, 'TABLE_OUTDATED', message, { severity: 'low', confidence, evidence })];
  }
  const details = { confidence, evidence, fixes: upgradeFixes(instance, inspection) };
  const place = releasePlaceOf(instance.component, version);
  const found: Observation[] = [];
  const advisories = advisoriesFor(instance.component, version);
  if (advisories.length > 0) {
    found.push(
      fail(
        subject,
        'ADVISORY',
        `${runs}, which ${describeAdvisories(advisories)}. What they describe is public, and the fix is a release away. ` +
          `Upgrade to Flux ${LATEST} or later.`,
        { ...details, severity: worstOf(advisories) },
      ),
    );
  }
  if (!place.supported) {
    const origin = place.minor === undefined ? 'an early Flux' : `Flux ${place.minor}`;
    found.push(
      fail(
        subject,
        'END_OF_LIFE',
        `${runs}, which is of ${origin}. The Flux project maintains the last three minor versions (as of ${RELEASES_AS_OF.date}: ${SUPPORTED.join(', ')}), so this one gets no security fixes. ` +
          `Upgrade to Flux ${LATEST} or later, one minor version after the other where the release notes ask for it.`,
        details,
      ),
    );
  }
  if (found.length > 0) return found;
  const { newestPatch = version, minor = '' } = place;
  if (isOlder(version, newestPatch)) {
    const message =
      `${runs}, and Flux ${minor} has v${newestPatch} of it. Patch releases hold fixes only, also of what is built into the controllers. ` +
      `Upgrade to the latest patch of Flux ${minor}.`;
    return [warn(subject, 'PATCH_AVAILABLE', message, { ...details, severity: 'low' })];
  }
  const message =
    `${runs}, the latest patch in Flux ${minor}, which is maintained; no advisory about it was known on ${ADVISORIES_AS_OF}. ` +
    'There is nothing to do.';
  return [pass(subject, 'SUPPORTED', message, { confidence })];
}

const SHOWN = 5;

function describeAdvisories(advisories: readonly AffectingAdvisory[]): string {
  const texts = advisories
    .toReversed()
    .map(({ advisory, fixed }) => `${advisory.id} (${advisory.about}; fixed in v${fixed}; ${advisory.source})`);
  const more = texts.length > SHOWN ? ` and ${texts.length - SHOWN} more` : '';
  const noun = advisories.length === 1 ? 'a security advisory is about' : `${advisories.length} advisories are about`;
  return `${noun}: ${texts.slice(0, SHOWN).join(', ')}${more}`;
}

function worstOf(advisories: readonly AffectingAdvisory[]) {
  const rank = Math.min(...advisories.map(({ advisory }) => SEVERITIES.indexOf(advisory.severity)));
  return SEVERITIES[rank] ?? 'high';
}

/** How the version is changed, by the way Flux was installed. */
function upgradeFixes(instance: ControllerInstance, inspection: Inspection): readonly Fix[] {
  const { install } = fixTarget(instance, inspection);
  const title = `Upgrade Flux, which was installed by ${describeInstall(install)}`;
  switch (install.method) {
    case 'fluxOperator': {
      const name = install.instance?.name ?? 'flux';
      const content = `apiVersion: fluxcd.controlplane.io/v1\nkind: FluxInstance\nmetadata: { name: ${name}, namespace: ${instance.namespace} }\nspec:\n  distribution: { version: "2.x" }\n`;
      return [{ form: 'fluxOperatorPatch', title, content }];
    }
    case 'helmChart': {
      const release = install.release ?? 'flux2';
      const content = `helm upgrade ${release} oci://ghcr.io/fluxcd-community/charts/flux2 --namespace ${instance.namespace} --reuse-values\n`;
      return [{ form: 'steps', title, content }];
    }
    case 'azureExtension':
      return [
        {
          form: 'steps',
          title,
          content:
            'The extension follows its own releases: see that automatic minor upgrades are on (az k8s-extension show … --query autoUpgradeMinorVersion), or update the extension.\n',
        },
      ];
    default: {
      const path = install.method === 'bootstrap' ? install.path.replace(/\/$/, '') : '<path>';
      const content = `# With the flux command of the wanted version, in a clone of the repository:\nflux install --export > ${path}/${instance.namespace}/gotk-components.yaml\n# with the --components and other options that it was made with; then commit and push.\n`;
      return [{ form: 'steps', title, content }];
    }
  }
}
