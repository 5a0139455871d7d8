import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generate } from './catalog.js';

let root = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'catalog-'));
  write('index.ts', '');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(file: string, text: string): void {
  const target = path.join(root, 'libs/controls/src', file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, text);
}

const content = (): string => generate(root)[0]?.content ?? '';

it('lists controls by id, whatever their folder, and nothing else', () => {
  write('kustomize-controller/kc-01-exec.ts', 'export const kustomizeExec = defineControl({});\n');
  write('helm-controller/hc-01-exec.ts', 'const X = 1;\nexport const helmExec = flagControl({});\n');
  write('helm-controller/hc-01-exec.spec.ts', 'export const no = 1;\n');
  write('helm-controller/helpers.ts', 'export const a = 1;\nexport const b = 2;\n');
  expect(content()).toContain("import { helmExec } from './helm-controller/hc-01-exec.js';");
  expect(content()).toContain("export type ControlId =\n  | 'FLUX-HC-01'\n  | 'FLUX-KC-01';");
  expect(content()).toContain('[\n  helmExec,\n  kustomizeExec,\n]');
  expect(content()).not.toMatch(/helpers|spec/);
});

it('knows no ids where there are no controls', () => {
  expect(content()).toContain('export type ControlId = never;');
});

it.each([
  ['none', 'const x = 1;\n'],
  ['a, b', 'export const a = defineControl({});\nexport const b = 1;\n'],
])('refuses a file that exports %s', (names, text) => {
  write('helm-controller/hc-01-exec.ts', text);
  expect(content).toThrow(`must export exactly one constant, its control; it exports: ${names}.`);
});

it('refuses two files with one id', () => {
  write('helm-controller/hc-01-exec.ts', 'export const a = 1;\n');
  write('helm-controller/hc-01-tls.ts', 'export const b = 1;\n');
  expect(content).toThrow(/FLUX-HC-01/);
});
