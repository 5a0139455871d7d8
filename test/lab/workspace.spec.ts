import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { eventually } from './poll.js';
import { Workspace } from './workspace.js';

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('ends its processes and removes its folder', async () => {
  const workspace = await Workspace.create();
  const file = await workspace.write('some/file.txt', 'secret');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const stubborn = workspace.start('stubborn', process.execPath, [
    '-e',
    'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)',
  ]);
  await eventually('the program runs', () => (stubborn.logTail() === 'up' ? true : undefined));
  expect(isAlive(stubborn.pid)).toBe(true);
  await stubborn.stop(50);
  expect(stubborn.isRunning()).toBe(false);
  expect(isAlive(stubborn.pid)).toBe(false);
  await workspace.close();
  expect(existsSync(workspace.folder)).toBe(false);
});

it('a program that does not exist has simply ended', async () => {
  const workspace = await Workspace.create();
  const missing = workspace.start('missing', '/nowhere/program', []);
  await missing.exited;
  expect(missing.isRunning()).toBe(false);
  await missing.stop();
  await workspace.close();
});

it('the guard ends everything when its owner is gone', async () => {
  const workspace = await Workspace.create();
  const victim = workspace.start('victim', process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  // Another guard that is told about the same process, and whose owner goes away without a word.
  const guard = spawn(process.execPath, [fileURLToPath(new URL('./guard.mjs', import.meta.url))], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.stdin.end(`${JSON.stringify(['started', victim.pid])}\n${JSON.stringify(['folder', workspace.folder])}\n`);
  await victim.exited;
  await eventually('the folder is gone', () => (existsSync(workspace.folder) ? undefined : true));
  expect(isAlive(victim.pid)).toBe(false);
  await workspace.close();
});
