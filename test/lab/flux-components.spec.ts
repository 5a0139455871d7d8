import { expect, it } from 'vitest';
import { componentVersion as released } from '../../libs/flux/src/versions/releases.js';
import { componentVersion, DEFAULT_COMPONENTS, fluxInstallation, type FluxRelease } from '#libs/simulator';
import { KUBERNETES_VERSION } from './binaries.js';
import { readFileSync } from 'node:fs';

const RELEASES: Readonly<Record<FluxRelease, true>> = {
  'v2.9.4': true,
  'v2.8.8': true,
  'v2.6.4': true,
  'v0.26.0': true,
};

it.each(Object.keys(RELEASES) as FluxRelease[])(
  'installations of %s have the controllers of that release',
  (release) => {
    const components = [...DEFAULT_COMPONENTS, 'image-reflector-controller', 'image-automation-controller'] as const;
    expect(components.map((component) => componentVersion(release, component))).toEqual(
      components.map((component) => `v${released(release.slice(1), component)}`),
    );
  },
);

it('the newest installation has the versions that the lab builds', () => {
  const images = fluxInstallation().deployments.map(({ spec }) => JSON.stringify(spec));
  for (const component of ['kustomize-controller', 'helm-controller', 'notification-controller']) {
    const pins = readFileSync(new URL(`./go/${component}/go.mod`, import.meta.url), 'utf8');
    const version = new RegExp(`github.com/fluxcd/${component} (v\\S+)`).exec(pins)?.[1];
    expect(
      images.some((image) => image.includes(`fluxcd/${component}:${version}`)),
      `${component} ${version}`,
    ).toBe(true);
  }
});

it('the stamped version of Kubernetes is the pinned one', () => {
  expect(readFileSync(new URL('./go/kube/go.mod', import.meta.url), 'utf8')).toContain(
    `k8s.io/kubernetes ${KUBERNETES_VERSION}`,
  );
});
