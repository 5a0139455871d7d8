import { describe, expect, it } from 'vitest';
import { judge, tableOf } from '../../../../test/support/expect-control.js';
import { type ControllerOptions, controller, fluxObject } from '../../../../test/support/flux-installation.js';
import { disjointSelectors as control } from './res-02-disjoint-selectors.js';

const KEY = 'sharding.fluxcd.io/key';
const select = (text: string) => [`--watch-label-selector=${text}`];
const kustomize = (selector: string | undefined, options: ControllerOptions = {}) =>
  controller('kustomize-controller', selector === undefined ? [] : select(selector), options);
const shard = (selector: string, options: ControllerOptions = {}) =>
  kustomize(selector, { name: 'kustomize-controller-shard1', ...options });
const app = (name: string, labels?: Record<string, string>) =>
  fluxObject(
    'Kustomization',
    `apps/${name}`,
    {},
    {
      metadata: { name, namespace: 'apps', ...(labels && { labels }) },
    },
  );
const pair = (left: string, right: string) => [...kustomize(left), ...shard(right)];
const A = 'Deployment/flux-system/kustomize-controller manager';
const B = 'Deployment/flux-system/kustomize-controller-shard1 manager';
const OF_A = `${A} flux-system/kustomize-controller-shard1`;
const OF_B = `${B} flux-system/kustomize-controller`;

describe('FLUX-RES-02', () => {
  tableOf(control)([
    [
      'single instances without selectors',
      kustomize(undefined),
      'pass SINGLE_LANE',
      { verdicts: [`pass SINGLE_LANE ${A}`] },
    ],
    [
      'the default leaves the shard out',
      pair(`!${KEY}`, `${KEY}=shard1`),
      'pass DISJOINT',
      { verdicts: [`pass DISJOINT ${B}`, `pass DISJOINT ${A}`] },
    ],
    [
      'the default has no selector',
      [...kustomize(undefined), ...shard(`${KEY}=shard1`)],
      'fail OVERLAP',
      { verdicts: [`fail OVERLAP ${OF_A}`], severity: 'high' },
    ],
    ['a value in both', pair('k in (a,b)', 'k=b'), 'fail OVERLAP', { verdicts: [`fail OVERLAP ${OF_A}`] }],
    ['the other way round', pair('k=b', 'k in (a,b)'), 'fail OVERLAP', { verdicts: [`fail OVERLAP ${OF_B}`] }],
    ['all but another value', pair('k!=a', 'k=b'), 'fail OVERLAP'],
    ['the same in the grammar of the flag', pair('k notin (a)', 'k=b'), 'fail OVERLAP'],
    [
      '"!=", and the controller does not come up',
      kustomize('k!=a', { state: 'crashLoop' }),
      'fail INVALID_SELECTOR',
      { message: /notin/ },
    ],
    ['a value and its absence', pair('k=a', '!k'), 'pass DISJOINT'],
    ['different keys, no object', pair('k=a', 'j=b'), 'warn LATENT_OVERLAP'],
    ['different keys, an object with one', [...pair('k=a', 'j=b'), app('one', { k: 'a' })], 'warn LATENT_OVERLAP'],
    [
      'different keys, an object with both',
      [...pair('k=a', 'j=b'), app('both', { k: 'a', j: 'b' }), app('one', { k: 'a' })],
      'fail OVERLAP',
      { message: /select 1 object: Kustomization apps\/both\./ },
    ],
    [
      'different keys, and objects cannot be listed',
      pair('k=a', 'j=b'),
      'notEvaluated RBAC_DENIED_READ',
      { unavailable: { kustomizations: 'forbidden' } },
    ],
    [
      'one inside the other, and objects cannot be listed',
      [...kustomize(undefined), ...shard(`${KEY}=shard1`)],
      'fail OVERLAP',
      { unavailable: { kustomizations: 'forbidden' }, message: /as far as objects could be listed/ },
    ],
    [
      'a standby',
      [...kustomize(undefined), ...kustomize(undefined, { name: 'kustomize-controller-two' })],
      'pass STANDBY',
      { verdicts: [`pass STANDBY ${A} flux-system/kustomize-controller-two`] },
    ],
    ['a standby called a shard', [...kustomize(undefined), ...shard('')], 'warn STANDBY_NOT_SHARD'],
    [
      'a standby annotated as a shard',
      [
        ...kustomize(undefined),
        ...kustomize(undefined, { name: 'kustomize-b', annotations: { 'sharding.fluxcd.io/role': 'shard' } }),
      ],
      'warn STANDBY_NOT_SHARD',
    ],
    [
      'the same selector without leader election',
      [
        ...kustomize(undefined),
        ...controller('kustomize-controller', ['--enable-leader-election=false'], { name: 'kustomize-controller-two' }),
      ],
      'fail DOUBLE_RECONCILE',
    ],
    [
      'two installations that watch everything',
      [...kustomize(undefined), ...kustomize(undefined, { namespace: 'flux-two' })],
      'fail DOUBLE_RECONCILE',
      { verdicts: [`fail DOUBLE_RECONCILE ${A} flux-two/kustomize-controller`] },
    ],
    [
      'two installations, each in its namespace',
      ['flux-one', 'flux-two'].flatMap((namespace) =>
        controller('kustomize-controller', ['--watch-all-namespaces=false'], { namespace }),
      ),
      'pass DISJOINT',
    ],
    [
      'one of them watches everything',
      [
        ...kustomize(undefined),
        ...controller('kustomize-controller', ['--watch-all-namespaces=false'], { namespace: 'team-a' }),
      ],
      'fail OVERLAP',
      { verdicts: [`fail OVERLAP ${A} team-a/kustomize-controller`] },
    ],
    [
      'a Lease of two that watch different namespaces',
      [
        ...kustomize(undefined),
        ...controller('kustomize-controller', ['--watch-all-namespaces=false'], { name: 'kustomize-controller-two' }),
      ],
      'warn STANDBY_DIFFERS',
    ],
    [
      'two notification-controllers',
      [
        ...controller('notification-controller', []),
        ...controller('notification-controller', [], { namespace: 'flux-two' }),
      ],
      'fail DOUBLE_RECONCILE',
    ],
    [
      'a shard of notification-controller',
      [
        ...controller('notification-controller', []),
        ...controller('notification-controller', [], { name: 'notification-controller-shard1' }),
      ],
      'warn STANDBY_NOT_SHARD',
      { message: /cannot be sharded/ },
    ],
    [
      'different controllers do not overlap',
      [...kustomize(undefined), ...controller('helm-controller', select('k=a'))],
      'pass SINGLE_LANE',
    ],
    [
      'no selector at all',
      kustomize('k in (', { state: 'crashLoop' }),
      'fail INVALID_SELECTOR',
      { verdicts: [`fail INVALID_SELECTOR ${A}`] },
    ],
    ['no selector at all, but it runs', kustomize('k in ('), 'notEvaluated PARSE_MISMATCH'],
    [
      'an argument that stops it',
      controller('kustomize-controller', ['--no-such-flag'], { state: 'crashLoop' }),
      'fail ARGUMENT_CRASH',
    ],
    [
      'a selector from a Secret',
      kustomize('$(SELECTOR)', { env: [{ name: 'SELECTOR', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }),
      'notEvaluated UNRESOLVED_ENV',
    ],
    [
      'the template would overlap',
      [...kustomize(undefined, { podArgs: select(`!${KEY}`) }), ...shard(`${KEY}=shard1`)],
      'fail PENDING_UNSAFE',
    ],
    [
      'the pods overlap, the template does not',
      [...kustomize(`!${KEY}`, { podArgs: [] }), ...shard(`${KEY}=shard1`)],
      'fail OVERLAP',
    ],
    [
      'a shard that is scaled to zero',
      [...kustomize(undefined), ...shard(`${KEY}=shard1`, { state: 'scaledToZero' })],
      'warn OVERLAP_WITH_IDLE',
    ],
    ['no controller', [], 'notApplicable NO_CONTROLLER'],
    [
      'no controller that is recognised',
      [app('one')].map((each) => ({ ...each, status: { observedGeneration: 1 } })),
      'notEvaluated CONTROLLER_UNRECOGNISED',
    ],
  ]);

  const fixOf = (input: readonly object[]) => {
    const [observation] = judge(control, input).observations;
    return { message: observation?.message ?? '', fix: observation?.fixes?.[0]?.content ?? '' };
  };

  it('tells who changes hands and who is left alone', () => {
    const { message, fix } = fixOf([
      ...kustomize(undefined),
      ...shard(`${KEY}=shard1`),
      app('in-shard', { [KEY]: 'shard1' }),
      app('lost', { [KEY]: 'shard9' }),
      app('stays'),
    ]);
    expect(fix).toMatch(/name: kustomize-controller\n[\s\S]*value: --watch-label-selector=!sharding.fluxcd.io\/key/);
    expect(message).toMatch(/1 object will be left to the other instances: Kustomization apps\/in-shard\./);
    expect(message).toMatch(/1 object will lose their only instance.*: Kustomization apps\/lost\./);
    expect(message).not.toMatch(/apps\/stays/);
  });

  it('caps the names', () => {
    const many = Array.from({ length: 30 }, (_, index) => app(`a${index + 10}`, { [KEY]: 'shard1' }));
    expect(fixOf([...kustomize(undefined), ...shard(`${KEY}=shard1`), ...many]).message).toMatch(/a19 and 20 more/);
  });

  it('takes the key from the shards', () => {
    const { fix } = fixOf([...kustomize(undefined), ...shard('team in (a,b)'), ...shard('zone', { name: 'zoned' })]);
    expect(fix).toContain('--watch-label-selector=!team,!zone');
  });

  it('narrows a selector that is there', () => {
    expect(fixOf(pair('k in (a,b)', 'k=b')).fix).toContain('--watch-label-selector=k in (a,b),k notin (b)');
  });

  it('sets the shards of a FluxInstance', () => {
    const { fix } = fixOf([
      {
        apiVersion: 'fluxcd.controlplane.io/v1',
        kind: 'FluxInstance',
        metadata: { name: 'main', namespace: 'flux-system' },
      },
      ...kustomize(undefined),
      ...shard(`${KEY}=shard1`),
    ]);
    expect(fix).toMatch(
      /kind: FluxInstance\nmetadata:\n {2}name: main[\s\S]*key: sharding.fluxcd.io\/key\n {4}shards:\n {6}- shard1/,
    );
  });

  it('has no selector to offer where both select the same', () => {
    const [observation] = judge(control, [
      ...kustomize('k=a'),
      ...kustomize('k=a', { namespace: 'flux-two' }),
    ]).observations;
    expect(observation).toMatchObject({ outcome: 'fail', reason: 'DOUBLE_RECONCILE' });
    expect(observation?.fixes).toBeUndefined();
  });
});
