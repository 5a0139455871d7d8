import { basename } from '#libs/flux';
import { repositoryName, type KeptSettings } from './program-containers.js';

/** A program that controls judge, or whose account they look at, beside the controllers of Flux. */
interface OperatorProgram {
  readonly name: string;
  /** Names of its image, default its own. */
  readonly images?: readonly string[];
  /** Where the image's name alone says too little: a part of its repository that must be there too. */
  readonly repository?: RegExp;
  readonly settings?: KeptSettings;
}

/** Programs whose flags are judged. The Sealed Secrets controller takes every flag from a variable as well. */
const JUDGED: readonly OperatorProgram[] = [
  {
    name: 'sealed-secrets-controller',
    settings: { arguments: true, environment: /^SEALED_SECRETS_[A-Z0-9_]{1,100}$/ },
  },
  {
    name: 'flux-operator',
    settings: {
      arguments: true,
      environment: /^(?:DEFAULT_(?:WORKLOAD_IDENTITY_)?SERVICE_ACCOUNT|WEB_CONFIG_SECRET_NAME)$/,
    },
  },
  { name: 'kube-state-metrics', settings: { arguments: true } },
];

/** Policy engines, evaluators of alerting rules, and operators that apply what their objects say. */
const OTHERS: readonly OperatorProgram[] = [
  { name: 'kyverno' },
  { name: 'kyverno-admission-controller', images: ['admission-controller'], repository: /kyverno/ },
  { name: 'kyverno-background-controller', images: ['background-controller'], repository: /kyverno/ },
  // Not the proxy of the same name.
  { name: 'gatekeeper', repository: /open-?policy-?agent/ },
  { name: 'prometheus-operator' },
  { name: 'victoria-metrics-operator', images: ['operator'], repository: /victoriametrics/ },
  // One image for all programs of Argo CD: told by what is started.
  { name: 'argocd-application-controller', images: [] },
  { name: 'argocd-applicationset-controller', images: [] },
  { name: 'crossplane' },
  { name: 'provider-kubernetes' },
  { name: 'provider-helm' },
  { name: 'tekton-pipelines-controller', images: ['controller'], repository: /tekton/ },
  { name: 'tekton-triggers-eventlistener', images: ['eventlistenersink'], repository: /tekton/ },
  { name: 'helm-operator' },
  { name: 'fleet-agent' },
  { name: 'kapp-controller' },
  { name: 'tofu-controller', images: ['tofu-controller', 'tf-controller'] },
  { name: 'pulumi-kubernetes-operator' },
  { name: 'reconciler-manager' },
];

const PROGRAMS: readonly OperatorProgram[] = [...JUDGED, ...OTHERS];
const NOTHING: KeptSettings = { arguments: false };

export function settingsOfProgram(name: string): KeptSettings {
  return PROGRAMS.find((program) => program.name === name)?.settings ?? NOTHING;
}

/** Enough for the distinct images of a large cluster. */
const MAX_REMEMBERED = 20_000;

interface Started {
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
}

/** The name of the program that a container runs, if controls judge it. */
export type ProgramFinder = (container: Started) => string | undefined;

/**
 * Recognises programs by the name of their image, mirrored names (`mirrored-bitnami-sealed-secrets-controller`) among them,
 * or by what is started. The name that they get is for most of them the last part of the image's name.
 *
 * Make one per cluster: it remembers images.
 */
export function operatorPrograms(): ProgramFinder {
  const byImage = new Map<string, string | undefined>();
  return ({ image, command = [], args = [] }) => {
    const isKnown = byImage.has(image);
    const found = isKnown ? byImage.get(image) : PROGRAMS.find((program) => isImageOf(program, image))?.name;
    if (!isKnown && byImage.size < MAX_REMEMBERED) byImage.set(image, found);
    if (found !== undefined) return found;
    const started = [...command, ...args.slice(0, 1)].map((text) => basename(text));
    return PROGRAMS.find(({ name }) => started.includes(name))?.name;
  };
}

function isImageOf({ name, images = [name], repository }: OperatorProgram, image: string): boolean {
  if (repository && !repository.test(image)) return false;
  const last = repositoryName(image);
  return images.some(
    (wanted) =>
      last === wanted ||
      // Tekton's builds append a hash to the name; mirrors put the origin in front of it.
      (repository !== undefined && last.startsWith(`${wanted}-`)) ||
      (last.startsWith('mirrored-') && last.endsWith(`-${wanted}`)),
  );
}
