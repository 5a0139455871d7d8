import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Starts `simulator-process.mjs`; resolves with what it serves and a function that ends it. */
export async function simulate(options) {
  const child = fork(fileURLToPath(new URL('simulator-process.mjs', import.meta.url)), [JSON.stringify(options)]);
  const served = await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the simulator ended (${code})`)));
  });
  return { ...served, stop: () => child.disconnect() };
}

/** Runs a script of this folder in a process of its own and resolves with the JSON it sends. */
export async function measureIn(script, input) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(input)], {
    execArgv: ['--expose-gc'],
  });
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => code !== 0 && reject(new Error(`${script} ended (${code})`)));
  });
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

export const ms = (value) => `${Math.round(value)} ms`;
export const mb = (bytes) => `${Math.round(bytes / 1e6)} MB`;
