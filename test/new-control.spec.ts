import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Control } from '#libs/core';
import { judge } from './support/expect-control.js';

const root = path.join(import.meta.dirname, '..');
// Under the root, so that its imports are resolved as those of any other control.
const folder = mkdtempSync(path.join(root, 'node_modules/.new-control-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Scaffold {
  scaffold(name: string | undefined, root: string): readonly { readonly path: string; readonly content: string }[];
}
const { scaffold } = (await import(path.join(root, 'tools/new-control.mjs'))) as Scaffold;

describe('npm run new:control', () => {
  it('writes a control that works, and its spec', async () => {
    const [file, spec] = scaffold('resource-isolation/zz-90-queue-depth', root);
    expect([file?.path, spec?.path]).toEqual([
      'libs/controls/src/resource-isolation/zz-90-queue-depth.ts',
      'libs/controls/src/resource-isolation/zz-90-queue-depth.spec.ts',
    ]);
    const module = path.join(folder, 'zz-90-queue-depth.ts');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      module,
      (file?.content ?? '').replace("'#libs/core'", `'${path.join(root, 'libs/core/src/index.ts')}'`),
    );
    const { queueDepth: control } = (await import(module)) as { readonly queueDepth: Control };
    expect([control.id, control.title, control.family]).toEqual(['FLUX-ZZ-90', 'Queue depth', 'Resource isolation']);
    const outcomes = (examples: Control['examples']['passing']) =>
      examples.map(({ yaml }) => judge(control, yaml).outcome);
    expect([outcomes(control.examples.passing), outcomes(control.examples.failing)]).toEqual([['pass'], ['fail']]);
    expect(spec?.content).toContain("from './zz-90-queue-depth.js'");
  });

  it.each([
    [undefined, /Usage/],
    ['res-05-queue-depth', /Usage/],
    ['resource-isolation/RES-05-queue-depth', /Usage/],
    ['resource-isolation/res-5-queue', /Usage/],
    ['../res/res-05-queue', /Usage/],
    [
      'helm-controller/hc-01-other',
      /FLUX-HC-01 is libs\/controls\/src\/helm-controller\/hc-01-kubeconfig-exec.* take the next number/,
    ],
    ['resource-isolation/hc-01-other', /FLUX-HC-01 is/],
  ])('refuses the name %s', (name, message) => {
    expect(() => scaffold(name, root)).toThrow(message);
  });
});
