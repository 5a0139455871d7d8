import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { tarGz } from './tar.js';

const FILES = { 'b/long.yaml': 'x'.repeat(1500), 'a.yaml': 'kind: ConfigMap\n', 'empty.txt': '' };

it('is what tar reads', () => {
  const { bytes } = tarGz(FILES);
  expect(execFileSync('tar', ['-tzf', '-'], { input: bytes }).toString().trim().split('\n')).toEqual([
    'a.yaml',
    'b/long.yaml',
    'empty.txt',
  ]);
  expect(execFileSync('tar', ['-xzOf', '-', 'b/long.yaml'], { input: bytes }).toString()).toBe(FILES['b/long.yaml']);
});

it('is the same for the same files, in whole blocks, and differs for others', () => {
  expect(tarGz(FILES).digest).toBe(tarGz(Object.fromEntries(Object.entries(FILES).reverse())).digest);
  expect(tarGz(FILES).digest).not.toBe(tarGz({ ...FILES, 'a.yaml': 'kind: Secret\n' }).digest);
  expect(gunzipSync(tarGz(FILES).bytes).length % 512).toBe(0);
});

it('refuses paths that do not fit', () => {
  expect(() => tarGz({ ['x'.repeat(101)]: '' })).toThrow('longer than 100 bytes');
});
