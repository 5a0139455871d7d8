import { describe, expect, it } from 'vitest';
import type { Deployment, Pod } from '#libs/core';
import { type ControllerOptions, controller } from '../../../../test/support/flux-installation.js';
import { NOW } from '../../../../test/support/snapshot-of.js';
import type { Component } from '../components.js';
import { discoverControllers } from '../inventory/discover-controllers.js';
import { componentOfKind, describeLane, intendedLanesOf, laneFinder, lanesOf, servedBy } from './lanes.js';

const now = Date.parse(NOW);
const instancesOf = (objects: readonly object[]) =>
  discoverControllers({
    deployments: objects.filter((each): each is Deployment => (each as Deployment).kind === 'Deployment'),
    pods: objects.filter((each): each is Pod => (each as Pod).kind === 'Pod'),
  });
const read = (...objects: object[]) => lanesOf(instancesOf(objects), now);
const one = (args: readonly string[], options: ControllerOptions = {}, component: Component = 'kustomize-controller') =>
  read(...controller(component, args, options));
const select = (text: string) => [`--watch-label-selector=${text}`];
const KEY = 'sharding.fluxcd.io/key';

describe('lanes', () => {
  it('reads selector, scope, lease and readiness', () => {
    const { lanes } = one(select(`${KEY}=shard1`), { name: 'kustomize-controller-shard1' });
    expect(lanes).toMatchObject([
      {
        component: 'kustomize-controller',
        namespace: null,
        selector: { text: `${KEY}=shard1` },
        lease: expect.stringMatching(/^flux-system\/kustomize-controller-leader-election-[0-9a-f]{8}$/) as string,
        ready: true,
      },
    ]);
    expect(lanes.map(describeLane)).toEqual(['kustomize-controller flux-system/kustomize-controller-shard1']);
  });

  it.each<[string, readonly string[], ControllerOptions, object]>([
    ['everything', [], {}, { namespace: null, lease: 'flux-system/kustomize-controller-leader-election' }],
    ['its own namespace', ['--watch-all-namespaces=false'], {}, { namespace: 'flux-system' }],
    ['no leader election', ['--enable-leader-election=false'], {}, { lease: undefined }],
    ['the last selector', [...select('a=b'), ...select('c=d')], {}, { selector: { text: 'c=d' } }],
    ['the pods before the template', select('a=b'), { podArgs: select('c=d') }, { selector: { text: 'c=d' } }],
    ['a pod that is not ready', [], { state: 'crashLoop' }, { ready: false }],
    ['the template where no pod runs', select('a=b'), { state: 'scaledToZero' }, { ready: false }],
    ['a swallowed flag', ['--watch-label-selector', 'a=b'], {}, { selector: { text: 'a=b' } }],
  ])('%s', (_title, args, options, expected) => {
    const { lanes, problems } = one(args, options);
    expect(problems).toEqual([]);
    expect(lanes).toMatchObject([expected]);
  });

  it('watches everything without RUNTIME_NAMESPACE', () => {
    const { lanes } = read(
      ...controller('kustomize-controller', ['--watch-all-namespaces=false']).map(
        (object) =>
          JSON.parse(JSON.stringify(object, (key, value: unknown) => (key === 'env' ? undefined : value))) as object,
      ),
    );
    expect(lanes.map(({ namespace }) => namespace)).toEqual([null]);
  });

  it.each<[string, readonly string[], ControllerOptions, string]>([
    ['an invalid selector', select('k in ('), { state: 'crashLoop' }, 'stopped INVALID_SELECTOR'],
    ['"!=" stops it', select('k!=a'), { state: 'crashLoop' }, 'stopped INVALID_SELECTOR'],
    ['it runs with what is no selector', select('k in ('), {}, 'mismatch PARSE_MISMATCH'],
    ['an unknown flag', ['--no-such-flag'], { state: 'crashLoop' }, 'stopped ARGUMENT_CRASH'],
    ['an unknown flag that it runs with', ['--no-such-flag'], {}, 'mismatch PARSE_MISMATCH'],
    [
      'a value from a Secret',
      select('$(SELECTOR)'),
      { env: [{ name: 'SELECTOR', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
      'undecidable UNRESOLVED_ENV',
    ],
    [
      'a namespace from a Secret',
      ['--watch-all-namespaces=false'],
      { env: [{ name: 'RUNTIME_NAMESPACE', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] },
      'undecidable UNRESOLVED_ENV',
    ],
  ])('%s', (_title, args, options, expected) => {
    const { lanes, problems } = one(args, options);
    expect(lanes).toEqual([]);
    expect(problems.map(({ kind, code }) => `${kind} ${code}`)).toEqual([expected]);
  });

  it('takes "!=" as it is meant where a build runs with it', () => {
    expect(one(select('k!=a')).lanes).toMatchObject([{ selector: { refused: expect.any(String) as string } }]);
  });

  it('reads the templates apart', () => {
    const instances = instancesOf(controller('kustomize-controller', select('a=b'), { podArgs: select('c=d') }));
    expect(intendedLanesOf(instances, now).lanes).toMatchObject([{ selector: { text: 'a=b' }, ready: false }]);
  });

  it('gives equal settings one Lease in each namespace', () => {
    const { lanes } = read(
      ...controller('helm-controller', select('a=b')),
      ...controller('helm-controller', select('a=b'), { name: 'helm-controller-two' }),
      ...controller('helm-controller', select('a=b'), { namespace: 'flux-two' }),
      ...controller('helm-controller', select('a==b'), { name: 'helm-controller-three' }),
    );
    expect(new Set(lanes.map(({ lease }) => lease)).size).toBe(3);
  });
});

describe('servedBy', () => {
  const { lanes } = read(
    ...controller('kustomize-controller', select(`!${KEY}`)),
    ...controller('kustomize-controller', select(`${KEY}=shard1`), { name: 'shard1' }),
    ...controller('kustomize-controller', ['--watch-all-namespaces=false'], { namespace: 'team-a' }),
    ...controller('source-controller', []),
    ...controller('notification-controller', []),
  );
  const at = (kind: string, namespace: string | undefined, labels?: Record<string, string>) =>
    servedBy({ kind, metadata: { ...(namespace && { namespace }), ...(labels && { labels }) } }, lanes).map(
      ({ instance }) => `${instance.namespace}/${instance.owner.name}`,
    );

  it.each<[string, string | undefined, Record<string, string> | undefined, string[]]>([
    ['Kustomization', 'apps', undefined, ['flux-system/kustomize-controller']],
    ['Kustomization', 'apps', { [KEY]: 'shard1' }, ['flux-system/shard1']],
    ['Kustomization', 'apps', { [KEY]: 'shard9' }, []],
    ['Kustomization', 'team-a', {}, ['flux-system/kustomize-controller', 'team-a/kustomize-controller']],
    ['Bucket', 'apps', { [KEY]: 'shard9' }, ['flux-system/source-controller']],
    ['Alert', 'apps', undefined, ['flux-system/notification-controller']],
    ['HelmRelease', 'apps', undefined, []],
    ['ExternalArtifact', 'apps', undefined, []],
    ['constructor', undefined, undefined, []],
  ])('%s in %s with %j', (kind, namespace, labels, expected) => {
    expect(at(kind, namespace, labels).toSorted()).toEqual(expected);
  });

  it('finds the same for many objects', () => {
    const find = laneFinder(lanes);
    const objects = ['Kustomization', 'Bucket', 'Alert', 'HelmRelease', 'ExternalArtifact'].flatMap((kind) =>
      ['apps', 'team-a', undefined].flatMap((namespace) =>
        (
          [undefined, {}, { [KEY]: 'shard1' }, { [KEY]: 'shard9', other: 'x' }, { [KEY]: '' }] as (
            | Record<string, string>
            | undefined
          )[]
        ).map((labels) => ({
          kind,
          metadata: { ...(namespace && { namespace }), ...(labels && { labels }) },
        })),
      ),
    );
    for (const object of [...objects, ...objects]) expect(find(object)).toEqual(servedBy(object, lanes));
  });

  it('knows who is responsible', () => {
    expect(componentOfKind('ImagePolicy')).toBe('image-reflector-controller');
    expect(componentOfKind('toString')).toBeUndefined();
  });
});
