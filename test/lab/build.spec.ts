import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lock } from './build.js';
import { eventually } from './poll.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'plimsoll-lock-'));
  file = path.join(folder, 'deeper', '.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('only one build runs at a time', async () => {
  const order: string[] = [];
  const lines: string[] = [];
  const release = await lock(file, (line) => lines.push(line));
  const second = lock(file, (line) => lines.push(line)).then((releaseSecond) => {
    order.push('second starts');
    return releaseSecond;
  });
  await eventually('the second says that it waits', () =>
    lines.find((line) => line.includes(`process ${process.pid}`)),
  );
  order.push('first ends');
  await release();
  await (
    await second
  )();
  expect(order).toEqual(['first ends', 'second starts']);
  expect(await readdir(path.dirname(file))).toEqual([]);
});

it('the lock of a process that is gone is taken over', async () => {
  const release = await lock(file, () => undefined);
  await release();
  // No process has this id: it is beyond the largest that Linux gives.
  await writeFile(file, '99999999');
  await (
    await lock(file, () => undefined)
  )();
  expect(await readdir(path.dirname(file))).toEqual([]);
});
