import { CLUSTER_SUBJECT, defineControl, notApplicable } from '#libs/core';
import { COMPONENTS } from '#libs/flux';
import {
  CONTEXT_ARTIFACTS,
  CONTROLLER_ARTIFACTS,
  inspectControllers,
  withState,
} from '../controller-flags/inspect-controllers.js';
import { unseenControllers } from '../controller-flags/unseen-controllers.js';
import { hasConstraints } from '../node-isolation/open-shift.js';
import { judgeImages } from './judge-image.js';

const CONTEXT = CONTEXT_ARTIFACTS.filter((name) => name !== 'discovery');

export const knownImages = defineControl({
  id: 'FLUX-X-10',
  title: 'Flux controllers run images of known origin',
  family: 'Flux controllers',
  severity: 'medium',
  scope: ['shared', 'management', 'dedicated', 'standalone'],
  mode: 'read',
  since: '0.2.0',
  rationale:
    'A controller of Flux acts with the rights of its service account, whatever its image does. ' +
    'The Flux project signs its images; a digest that it published names one content, from whatever registry it is pulled.',
  audit:
    'Looks at the image of every controller, and at the digest that its pods report. A digest of the table that comes with Plimsoll (all releases since Flux 2.2, and current enterprise builds) passes. ' +
    'A registry that is neither known for Flux nor declared in `trustedRegistries` of the cluster fails, and so does an image of the Flux project whose digest is none of its release. ' +
    'Warnings are a tag without any digest, a digest of a distributor or of a release that is not listed, a release that is newer than the table, and a known image from a registry that nobody declared. ' +
    'Signatures are not verified: that needs the registry, and is for admission to do.',
  remediation:
    'Use the images of `ghcr.io/fluxcd` or a mirror that the registry of clusters declares, pin their digests (the Flux Operator does), and let admission demand the signature of `https://github.com/fluxcd/*`.',
  references: [
    'https://fluxcd.io/flux/security/#signed-container-images',
    'https://fluxcd.io/flux/security/best-practices/',
    'https://kubernetes.io/docs/concepts/containers/images/#image-names',
  ],
  requires: [...CONTROLLER_ARTIFACTS, 'discovery'],
  optional: CONTEXT,
  examples: {
    passing: [
      {
        title: 'the digest of a release',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec:
            containers:
              - name: manager
                image: ghcr.io/fluxcd/helm-controller:v1.6.3@sha256:038203cdde57cccd98ab2ac46533e26c970c7e69a5b2c72b7a8a4b5654807053`,
      },
    ],
    failing: [
      {
        title: 'an image of somebody',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata:
            name: helm-controller-0
            namespace: flux-system
            labels: { app.kubernetes.io/part-of: flux, app.kubernetes.io/component: helm-controller }
          spec: { containers: [{ name: manager, image: "docker.io/somebody/helm-controller:v1.6.3" }] }`,
      },
      {
        title: 'the tag of a release, and the digest of something else',
        yaml: `
          apiVersion: v1
          kind: Pod
          metadata: { name: helm-controller-0, namespace: flux-system }
          spec: { containers: [{ name: manager, image: "ghcr.io/fluxcd/helm-controller:v1.6.3" }] }
          status:
            containerStatuses:
              - name: manager
                imageID: ghcr.io/fluxcd/helm-controller@sha256:0000000000000000000000000000000000000000000000000000000000000000`,
      },
    ],
  },
  evaluate: (artifacts, context) => {
    const { registration, discovery } = artifacts;
    const inspection = inspectControllers({ ...artifacts, discovery: withState(discovery) }, context);
    const unseen = unseenControllers(COMPONENTS, inspection);
    if (inspection.instances.length + unseen.length === 0) {
      return [notApplicable(CLUSTER_SUBJECT, 'NO_CONTROLLER', 'No controller of Flux runs in this cluster.')];
    }
    const facts = { trusted: registration.trustedRegistries ?? [], platformDigests: hasConstraints(discovery) };
    return [...inspection.instances.map((instance) => judgeImages(instance, facts)), ...unseen];
  },
});
