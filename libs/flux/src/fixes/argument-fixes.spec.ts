import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Collected } from '#libs/core';
import { type ControllerOptions, controller } from '../../../../test/support/flux-installation.js';
import { snapshotOf } from '../../../../test/support/snapshot-of.js';
import { readFlag } from '../arguments/read-flag.js';
import { type ControllerInstance, discoverControllers } from '../inventory/discover-controllers.js';
import type { InstallMethod } from '../inventory/install-method.js';
import { removeArgumentFixes, rootAccountFixes, setArgumentFixes } from './argument-fixes.js';

function valueOf<T>(artifact: Collected<T>): T {
  if (artifact.state !== 'collected') throw new Error('not collected');
  return artifact.value;
}

function instanceOf(args: readonly string[], options?: ControllerOptions): ControllerInstance {
  const { artifacts } = snapshotOf(controller('image-reflector-controller', args, options));
  const [instance] = discoverControllers({
    deployments: valueOf(artifacts.deployments),
    pods: valueOf(artifacts.pods),
  });
  if (!instance) throw new Error('no instance');
  return instance;
}

const bootstrap: InstallMethod = {
  method: 'bootstrap',
  kustomization: { name: 'flux-system', namespace: 'flux-system' },
  source: { kind: 'GitRepository', name: 'flux-system', namespace: 'flux-system' },
  path: './clusters/prod/',
};
const operator: InstallMethod = { method: 'fluxOperator', instance: { name: 'main', namespace: 'flux-system' } };

describe('setting an argument', () => {
  const argument = '--no-cross-namespace-refs=true';
  const fix = (install: InstallMethod, preset?: 'multitenancy' | 'workloadIdentity', options?: ControllerOptions) => {
    const [found] = setArgumentFixes({ instance: instanceOf([], options), install }, argument, preset);
    return { form: found?.form, content: found?.content ?? '' };
  };

  it('patches the Deployment where flux bootstrap put it', () => {
    expect(fix(bootstrap)).toEqual({
      form: 'kustomizePatch',
      content: `# ./clusters/prod/flux-system/kustomization.yaml in the GitRepository flux-system/flux-system, applied by the Kustomization flux-system/flux-system
patches:
  - target:
      kind: Deployment
      name: image-reflector-controller
    patch: |
      - op: add
        path: /spec/template/spec/containers/0/args/-
        value: --no-cross-namespace-refs=true
`,
    });
  });

  it('makes the list where there is none', () => {
    const { content } = fix({ method: 'unknown' }, undefined, { bare: true });
    const { patches } = parse(content) as { patches: { patch: string }[] };
    expect(parse(patches[0]?.patch ?? '')).toEqual([
      { op: 'add', path: '/spec/template/spec/containers/0/args', value: [argument] },
    ]);
  });

  it.each<[string, InstallMethod, 'multitenancy' | 'workloadIdentity' | undefined, string, unknown]>([
    [
      'the setting of the operator',
      operator,
      'multitenancy',
      'fluxOperatorPatch',
      { cluster: { multitenant: true, tenantDefaultServiceAccount: 'default' } },
    ],
    [
      'the setting of the operator for identities',
      operator,
      'workloadIdentity',
      'fluxOperatorPatch',
      { cluster: { objectLevelWorkloadIdentity: true, multitenantWorkloadIdentity: true } },
    ],
  ])('uses %s', (_title, install, preset, form, spec) => {
    const { form: found, content } = fix(install, preset);
    expect(found).toBe(form);
    expect(parse(content)).toEqual({
      apiVersion: 'fluxcd.controlplane.io/v1',
      kind: 'FluxInstance',
      metadata: { name: 'main', namespace: 'flux-system' },
      spec,
    });
  });

  it('patches through the operator where it has no setting', () => {
    const { spec } = parse(fix(operator).content) as { spec: { kustomize: { patches: unknown[] } } };
    expect(spec.kustomize.patches).toMatchObject([
      { target: { kind: 'Deployment', name: 'image-reflector-controller' } },
    ]);
  });

  it('uses the key of the chart, which has a name of its own', () => {
    expect(parse(fix({ method: 'helmChart' }).content)).toEqual({
      imageReflectionController: { container: { additionalArgs: [argument] } },
    });
    expect(parse(fix({ method: 'helmChart' }, 'multitenancy').content)).toEqual({
      multitenancy: { enabled: true, defaultServiceAccount: 'default' },
    });
  });

  it('names the command of the Azure extension, where it has a setting', () => {
    expect(fix({ method: 'azureExtension' }, 'multitenancy').content).toContain('multiTenancy.enforce=true');
    expect(fix({ method: 'azureExtension' })).toMatchObject({ form: 'steps' });
  });
});

describe('removing an argument', () => {
  const flag = 'enable-leader-election';
  const remove = (install: InstallMethod, instance: ControllerInstance) => {
    const reading = instance.template && readFlag(instance.template.arguments, flag);
    const item = reading?.state === 'value' ? reading.item : undefined;
    const [found] = removeArgumentFixes({ instance, install }, flag, item);
    return { form: found?.form, content: found?.content ?? '' };
  };

  it('tests before it removes', () => {
    const { patches } = parse(remove({ method: 'unknown' }, instanceOf([])).content) as {
      patches: { patch: string }[];
    };
    const path = '/spec/template/spec/containers/0/args/3';
    expect(parse(patches[0]?.patch ?? '')).toEqual([
      { op: 'test', path, value: '--enable-leader-election' },
      { op: 'remove', path },
    ]);
  });

  it('tests what is written, not what it expands to', () => {
    const env = [{ name: 'ON', value: 'true' }];
    const { content } = remove({ method: 'unknown' }, instanceOf(['--enable-leader-election=$(ON)'], { env }));
    expect(content).toContain('value: --enable-leader-election=$(ON)');
  });

  it.each<[InstallMethod, string, string]>([
    [operator, 'fluxOperatorPatch', 'op: remove'],
    [{ method: 'helmChart' }, 'helmValues', '--enable-leader-election=false'],
    [{ method: 'azureExtension' }, 'steps', 'extension'],
  ])('%o', (install, form, content) => {
    expect(remove(install, instanceOf([]))).toEqual({ form, content: expect.stringContaining(content) as unknown });
  });

  it('replaces pods where only they have it', () => {
    expect(remove(bootstrap, instanceOf([], { bare: true }))).toEqual({
      form: 'steps',
      content: expect.stringContaining('rollout restart deployment/image-reflector-controller') as unknown,
    });
  });
});

describe("the platform's own account", () => {
  it.each<[InstallMethod, number]>([
    [bootstrap, 1],
    [{ method: 'helmChart' }, 1],
    [operator, 0],
    [{ method: 'azureExtension' }, 0],
  ])('%o', (install, count) => {
    expect(rootAccountFixes({ instance: instanceOf([]), install })).toHaveLength(count);
  });
});
