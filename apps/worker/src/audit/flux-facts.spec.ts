import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { fluxFacts } from './flux-facts.js';

const deployment = (name: string, version?: string) => `
  apiVersion: apps/v1
  kind: Deployment
  metadata:
    name: ${name}
    namespace: flux-system
    labels: { app.kubernetes.io/part-of: flux${version === undefined ? '' : `, app.kubernetes.io/version: ${version}`} }
  spec:
    template:
      spec:
        containers:
          - { name: manager, image: 'ghcr.io/fluxcd/${name}:v1.0.0' }`;

describe('fluxFacts', () => {
  it.each([
    ['no Flux', [], { fluxDetected: false, fluxVersion: null }],
    ['an installation', [deployment('kustomize-controller', 'v2.9.4')], { fluxDetected: true, fluxVersion: 'v2.9.4' }],
    ['an installation without labels', [deployment('kustomize-controller')], { fluxDetected: true }],
    [
      'an installation on its way to another version',
      [
        deployment('helm-controller', 'v2.9.3'),
        deployment('kustomize-controller', 'v2.9.4'),
        deployment('source-controller', 'v2.9.4'),
      ],
      { fluxDetected: true, fluxVersion: 'v2.9.4' },
    ],
  ])('tells %s', (_, documents, facts) => {
    expect(fluxFacts(snapshotOf(documents.join('\n---')))).toEqual(facts);
  });

  it.each(['pods', 'deployments'] as const)('tells nothing where %s could not be read', (artifact) => {
    expect(fluxFacts(snapshotOf('', { unavailable: { [artifact]: 'forbidden' } }))).toEqual({});
  });
});
