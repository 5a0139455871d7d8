import { expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, controller, withoutLabels } from '../../../../test/support/flux-installation.js';
import { knownImages as control } from './x-10-known-images.js';

const judges = tableOf(control);
const KNOWN = /sha256:[0-9a-f]{64}/.exec(control.examples.passing[0]?.yaml ?? '')?.[0] ?? '';
const OTHER = `sha256:${'1'.repeat(64)}`;
const UPSTREAM = 'ghcr.io/fluxcd/helm-controller';
const helm = (image: string, digest?: string, more: ControllerOptions = {}) =>
  controller('helm-controller', [], { image, ...(digest && { imageId: `x@${digest}` }), ...more });
const H = 'Deployment/flux-system/helm-controller manager';
const OPENSHIFT = { apiVersion: 'security.openshift.io/v1', kind: 'SecurityContextConstraints' };

judges([
  ['no Flux', [], 'notApplicable NO_CONTROLLER'],
  [
    'pinned to a release',
    helm(`${UPSTREAM}:v1.6.3@${KNOWN}`),
    'pass KNOWN_IMAGE',
    { verdicts: [`pass KNOWN_IMAGE ${H}`] },
  ],
  [
    'pinned to a release, without a tag, in a mirror',
    helm(`mirror.example/helm-controller@${KNOWN}`, undefined, {}),
    'pass KNOWN_IMAGE',
  ],
  ['by tag, and a release runs', helm(`${UPSTREAM}:v1.6.3`, KNOWN), 'pass KNOWN_IMAGE', { message: /which runs/ }],
  ['by tag, and nobody says what runs', helm(`${UPSTREAM}:v1.6.3`), 'warn TAG_ONLY', { severity: 'low' }],
  ['scaled to zero, by tag', helm(`${UPSTREAM}:v1.6.3`, KNOWN, { state: 'scaledToZero' }), 'warn TAG_ONLY'],
  ['by tag, and something else runs', helm(`${UPSTREAM}:v1.6.3`, OTHER), 'fail UNKNOWN_DIGEST', { severity: 'medium' }],
  ['pinned to something else', helm(`${UPSTREAM}:v1.6.3@${OTHER}`), 'fail UNKNOWN_DIGEST'],
  ['from Docker Hub, and something else runs', helm('fluxcd/helm-controller:v1.6.3', OTHER), 'fail UNKNOWN_DIGEST'],
  ['a release that is newer than the table', helm(`${UPSTREAM}:v1.7.0`, OTHER), 'warn TABLE_OUTDATED'],
  ['a release before the table', helm(`${UPSTREAM}:v0.36.2`, OTHER), 'warn DIGEST_NOT_LISTED'],
  ['a digest alone that is not known', helm(`${UPSTREAM}@${OTHER}`), 'warn DIGEST_NOT_LISTED'],
  ['a distributor', helm('mcr.microsoft.com/oss/fluxcd/helm-controller:v1.6.3', OTHER), 'warn DIGEST_NOT_LISTED'],
  ['a registry of somebody', helm('registry.example/flux/helm-controller:v1.6.3', OTHER), 'fail UNTRUSTED_REGISTRY'],
  ['a registry of somebody, by tag', helm('registry.example/flux/helm-controller:v1.6.3'), 'fail UNTRUSTED_REGISTRY'],
  [
    'a registry of somebody, and a release runs',
    helm('registry.example/flux/helm-controller:v1.6.3', KNOWN),
    'warn UNTRUSTED_REGISTRY',
  ],
  [
    'an organisation that looks like the project',
    helm('ghcr.io/fluxcd-/helm-controller:v1.6.3', OTHER),
    'fail UNTRUSTED_REGISTRY',
  ],
  [
    'the digest of another controller',
    controller('source-controller', [], { image: 'ghcr.io/fluxcd/source-controller:v1.9.4', imageId: `x@${KNOWN}` }),
    'fail UNKNOWN_DIGEST',
  ],
  [
    'one of two pods runs something else',
    [
      ...helm(`${UPSTREAM}:v1.6.3`, KNOWN),
      ...helm(`${UPSTREAM}:v1.6.3`, OTHER)
        .slice(1)
        .map((pod) => ({ ...pod, metadata: { ...(pod as { metadata: object }).metadata, name: 'b' } })),
    ],
    'fail UNKNOWN_DIGEST',
    { verdicts: [`fail UNKNOWN_DIGEST ${H}`] },
  ],
  [
    'pods unreadable',
    helm(`${UPSTREAM}:v1.6.3`, KNOWN),
    'notEvaluated RBAC_DENIED_READ',
    { unavailable: { pods: 'forbidden' } },
  ],
  [
    'discovery unreadable',
    helm(`${UPSTREAM}:v1.6.3`, KNOWN),
    'notEvaluated TRANSIENT',
    { unavailable: { discovery: 'transient' } },
  ],
]);

const trusted = (...trustedRegistries: string[]) => ({ registration: { trustedRegistries } });
const MIRROR = helm('registry.example/flux/helm-controller:v1.6.3', OTHER);
judges([
  ['declared by its host', MIRROR, 'warn DIGEST_NOT_LISTED', trusted('registry.example')],
  ['declared with a path', MIRROR, 'warn DIGEST_NOT_LISTED', trusted('registry.example/flux/')],
  ['declared as a URL', MIRROR, 'warn DIGEST_NOT_LISTED', trusted('oci://registry.example/flux')],
  ['another path', MIRROR, 'fail UNTRUSTED_REGISTRY', trusted('registry.example/flu', 'other.example')],
  ['an empty entry', MIRROR, 'fail UNTRUSTED_REGISTRY', trusted('', '/')],
  [
    'declared, and a release runs',
    helm('registry.example/flux/helm-controller:v1.6.3', KNOWN),
    'pass KNOWN_IMAGE',
    trusted('registry.example'),
  ],
]);

it('leaves room for runtimes that name the image of one platform', () => {
  const snapshot = helm(`${UPSTREAM}:v1.6.3`, OTHER);
  const evaluate = (resources: readonly string[]) =>
    control.evaluate(
      {
        registration: { name: 'x' },
        deployments: snapshot.slice(0, 1),
        pods: snapshot.slice(1),
        discovery: { serverVersion: 'v1.36.3', resources, stale: [] },
        ...Object.fromEntries(control.optional.map((name) => [name, { state: 'collected', value: [] }])),
        configMaps: { state: 'collected', value: {} },
      },
      { now: 0 },
    );
  const resource = `${OPENSHIFT.apiVersion}/securitycontextconstraints`;
  expect(evaluate([resource])).toMatchObject([{ outcome: 'warn', reason: 'DIGEST_NOT_LISTED' }]);
  expect(evaluate([])).toMatchObject([{ outcome: 'fail', reason: 'UNKNOWN_DIGEST' }]);
});

it('pins the digest that runs, where it is a known one', () => {
  const fixOf = (objects: object[]) => judge(control, objects).observations[0]?.fixes?.[0]?.content;
  expect(fixOf(helm('registry.example/flux/helm-controller:v1.6.3', KNOWN))).toContain(`digest: ${KNOWN}`);
  expect(fixOf(helm(`${UPSTREAM}:v1.6.3`, OTHER))).toContain('cosign verify ghcr.io/fluxcd/helm-controller:v1.6.3');
});

judges([
  [
    'a controller that cannot be recognised beside one that can',
    [
      ...helm(`${UPSTREAM}:v1.6.3@${KNOWN}`),
      ...controller('source-controller', [], { image: 'registry.example/tools/xctl:1' }).map(withoutLabels),
    ],
    'notEvaluated CONTROLLER_UNRECOGNISED',
  ],
]);
