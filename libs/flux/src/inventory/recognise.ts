import type { Container } from '#libs/core';
import { COMPONENTS, type Component, basename } from '../components.js';
import { imageByDigest } from '../images/digest-table.js';
import { type ImageReference, parseImageReference } from '../images/image-reference.js';

/** Flags that Flux controllers share and hardly any other program has. */
const SIGNATURE_FLAGS = [
  '--watch-all-namespaces',
  '--events-addr',
  '--enable-leader-election',
  '--log-encoding',
  '--storage-adv-addr',
  '--storage-path',
];

/** k3s and RKE2 have a helm-controller of their own (https://github.com/k3s-io/helm-controller). */
const OTHER_HELM_CONTROLLER = /(^|\/)(k3s-io|rancher)\/helm-controller$/;

export interface Surroundings {
  /** Labels of the pod (or template) and of the Deployment that owns it. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** How many containers the pod has. */
  readonly containers: number;
}

/** Which Flux controller a container runs, if any. */
export function recogniseContainer(container: Container, { labels, containers }: Surroundings): Component | undefined {
  const image = parseImageReference(container.image);
  const partOfFlux = labels.some((set) => set['app.kubernetes.io/part-of'] === 'flux');
  if (!partOfFlux && isOtherHelmController(image)) return undefined;
  const signatures = signatureFlags(container).length;
  const named = namedAfter(image);
  if (named && (partOfFlux || image.repository.includes('fluxcd') || signatures >= 2)) return named;
  return (
    imageByDigest(image.digest)?.component ??
    COMPONENTS.find((component) => container.command?.some((word) => basename(word) === component)) ??
    labelled(container, partOfFlux ? labels : [], containers, signatures)
  );
}

/** Mirrors prefix the name: `rancher/mirrored-fluxcd-kustomize-controller`. */
function namedAfter({ name }: ImageReference): Component | undefined {
  return COMPONENTS.find((component) => name === component || name.endsWith(`-${component}`));
}

/** The image of the helm-controller that k3s and RKE2 bring along. */
export function isOtherHelmController({ repository }: ImageReference): boolean {
  return OTHER_HELM_CONTROLLER.test(repository);
}

/** Which of the flags that Flux controllers share a container is started with. */
export function signatureFlags({ command = [], args = [] }: Container): readonly string[] {
  const words = [...command, ...args];
  return SIGNATURE_FLAGS.filter((flag) => words.some((word) => word === flag || word.startsWith(`${flag}=`)));
}

/** For images whose name tells nothing. A label stands on the pod, so a sidecar beside the controller is left out. */
function labelled(
  { name }: Container,
  labels: Surroundings['labels'],
  containers: number,
  signatures: number,
): Component | undefined {
  const component = COMPONENTS.find((candidate) =>
    labels.some((set) => set['app.kubernetes.io/component'] === candidate),
  );
  const isController = containers === 1 || name === 'manager' || name === component || signatures > 0;
  return isController ? component : undefined;
}
